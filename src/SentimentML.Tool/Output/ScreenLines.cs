using System.Diagnostics;
using System.Globalization;

namespace SentimentML.Tool.Output;

/// <summary>What goes into a log file: not more than a line every few seconds.</summary>
internal sealed class ScreenLines : Screen
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private long? _last;

    public override void Show(string text, double? share = null)
    {
        if (_last is { } last && Stopwatch.GetElapsedTime(last) < Between)
            return;
        _last = Stopwatch.GetTimestamp();
        Console.Error.WriteLine(share is null ? text : string.Create(CultureInfo.InvariantCulture, $"{share:0 %} {text}"));
    }

    public override void Note(string message) => Console.Error.WriteLine(message);
}
