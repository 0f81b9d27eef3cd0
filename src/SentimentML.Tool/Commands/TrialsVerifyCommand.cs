using System.CommandLine;
using System.Text.Json.Nodes;
using SentimentML.Pipeline.Results;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Says which trainings are missing.</summary>
internal sealed class TrialsVerifyCommand : PlanCommand<TrialsPlan>
{
    private readonly Option<bool> _json = Flags.Json();

    public TrialsVerifyCommand()
        : base("verify", Language.Say(
            "Comprueba que cada entrenamiento tiene su resultado. Los que faltan en la primera ronda sin acabar se muestran como los admite sbatch --array.",
            "Check that each training has its result. What the first unfinished round lacks is printed as sbatch --array takes it."), TrialsPlan.Enter)
        => Add(_json);

    protected override void Run(TrialsPlan plan, ParseResult arguments, CancellationToken cancellation)
    {
        IReadOnlyList<int> trials = plan.TrialsByRound;
        ResultsGap? gap = plan.Command.FindGap(plan.Arguments, plan.Folder, cancellation);
        if (arguments.GetValue(_json))
        {
            JsonResult.Print(new JsonObject
            {
                ["rounds"] = Numbers(trials),
                ["round"] = gap?.Round,
                ["again"] = Numbers(gap?.Missing ?? []),
            });
        }
        else
        {
            string whole = Language.Format(
                $"{plan.Path}: {trials.Sum()} entrenamientos en {trials.Count} rondas, cada uno con su resultado",
                $"{plan.Path}: {trials.Sum()} trainings in {trials.Count} rounds, each with its result");
            Console.WriteLine(gap is null ? whole : IndexRanges.Of(gap.Missing));
        }
        if (gap is not null)
            throw plan.Unfinished(gap);
    }

    private static JsonArray Numbers(IReadOnlyList<int> numbers) => new([.. numbers.Select(number => JsonValue.Create(number))]);
}
