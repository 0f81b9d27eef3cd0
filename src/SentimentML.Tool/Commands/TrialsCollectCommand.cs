using System.CommandLine;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Prints the result of a plan's trainings.</summary>
internal sealed class TrialsCollectCommand : PlanCommand<TrialsPlan>
{
    private readonly Option<bool> _json = Flags.Json();

    public TrialsCollectCommand()
        : base("collect", Language.Say(
            "Verifica que cada entrenamiento tiene su resultado y muestra lo que mostraría el comando planificado si un solo proceso los hiciera todos.",
            "Verify that each training has its result, and print what the planned command prints when one process does them all."), TrialsPlan.Enter)
        => Add(_json);

    protected override void Run(TrialsPlan plan, ParseResult arguments, CancellationToken cancellation)
    {
        if (plan.Command.FindGap(plan.Arguments, plan.Folder, cancellation) is { } gap)
            throw plan.Unfinished(gap);
        plan.Command.Collect(plan.Arguments, plan.Folder, arguments.GetValue(_json), cancellation);
    }
}
