using System.CommandLine;

namespace SentimentML.Tool.Commands;

/// <summary>A command that works on a plan, which --manifest names.</summary>
internal abstract class ManifestCommand : ToolCommand
{
    private readonly Option<string> _manifest = Flags.Text("--manifest", "F", "The plan: its manifest.json, or the folder with it.", required: true);

    protected ManifestCommand(string name, string description)
        : base(name, description) => Add(_manifest);

    protected sealed override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        ScoringPlan plan = ScoringPlan.Open(arguments.GetRequiredValue(_manifest));
        plan.Names = CommandLineNames.Instance;
        Run(plan, arguments, cancellation);
    }

    protected abstract void Run(ScoringPlan plan, ParseResult arguments, CancellationToken cancellation);
}
