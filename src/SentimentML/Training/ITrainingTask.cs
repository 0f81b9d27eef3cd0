using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>What a <see cref="TrainingLoop"/> teaches a network: its rows, their loss, and how it is judged.</summary>
internal interface ITrainingTask
{
    /// <summary>The network that is trained in place.</summary>
    nn.Module Network { get; }

    /// <summary>What of the network a run changes.</summary>
    TrainedParameters Parameters(TrainingRecipe recipe);

    /// <summary>What the outcome depends on.</summary>
    RunFingerprint Fingerprint(TrainingRecipe recipe);

    /// <summary>Each training row's tokens.</summary>
    IReadOnlyList<int> Lengths { get; }

    /// <summary>What a training row counts in its group's loss.</summary>
    double Weight(int row);

    /// <summary>The row's number in the data that it comes from, counted from 1.</summary>
    long Number(int row);

    /// <summary>The computation's type, if it is not that of the weights (float32).</summary>
    void ComputeIn(ScalarType? type);

    /// <summary>The rows' part of their group's loss.</summary>
    /// <param name="rows">Training rows.</param>
    /// <param name="groupWeight">The weight of all rows of the group.</param>
    BatchLoss Loss(IReadOnlyList<int> rows, double groupWeight);

    /// <summary>Scores the validation rows with the network as it is.</summary>
    /// <param name="team">Scores several batches at once.</param>
    /// <param name="scored">Called, by one thread at a time, with the number of rows scored since the last call, and of all rows.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The figures, and the rows' logits; null if there are no validation rows.</returns>
    (ValidationMetrics Metrics, double[][] Logits)? Evaluate(
        ThreadTeam team, Action<int, int> scored, CancellationToken cancellationToken);
}

/// <summary>A batch's loss, until its gradients are computed.</summary>
/// <param name="Value">A scalar, with the graph that leads back to the parameters.</param>
/// <param name="Batch">What the network read, which layers that are computed again read once more.</param>
internal sealed record BatchLoss(Tensor Value, TokenBatch Batch) : IDisposable
{
    public void Dispose()
    {
        Value.Dispose();
        Batch.Dispose();
    }
}
