using System.Diagnostics;
using SentimentML.Evaluation;
using SentimentML.Roberta;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>
/// The training loop, as transformers' Trainer runs it (transformers, trainer.py) for the reference notebook: read a batch,
/// forward, backward, clip, step; evaluate before the first step and after each epoch; keep the best epoch.
/// </summary>
internal sealed class FineTuning
{
    private readonly RobertaForSequenceClassification _network;
    private readonly IReadOnlyList<Example> _train;
    private readonly IReadOnlyList<Example>? _validation;
    private readonly TrainingRecipe _recipe;
    private readonly Device _device;
    private readonly ITrainingObserver _observer;
    private readonly LearningRateSchedule _schedule;
    private readonly int _stepsPerEpoch;

    public FineTuning(RobertaForSequenceClassification network, IReadOnlyList<Example> train, IReadOnlyList<Example>? validation,
        TrainingRecipe recipe, Device device, ITrainingObserver observer)
    {
        _network = network;
        _train = train;
        _validation = validation;
        _recipe = recipe;
        _device = device;
        _observer = observer;
        _stepsPerEpoch = recipe.StepsPerEpoch(train.Count);
        _schedule = new LearningRateSchedule(recipe.LearningRate, recipe.WarmupSteps, _stepsPerEpoch * recipe.Epochs);
    }

    /// <summary>Trains the network in place; with a validation set it holds the best epoch's weights afterwards.</summary>
    /// <returns>The evaluations in order, the untrained network's first; empty without a validation set.</returns>
    public IReadOnlyList<TrainingEvaluation> Run(CancellationToken cancellationToken)
    {
        using var optimizer = new AdamW(_network.named_parameters(), _recipe.WeightDecay);
        using var dropout = new Generator((ulong)_recipe.Seed, _device);
        foreach (Dropout each in _network.modules().OfType<Dropout>())
            each.Generator = dropout;

        using var best = new BestWeights(_network);
        var evaluations = new List<TrainingEvaluation>();
        Evaluate(0, 0, evaluations, best, cancellationToken);
        for (int epoch = 0, step = 0; epoch < _recipe.Epochs; epoch++)
        {
            _network.train();
            int[] order = EpochOrder(epoch);
            foreach (int[][] group in order.Chunk(_recipe.BatchSize).Chunk(_recipe.GradientAccumulation))
            {
                cancellationToken.ThrowIfCancellationRequested();
                dropout.manual_seed(((long)_recipe.Seed << 32) + step); // so that a step depends on its number, not on those before
                TakeStep(optimizer, group, epoch, step++);
            }
            Evaluate(epoch + 1, step, evaluations, best, cancellationToken);
        }
        best.Restore();
        _network.eval();
        return evaluations;
    }

    /// <summary>The rows in the order in which this epoch sees them: a function of the seed and the epoch alone.</summary>
    private int[] EpochOrder(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, _train.Count)];
        if (_recipe.Shuffle)
            new Random(unchecked(_recipe.Seed * 1_000_003 + epoch)).Shuffle(order);
        return order;
    }

    /// <summary>One optimizer step over a group of batches; the loss is the weighted mean over all rows of the group.</summary>
    private void TakeStep(AdamW optimizer, int[][] group, int epoch, int step)
    {
        long started = Stopwatch.GetTimestamp();
        optimizer.ZeroGradients();
        double weight = group.SelectMany(batch => batch).Sum(row => (double)_train[row].Weight);
        double loss = 0;
        foreach (int[] rows in group)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor batchLoss = Loss([.. rows.Select(row => _train[row])], weight);
            batchLoss.backward();
            loss += batchLoss.ToDouble();
        }
        if (!double.IsFinite(loss))
            throw Diverged(loss, step, group);
        double norm = optimizer.ClipGradients(_recipe.MaxGradientNorm);
        double learningRate = _schedule.At(step);
        optimizer.Step(learningRate);
        _observer.Stepped(new TrainingStep(step + 1, epoch + (step - epoch * _stepsPerEpoch + 1) / (double)_stepsPerEpoch, loss, learningRate, norm,
            group.Sum(batch => batch.Length), Stopwatch.GetElapsedTime(started)));
    }

    /// <summary>The batch's part of the group's loss: the sum of its rows' weighted losses over the group's weight.</summary>
    private Tensor Loss(Example[] rows, double groupWeight)
    {
        using TokenBatch batch = Batch(rows);
        Tensor logits = _network.forward(batch); // [rows, labels]
        Tensor labels = tensor(rows.Select(row => (long)row.Label).ToArray(), device: _device);
        Tensor losses = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None, label_smoothing: _recipe.LabelSmoothing); // [rows]
        Tensor weights = tensor(rows.Select(row => row.Weight).ToArray(), device: _device);
        return (losses * weights).sum() / groupWeight;
    }

    private TokenBatch Batch(IReadOnlyList<Example> rows) => TokenBatch.From([.. rows.Select(row => row.Tokens)], _network.Config.PadTokenId, _device);

    private void Evaluate(int epoch, int step, List<TrainingEvaluation> evaluations, BestWeights best, CancellationToken cancellationToken)
    {
        if (_validation is null)
            return;
        long started = Stopwatch.GetTimestamp();
        double[][] probabilities = Probabilities(_validation, cancellationToken);
        var metrics = new ValidationMetrics(probabilities, [.. _validation.Select(row => row.Label)], _network.Config.Labels.Count);
        var evaluation = new TrainingEvaluation(epoch, step, metrics.Accuracy, metrics.MacroF1, metrics.LogLoss);
        evaluations.Add(evaluation);
        if (epoch > 0)
            best.Offer(evaluation.Accuracy);
        _observer.Evaluated(evaluation, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Each row's probabilities, in the rows' order; scored by length, so that little is padding.</summary>
    private double[][] Probabilities(IReadOnlyList<Example> rows, CancellationToken cancellationToken)
    {
        const int batchSize = 32;
        _network.eval();
        using var _ = no_grad();
        double[][] result = new double[rows.Count][];
        foreach (int[] batch in Enumerable.Range(0, rows.Count).OrderBy(row => rows[row].Tokens.Length).Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            using TokenBatch tokens = Batch([.. batch.Select(row => rows[row])]);
            Tensor probabilities = nn.functional.softmax(_network.forward(tokens).to(ScalarType.Float64), -1).cpu(); // [batch, labels]
            double[] flat = probabilities.data<double>().ToArray();
            int labels = flat.Length / batch.Length;
            for (int i = 0; i < batch.Length; i++)
                result[batch[i]] = flat[(i * labels)..((i + 1) * labels)];
            _observer.Scored(batch.Length, rows.Count);
        }
        return result;
    }

    private SentimentMLException Diverged(double loss, int step, int[][] group) => new(
        $"The loss of step {step + 1} is {loss}: training has diverged. The step's rows (counted from 0 among the {_train.Count} training rows used): "
        + $"{string.Join(", ", group.SelectMany(batch => batch))}. Lower LearningRate (it was {_schedule.At(step):R}) or raise WarmupSteps (it was {_recipe.WarmupSteps}).");
}
