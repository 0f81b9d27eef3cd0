using System.CommandLine;
using SentimentML.Tool.Training;

namespace SentimentML.Tool.Commands;

/// <summary>A command that works on a plan of trials, which --manifest names.</summary>
internal abstract class TrialsPlanCommand : ToolCommand
{
    private readonly Option<string> _manifest = Flags.Text("--manifest", "F", "The plan: its manifest.json, or the folder with it.", required: true);

    protected TrialsPlanCommand(string name, string description)
        : base(name, description) => Add(_manifest);

    protected sealed override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        var plan = TrialsPlan.Open(arguments.GetRequiredValue(_manifest));
        if (!Directory.Exists(plan.WorkingFolder))
        {
            throw new SentimentMLException(
                $"{plan.WorkingFolder} does not exist, expected the folder in which {plan.Path} was planned: its command's paths start there. "
                + "Plan again in a folder that all tasks see.");
        }
        Directory.SetCurrentDirectory(plan.WorkingFolder);
        Run(plan, arguments, cancellation);
    }

    protected abstract void Run(TrialsPlan plan, ParseResult arguments, CancellationToken cancellation);
}
