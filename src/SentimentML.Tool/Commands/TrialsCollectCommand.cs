using System.CommandLine;
using System.Globalization;
using SentimentML.Tool.Output;
using SentimentML.Tool.Training;

namespace SentimentML.Tool.Commands;

/// <summary>Prints the result of a plan's trainings.</summary>
internal sealed class TrialsCollectCommand : TrialsPlanCommand
{
    private readonly Option<bool> _json = Flags.Json();

    public TrialsCollectCommand()
        : base("collect", "Verify that each training has its result, and print what the planned command prints when one process does them all.")
        => Add(_json);

    protected override void Run(TrialsPlan plan, ParseResult arguments, CancellationToken cancellation)
    {
        if (plan.Command.FindGap(plan.Arguments, plan.Folder, cancellation) is { } gap)
        {
            string places = string.Create(CultureInfo.InvariantCulture, $"the trainings {IndexRanges.Of(gap.Missing)} of round {gap.Round}");
            throw new SentimentMLException($"{plan.Path}: {places} have no result. Run them first.");
        }
        plan.Command.Collect(plan.Arguments, plan.Folder, arguments.GetValue(_json), cancellation);
    }
}
