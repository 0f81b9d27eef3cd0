using System.CommandLine;

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

    protected abstract void Run(ParseResult arguments, CancellationToken cancellation);
}
