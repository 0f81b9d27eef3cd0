using System.CommandLine;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>One command. Its exceptions are reported in one place.</summary>
internal abstract class ToolCommand : Command
{
    protected ToolCommand(string name, string description)
        : base(name, description) => SetAction((arguments, cancellation) =>
        {
            Run(arguments, cancellation);
            return Task.CompletedTask;
        });

    /// <summary>What a first Ctrl+C does to the work.</summary>
    public virtual string StopNotice => Language.Say(
        "Se detendrá en cuanto acabe el paso en curso; pulsa Ctrl+C otra vez para terminar al momento.",
        "Stopping as soon as the step at hand is done; press Ctrl+C once more to end at once.");

    protected abstract void Run(ParseResult arguments, CancellationToken cancellation);
}
