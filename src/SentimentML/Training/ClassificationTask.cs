using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Tokenization;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>A label for each text, by weighted cross-entropy.</summary>
/// <param name="network">The network.</param>
/// <param name="train">The rows to learn from.</param>
/// <param name="validation">The rows to be judged on; null for none.</param>
/// <param name="device">Where the network is.</param>
/// <param name="labelSmoothing">The share of probability spread evenly over all labels.</param>
/// <param name="padsBatches">Pad rows on a CPU too, as on a GPU: slower, with the same gradients.</param>
internal sealed class ClassificationTask(
    SequenceClassifier network, IReadOnlyList<Example> train, IReadOnlyList<Example>? validation, Device device, double labelSmoothing = 0,
    bool padsBatches = false) : ITrainingTask
{
    private const int EvaluationBatch = 32;

    /// <summary>On a GPU, where many rows are as quick as a few, the tokens of a batch are what is limited.</summary>
    private const int MaxEvaluationBatch = 1024;

    public nn.Module Network => network;

    public IReadOnlyList<int> Lengths { get; } = [.. train.Select(row => row.Tokens.Length)];

    public TrainedParameters Parameters(TrainingRecipe recipe) => new(network, recipe);

    public RunFingerprint Fingerprint(TrainingRecipe recipe) => RunFingerprint.Of(recipe, train, validation, network);

    public double Weight(int row) => train[row].Weight;

    public long Number(int row) => train[row].Row + 1;

    public void ComputeIn(ScalarType? type) => network.ComputeType = type;

    public BatchLoss Loss(IReadOnlyList<int> rows, double groupWeight)
    {
        TokenBatch batch = Batch([.. rows.Select(row => train[row])]);
        try
        {
            Tensor logits = network.forward(batch); // [rows, labels]
            Tensor labels = tensor(rows.Select(row => (long)train[row].Label).ToArray()).MovedTo(device);
            Tensor losses = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None, label_smoothing: labelSmoothing); // [rows]
            Tensor weights = tensor(rows.Select(row => train[row].Weight).ToArray()).MovedTo(device);
            return new BatchLoss((losses * weights).sum().Over(groupWeight), batch);
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    public (ValidationMetrics Metrics, double[][] Logits)? Evaluate(ThreadTeam team, Action<int, int> scored, CancellationToken cancellationToken)
    {
        if (validation is null)
            return null;
        double[][] logits = Logits(validation, team, scored, cancellationToken);
        return (new ValidationMetrics(logits, [.. validation.Select(row => row.Label)], network.Config.Labels.Count), logits);
    }

    /// <summary>Each row's logits, in the rows' order; scored by length, so that little is padding.</summary>
    private double[][] Logits(IReadOnlyList<Example> rows, ThreadTeam team, Action<int, int> scored, CancellationToken cancellationToken)
    {
        network.eval();
        double[][] result = new double[rows.Count][];
        int[][] batches = [.. EvaluationBatches(rows)];
        Lock reporting = new();
        team.Run(batches.Length, number =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] batch = batches[number];
            double[][] logits = Logits([.. batch.Select(row => rows[row])]);
            for (int i = 0; i < batch.Length; i++)
                result[batch[i]] = logits[i];
            lock (reporting)
                scored(batch.Length, rows.Count);
        });
        return result;
    }

    private double[][] Logits(IReadOnlyList<Example> rows)
    {
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = Batch(rows);
        Tensor logits = network.forward(batch).to(ScalarType.Float64).cpu(); // [rows, labels]
        return [.. logits.data<double>().ToArray().Chunk(network.Config.Labels.Count)];
    }

    private IEnumerable<int[]> EvaluationBatches(IReadOnlyList<Example> rows)
    {
        // The longest first, so that all threads end together.
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderByDescending(row => rows[row].Tokens.Length)];
        if (device.type == DeviceType.CPU)
            return order.Chunk(EvaluationBatch);
        int longest = order.Select(row => rows[row].Tokens.Length).FirstOrDefault();
        return order.Chunk(Math.Clamp(TokenBudget.For(network.Config, device) / Math.Max(1, longest), 1, MaxEvaluationBatch));
    }

    private TokenBatch Batch(IReadOnlyList<Example> rows)
    {
        TokenRow[] tokens = [.. rows.Select(row => row.Tokens)];
        return device.type == DeviceType.CPU && !padsBatches ? TokenBatch.Packed(tokens, network.Config) : TokenBatch.Padded(tokens, network.Config, device);
    }
}
