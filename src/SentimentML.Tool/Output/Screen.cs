using Spectre.Console;

namespace SentimentML.Tool.Output;

/// <summary>Standard error while a long work runs: a bar on a terminal, a line every few seconds elsewhere.</summary>
internal abstract class Screen
{
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    /// <summary>Says what is going on.</summary>
    /// <param name="text">In words, speed and time left included.</param>
    /// <param name="share">How much is done, 0 to 1; null where it cannot be told.</param>
    public abstract void Show(string text, double? share = null);

    /// <summary>Says something that stays.</summary>
    public abstract void Note(string message);

    /// <summary>Says something that stays, unless it was said before.</summary>
    public void NoteOnce(string message)
    {
        if (_said.Add(message))
            Note(message);
    }

    /// <summary>Does a work whose progress is shown.</summary>
    public static void During(Action<Screen> work)
    {
        if (Console.IsErrorRedirected)
        {
            work(new ScreenLines());
            return;
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(progress => work(new ScreenBar(console, progress.AddTask(Language.Say("Empezando", "Beginning")))));
    }
}
