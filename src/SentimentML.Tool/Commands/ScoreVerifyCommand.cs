using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Says which shards are missing.</summary>
internal sealed class ScoreVerifyCommand : PlanCommand<ScoringPlan>
{
    private readonly Option<bool> _json = Flags.Json();

    public ScoreVerifyCommand()
        : base("verify", Language.Say(
            "Comprueba que no falta ninguna fila ni está escrita dos veces: cada parte está completa y es de este plan. Las partes que hay que repetir se "
                + "muestran como las admite sbatch --array.",
            "Check that no row is missing or written twice: each part is whole and of this plan. The shards to run again are printed as sbatch "
                + "--array takes them."), ScoreCommand.Open)
        => Add(_json);

    protected override void Run(ScoringPlan plan, ParseResult arguments, CancellationToken cancellation)
    {
        IReadOnlyList<ShardFault> faults = plan.Verify(cancellation);
        int[] again = [.. faults.Select(fault => fault.Index).OfType<int>()];
        foreach (ShardFault fault in faults)
            Console.Error.WriteLine(fault.Problem);
        if (arguments.GetValue(_json))
            JsonResult.Print(new JsonObject { ["rows"] = plan.Rows, ["shards"] = plan.ShardCount,
                ["again"] = new JsonArray([.. again.Select(index => JsonValue.Create(index))]) });
        else if (again.Length > 0)
            Console.WriteLine(IndexRanges.Of(again));
        if (again.Length > 0)
            throw new SentimentMLException(
                string.Create(CultureInfo.InvariantCulture, $"{plan.Path}: {again.Length} of {plan.ShardCount} shards are not whole. Run them again."));
        if (faults.Count > 0)
            throw new SentimentMLException($"{plan.Path}: all shards are whole, and the folder has files that belong to none. Move them away.");
        if (!arguments.GetValue(_json))
            Console.WriteLine($"{plan.Path}: {RowsShown.Rows(plan.Rows)}, {Language.Say("cada una una vez, en", "each once, in")} "
                + Language.Counted(plan.ShardCount, ("parte completa", "partes completas"), ("whole part", "whole parts")));
    }
}
