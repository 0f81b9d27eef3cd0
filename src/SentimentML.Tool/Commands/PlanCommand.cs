using System.CommandLine;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>A command that works on a plan for an array of tasks, which --manifest names.</summary>
internal abstract class PlanCommand<TPlan> : ToolCommand
{
    private readonly Option<string> _manifest = Flags.Text("--manifest", "F", Language.Say(
        "El plan: su manifest.json o la carpeta que lo contiene.", "The plan: its manifest.json, or the folder with it."), required: true);

    private readonly Func<string, TPlan> _open;

    protected PlanCommand(string name, string description, Func<string, TPlan> open)
        : base(name, description)
    {
        _open = open;
        Add(_manifest);
    }

    protected sealed override void Run(ParseResult arguments, CancellationToken cancellation) =>
        Run(_open(arguments.GetRequiredValue(_manifest)), arguments, cancellation);

    protected abstract void Run(TPlan plan, ParseResult arguments, CancellationToken cancellation);
}
