using System.Diagnostics;
using SentimentML.Evaluation;
using SentimentML.Encoders;
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
    private readonly SequenceClassifier _network;
    private readonly IReadOnlyList<Example> _train;
    private readonly IReadOnlyList<Example>? _validation;
    private readonly TrainingRecipe _recipe;
    private readonly Device _device;
    private readonly ITrainingObserver _observer;
    private readonly RunSettings _settings;
    private readonly LearningRateSchedule _schedule;
    private readonly int[] _lengths;
    private readonly int _stepsPerEpoch;
    private (int Epoch, int[][][] Steps) _plan = (-1, []);

    public FineTuning(SequenceClassifier network, IReadOnlyList<Example> train, IReadOnlyList<Example>? validation,
        TrainingRecipe recipe, Device device, ITrainingObserver observer, RunSettings? settings = null)
    {
        _network = network;
        _train = train;
        _validation = validation;
        _recipe = recipe;
        _device = device;
        _observer = observer;
        _settings = settings ?? new RunSettings();
        _lengths = [.. train.Select(row => row.Tokens.Length)];
        _stepsPerEpoch = recipe.StepsPerEpoch(train.Count);
        _schedule = new LearningRateSchedule(recipe.LearningRate, recipe.WarmupSteps, _stepsPerEpoch * recipe.Epochs);
    }

    /// <summary>Trains the network in place; with a validation set it holds the best evaluation's weights afterwards.</summary>
    /// <returns>What happened.</returns>
    public TrainingHistory Run(CancellationToken cancellationToken)
    {
        _network.ComputeType = _recipe.BFloat16 ? ScalarType.BFloat16 : null;
        using IDisposable heap = NativeHeap.Keep();
        try
        {
            return Train(cancellationToken);
        }
        catch (Exception e) when (OutOfMemory.Is(e))
        {
            throw Exhausted(e);
        }
        finally
        {
            _network.ComputeType = null;
            _network.eval();
        }
    }

    private TrainingHistory Train(CancellationToken cancellationToken)
    {
        RunFingerprint? fingerprint = _settings.Checkpoints is null ? null : RunFingerprint.Of(_recipe, _train, _validation, _network);
        using var trained = new TrainedParameters(_network, _recipe);
        using var optimizer = new AdamW(trained.All, _recipe.WeightDecay, trained.LearningRateScale);
        using var best = new BestWeights(trained.All);
        using DropoutSource dropout = AttachDropoutSource();
        using TrainingCheckpoints? checkpoints = _settings.Checkpoints is { } plan ? new TrainingCheckpoints(plan, fingerprint!, trained.All, optimizer, best, _stepsPerEpoch, _observer) : null;
        _observer.Started(trained);
        TrainingState state = checkpoints?.Resume() ?? new TrainingState();
        try
        {
            if (state.Step == 0)
                Evaluate(state, best, cancellationToken);
            while (state.Step < _stepsPerEpoch * _recipe.Epochs && state.History.End == TrainingEnd.Complete)
            {
                cancellationToken.ThrowIfCancellationRequested();
                TakeStep(optimizer, dropout, state);
                if (_recipe.EvaluatesAfter(state.Step, _stepsPerEpoch))
                    Evaluate(state, best, cancellationToken);
                checkpoints?.AfterStep(state);
            }
        }
        catch (OperationCanceledException) when (_settings.OnCancellation == CancellationOutcome.KeepBest && state.Step > 0 && cancellationToken.IsCancellationRequested)
        {
            state.History.End = TrainingEnd.Cancelled;
            _observer.Noted($"Cancelled after step {state.Step}: the {(best.Score is null ? "last step's weights are" : "best evaluation's weights are")} kept");
        }
        best.Restore();
        trained.Merge();
        return state.History;
    }

    /// <summary>Gives one source to all of the network's dropout.</summary>
    private DropoutSource AttachDropoutSource()
    {
        var source = new DropoutSource(_device);
        foreach (Dropout each in _network.modules().OfType<Dropout>())
            each.Source = source;
        return source;
    }

    /// <summary>One optimizer step over a group of batches; the loss is the weighted mean over all rows of the group.</summary>
    private void TakeStep(AdamW optimizer, DropoutSource dropout, TrainingState state)
    {
        long started = Stopwatch.GetTimestamp();
        (int epoch, int inEpoch) = Math.DivRem(state.Step, _stepsPerEpoch);
        int[][] group = PlanOf(epoch)[inEpoch];
        _network.train();
        double loss = Gradients(optimizer, dropout, group, state);
        double norm = optimizer.GradientNorm();
        if (!double.IsFinite(norm))
            throw Diverged("norm of the gradients", norm, state.Step, [.. group.SelectMany(batch => batch)]);
        double learningRate = _schedule.At(state.Step);
        optimizer.Step(learningRate, gradientDivisor: Math.Max(1, (norm + 1e-6) / _recipe.MaxGradientNorm)); // as clip_grad_norm_
        state.Step++;
        var step = new TrainingStep(state.Step, epoch + (inEpoch + 1) / (double)_stepsPerEpoch, loss, learningRate, norm,
            group.Sum(batch => batch.Length), Stopwatch.GetElapsedTime(started));
        state.History.Steps.Add(step);
        _observer.Stepped(step);
    }

    private int[][][] PlanOf(int epoch)
    {
        if (_plan.Epoch != epoch)
            _plan = (epoch, EpochPlan.Steps(_recipe, _lengths, epoch));
        return _plan.Steps;
    }

    /// <summary>Leaves the group's gradients in the parameters; where memory runs out, begins again with smaller pieces, if that is wanted.</summary>
    /// <returns>The group's loss.</returns>
    private double Gradients(AdamW optimizer, DropoutSource dropout, int[][] group, TrainingState state)
    {
        while (true)
        {
            dropout.Seed(((long)_recipe.Seed << 32) + state.Step); // so that a step depends on its number, not on those before
            optimizer.ClearGradients();
            try
            {
                return Backward(group, state);
            }
            catch (Exception e) when (OutOfMemory.Is(e))
            {
                if (!_settings.HalveBatchWhenOutOfMemory || state.Pieces >= group.Max(batch => batch.Length))
                    throw Exhausted(e, group);
                state.Pieces *= 2;
                _observer.Warned($"Memory ran out at step {state.Step + 1} ({Sizes(group)}): from here on a batch goes through the network in {state.Pieces} pieces whose gradients are added up.");
            }
        }
    }

    private double Backward(int[][] group, TrainingState state)
    {
        double weight = group.SelectMany(batch => batch).Sum(row => (double)_train[row].Weight);
        if (weight == 0)
            weight = 1; // rows that all count nothing have a loss of 0, not of 0 / 0
        double loss = 0;
        foreach (int[] rows in group.SelectMany(batch => batch.Chunk((batch.Length + state.Pieces - 1) / state.Pieces)))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor batchLoss = Loss([.. rows.Select(row => _train[row])], weight);
            batchLoss.backward();
            double value = batchLoss.ToDouble();
            if (!double.IsFinite(value))
                throw Diverged("loss", value, state.Step, rows);
            loss += value;
        }
        return loss;
    }

    /// <summary>The batch's part of the group's loss: the sum of its rows' weighted losses over the group's weight.</summary>
    private Tensor Loss(Example[] rows, double groupWeight)
    {
        using TokenBatch batch = Batch(rows);
        Tensor logits = _network.forward(batch); // [rows, labels]
        Tensor labels = tensor(rows.Select(row => (long)row.Label).ToArray(), device: _device);
        Tensor losses = nn.functional.cross_entropy(logits, labels, reduction: nn.Reduction.None, label_smoothing: _recipe.LabelSmoothing); // [rows]
        Tensor weights = tensor(rows.Select(row => row.Weight).ToArray(), device: _device);
        return (losses * weights).sum().Over(groupWeight);
    }

    private TokenBatch Batch(IReadOnlyList<Example> rows)
    {
        ReadOnlyMemory<int>[] tokens = [.. rows.Select(row => row.Tokens)];
        int padId = _network.Config.PadTokenId;
        return _device.type == DeviceType.CPU && !_settings.PadsBatches ? TokenBatch.Packed(tokens, padId) : TokenBatch.Padded(tokens, padId, _device);
    }

    private void Evaluate(TrainingState state, BestWeights best, CancellationToken cancellationToken)
    {
        if (_validation is null)
            return;
        long started = Stopwatch.GetTimestamp();
        double[][] logits = Logits(_validation, cancellationToken);
        var metrics = new ValidationMetrics(logits, [.. _validation.Select(row => row.Label)], _network.Config.Labels.Count);
        var evaluation = new TrainingEvaluation(state.Step / (double)_stepsPerEpoch, state.Step, metrics.Accuracy, metrics.MacroF1, metrics.LogLoss);
        state.History.Evaluations.Add(evaluation);
        if (state.Step > 0 && Judge(evaluation, state, best))
            state.History.BestLogits = logits;
        _observer.Evaluated(evaluation, Stopwatch.GetElapsedTime(started));
    }

    /// <returns>Whether it is the best so far.</returns>
    private bool Judge(TrainingEvaluation evaluation, TrainingState state, BestWeights best)
    {
        double score = _recipe.BestModelBy switch
        {
            BestModelMetric.MacroF1 => evaluation.MacroF1,
            BestModelMetric.Loss => -evaluation.Loss,
            _ => evaluation.Accuracy,
        };
        bool isBest = best.Offer(score);
        state.EvaluationsSinceBest = isBest ? 0 : state.EvaluationsSinceBest + 1;
        state.BestScore = best.Score;
        if (state.EvaluationsSinceBest >= _recipe.EarlyStoppingPatience.GetValueOrDefault(int.MaxValue) && state.Step < _stepsPerEpoch * _recipe.Epochs)
        {
            state.History.End = TrainingEnd.StoppedEarly;
            _observer.Noted($"Stopped early after step {state.Step}: {state.EvaluationsSinceBest} evaluations in a row were no better");
        }
        return isBest;
    }

    /// <summary>Each row's logits, in the rows' order; scored by length, so that little is padding.</summary>
    private double[][] Logits(IReadOnlyList<Example> rows, CancellationToken cancellationToken)
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
            Tensor logits = _network.forward(tokens).to(ScalarType.Float64).cpu(); // [batch, labels]
            double[] flat = logits.data<double>().ToArray();
            int labels = flat.Length / batch.Length;
            for (int i = 0; i < batch.Length; i++)
                result[batch[i]] = flat[(i * labels)..((i + 1) * labels)];
            _observer.Scored(batch.Length, rows.Count);
        }
        return result;
    }

    private DivergedException Diverged(string what, double value, int step, int[] rows) => new(FormattableString.Invariant(
        $"The {what} of step {step + 1} is {value}: training has diverged. The rows, counted from 1 in the training data: {string.Join(", ", rows.Select(row => _train[row].Row + 1))}. ")
        + FormattableString.Invariant($"Lower LearningRate (it was {_schedule.At(step):R} at this step) or raise WarmupSteps (it was {_recipe.WarmupSteps}); where that changes nothing, look at these rows, and at the backbone's weights."));

    private SentimentMLException Exhausted(Exception cause, int[][]? group = null) => new(
        $"Memory ran out {(group is null ? "" : "in a step ")}({(group is null ? $"BatchSize {_recipe.BatchSize}, longest row {_lengths.Max()} tokens" : Sizes(group))}). "
        + $"Lower BatchSize and raise GradientAccumulation by as much, which gives the same steps; or set HalveBatchWhenOutOfMemory; or lower MaxTokens. libtorch says: {cause.Message.Split('\n')[0]}", cause);

    private string Sizes(int[][] group) => $"BatchSize {group.Max(batch => batch.Length)}, longest row {group.Max(batch => batch.Max(row => _lengths[row]))} tokens";
}
