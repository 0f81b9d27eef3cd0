using System.CommandLine;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Commands;

/// <summary>A large scoring in shards, which a scheduler's array of tasks runs.</summary>
internal sealed class ScoreCommand : Command
{
    public ScoreCommand()
        : base("score", Language.Say(
            "Clasifica archivos grandes por partes, en cualquier número de máquinas: planifica, ejecuta cada parte, verifica, une. El resultado es lo "
                + "que escribe predict.",
            "Classify large files in shards, on any number of machines: plan, run each shard, verify, merge. The result is what predict writes."))
    {
        Add(new ScorePlanCommand());
        Add(new ScoreRunCommand());
        Add(new ScoreVerifyCommand());
        Add(new ScoreMergeCommand());
    }

    /// <summary>Opens a plan; its messages name the tool's options.</summary>
    /// <param name="path">Its manifest.json, or the folder with it.</param>
    public static ScoringPlan Open(string path)
    {
        ScoringPlan plan = ScoringPlan.Open(path);
        plan.Names = CommandLineNames.Instance;
        return plan;
    }
}
