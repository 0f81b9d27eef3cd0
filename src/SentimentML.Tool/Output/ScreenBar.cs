using Spectre.Console;

namespace SentimentML.Tool.Output;

/// <summary>A bar with words in front of it.</summary>
internal sealed class ScreenBar(IAnsiConsole console, ProgressTask bar) : Screen
{
    public override void Show(string text, double? share = null)
    {
        bar.Description = Markup.Escape(text);
        bar.IsIndeterminate = share is null;
        bar.Value = bar.MaxValue * Math.Clamp(share ?? 0, 0, 1);
    }

    public override void Note(string message) => console.WriteLine(message);
}
