using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>Says which shards are missing.</summary>
internal sealed class ScoreVerifyCommand : ToolCommand
{
    private readonly Option<string> _manifest = ScoreCommand.Manifest();
    private readonly Option<bool> _json = Flags.Json();

    public ScoreVerifyCommand()
        : base("verify", "Prove that no row is missing or double: each part is whole and of this plan. The shards to run again are printed as sbatch --array takes them.")
    {
        Add(_manifest);
        Add(_json);
    }

    protected override void Run(ParseResult arguments, CancellationToken cancellation)
    {
        ScoringPlan plan = ScoreCommand.Open(arguments.GetRequiredValue(_manifest));
        IReadOnlyList<ShardFault> faults = plan.Verify(cancellation);
        int[] again = [.. faults.Select(fault => fault.Index).OfType<int>()];
        foreach (ShardFault fault in faults)
            Console.Error.WriteLine(fault.Problem);
        if (arguments.GetValue(_json))
            JsonResult.Print(new JsonObject { ["rows"] = plan.Rows, ["shards"] = plan.ShardCount, ["again"] = new JsonArray([.. again.Select(index => JsonValue.Create(index))]) });
        else if (again.Length > 0)
            Console.WriteLine(Ranges(again));
        if (faults.Count > 0)
            throw new SentimentMLException(string.Create(CultureInfo.InvariantCulture, $"{plan.Path}: {again.Length} of {plan.ShardCount} shards are not whole{(again.Length < faults.Count ? $", and {faults.Count - again.Length} files belong to none" : "")}. Run these shards again, and move such files away."));
        if (!arguments.GetValue(_json))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plan.Path}: {plan.Rows:N0} rows, each once, in {plan.ShardCount} whole parts"));
    }

    /// <summary>"3,7-9".</summary>
    internal static string Ranges(IReadOnlyList<int> indexes)
    {
        var ranges = new List<string>();
        for (int i = 0, last; i < indexes.Count; i = last + 1)
        {
            for (last = i; last + 1 < indexes.Count && indexes[last + 1] == indexes[last] + 1;)
                last++;
            ranges.Add(last == i ? $"{indexes[i]}" : $"{indexes[i]}-{indexes[last]}");
        }
        return string.Join(',', ranges);
    }
}
