using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace SentimentML.Tool.Output;

/// <summary>What this library and ML.NET tell of the work.</summary>
internal static class MLNetLog
{
    private const string OwnSource = nameof(SentimentClassificationTrainer);

    /// <summary>Whether everything is shown: --verbose, one choice per process.</summary>
    public static bool IsVerbose { get; set; }

    /// <summary>Shows warnings and what the trainer says of its choices; everything when verbose.</summary>
    public static void Show(MLContext ml, Screen screen) => ml.Log += (_, e) =>
    {
        bool ownChoice = e.Kind == ChannelMessageKind.Info && e.Source.Contains(OwnSource, StringComparison.Ordinal);
        if (IsVerbose || ownChoice || e.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error)
            screen.NoteOnce(IsVerbose ? e.Message : e.RawMessage);
    };
}
