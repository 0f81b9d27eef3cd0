using System.CommandLine;

namespace SentimentML.Tool.Commands;

/// <summary>A large scoring in shards, which a scheduler's array of tasks runs.</summary>
internal sealed class ScoreCommand : Command
{
    public ScoreCommand()
        : base("score", "Classify large files in shards, on as many machines as there are: plan, run each shard, verify, merge. The result is what predict writes.")
    {
        Add(new ScorePlanCommand());
        Add(new ScoreRunCommand());
        Add(new ScoreVerifyCommand());
        Add(new ScoreMergeCommand());
    }

    /// <summary>The plan that a command works on.</summary>
    public static Option<string> Manifest() => Flags.Text("--manifest", "F", "The plan: its manifest.json, or the folder with it.", required: true);

    public static ScoringPlan Open(string manifest)
    {
        ScoringPlan plan = ScoringPlan.Open(manifest);
        plan.Names = CommandLineNames.Instance;
        return plan;
    }
}
