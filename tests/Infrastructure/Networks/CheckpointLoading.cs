using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Tests.Infrastructure;

internal static class CheckpointLoading
{
    /// <summary>Fills all parameters that a checkpoint has.</summary>
    public static LoadReport Load(
        Checkpoint checkpoint, IReadOnlyDictionary<string, Destination> parameters, CheckpointNames names, CancellationToken cancellationToken = default)
    {
        LoadPlan plan = WeightLoader.Plan(checkpoint, parameters, names);
        plan.Copy(parameters, cancellationToken);
        return plan.Report;
    }
}
