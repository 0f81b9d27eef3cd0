using System.CommandLine;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>The tool: its commands, in the order in which a model's life goes through them.</summary>
internal sealed class SentimentMLCommand : RootCommand
{
    public const string ToolName = "sentimentml";

    public SentimentMLCommand()
        : base(Language.Say(
            "Ajusta un codificador de español como modelo de sentimiento, lo evalúa y predice con él.",
            "Fine-tunes a Spanish encoder into a sentiment model, evaluates it and predicts with it."))
    {
        Add(new TrainCommand());
        Add(new SearchCommand());
        Add(new TrialsCommand());
        Add(new EvaluateCommand());
        Add(new CompareCommand());
        Add(new PredictCommand());
        Add(new ScoreCommand());
        Add(new ServeCommand());
        Add(new ExportCommand());
        Add(new TrimCommand());
        Add(new InspectCommand());
        Add(new TokenizeCommand());
        Add(new DownloadCommand());
        Add(new InfoCommand());
        Add(Flags.Verbose);
        Add(Flags.Language);
    }

    /// <summary>Parses a command line. A review may begin with '@' or '-': no response files, no bundles of short options.</summary>
    public static ParseResult ParseLine(IReadOnlyList<string> words) =>
        new SentimentMLCommand().Parse(words, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
}
