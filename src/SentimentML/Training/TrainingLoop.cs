using System.Diagnostics;
using System.Globalization;
using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Torch;
using SentimentML.Wording;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>
/// The training loop, as transformers' Trainer runs it (transformers, trainer.py) for the reference notebook: read a batch,
/// forward, backward, clip, step; evaluate before the first step and after each epoch; keep the best epoch.
/// </summary>
internal sealed class TrainingLoop
{
    private readonly ITrainingTask _task;
    private readonly TrainingRecipe _recipe;
    private readonly Device _device;
    private readonly ITrainingObserver _observer;
    private readonly RunSettings _settings;
    private readonly LearningRateSchedule _schedule;
    private readonly IReadOnlyList<int> _lengths;
    private readonly int _stepsPerEpoch;
    private readonly bool _readsLate;
    private (int Epoch, int[][][] Steps) _plan = (-1, []);
    private readonly Queue<TakenStep> _unread = new(); // steps whose figures have not been read
    private long _lastRead;

    public TrainingLoop(ITrainingTask task, TrainingRecipe recipe, Device device, ITrainingObserver observer, RunSettings? settings = null)
    {
        _task = task;
        _recipe = recipe;
        _device = device;
        _observer = observer;
        _settings = settings ?? new RunSettings();
        _readsLate = device.type == DeviceType.CUDA || _settings.ReadsLate;
        _lengths = task.Lengths;
        _stepsPerEpoch = recipe.StepsPerEpoch(_lengths.Count);
        _schedule = new LearningRateSchedule(recipe.LearningRate, recipe.WarmupSteps, _stepsPerEpoch * recipe.Epochs);
    }

    /// <summary>Trains the network in place; with a validation set it holds the best evaluation's weights afterwards.</summary>
    /// <returns>What happened.</returns>
    public TrainingHistory Run(CancellationToken cancellationToken)
    {
        _task.ComputeIn(_recipe.BFloat16 ? ScalarType.BFloat16 : null);
        using IDisposable heap = _settings.GradientCheckpointing ? NativeHeap.Map() : NativeHeap.Keep();
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
            _task.ComputeIn(null);
            _task.Network.eval();
            RecomputeWith(null);
            while (_unread.TryDequeue(out TakenStep? taken))
                taken.Dispose();
        }
    }

    private TrainingHistory Train(CancellationToken cancellationToken)
    {
        RunFingerprint? fingerprint = _settings.Checkpoints is null ? null : _task.Fingerprint(_recipe);
        using TrainedParameters trained = _task.Parameters(_recipe);
        using var optimizer = new AdamW(trained.All, _recipe.WeightDecay);
        using var best = new BestWeights(trained.Named);
        using WeightAverage? average = _recipe.WeightAverageDecay is { } decay ? new WeightAverage(trained.Named, decay) : null;
        using DropoutSource dropout = AttachDropoutSource();
        using ThreadTeam team = ThreadTeam.On(_device);
        var parallel = new DataParallel(_task, trained, dropout, team);
        using TrainingCheckpoints? checkpoints = _settings.Checkpoints is { } plan
            ? new TrainingCheckpoints(plan, fingerprint!, trained.Named, optimizer, best, average, _stepsPerEpoch, _observer) : null;
        _observer.Started(trained);
        TrainingState state = checkpoints?.Resume() ?? new TrainingState();
        if (state.Step > 0)
            state.History.Resumptions.Add(state.Step);
        try
        {
            if (state.Step == 0)
                Evaluate(state, best, average, team, cancellationToken);
            while (state.Step < _stepsPerEpoch * _recipe.Epochs && state.History.End == TrainingEnd.Complete)
            {
                cancellationToken.ThrowIfCancellationRequested();
                TakeStep(optimizer, parallel, state);
                average?.Update(state.Step);
                if (_recipe.EvaluatesAfter(state.Step, _stepsPerEpoch))
                {
                    Record(state);
                    Evaluate(state, best, average, team, cancellationToken);
                }
                if (checkpoints?.IsDue(state) == true)
                {
                    Record(state);
                    checkpoints.Save(state);
                }
            }
            Record(state);
        }
        catch (OperationCanceledException) when (
            _settings.OnCancellation == CancellationOutcome.KeepBest && state.Step > 0 && cancellationToken.IsCancellationRequested)
        {
            Record(state);
            state.History.End = TrainingEnd.Cancelled;
            _observer.Noted(
                $"Cancelado tras el paso {state.Step}: se conservan los pesos {(best.Score is null ? "del último paso" : "de la mejor evaluación")}",
                $"Cancelled after step {state.Step}: the {(best.Score is null ? "last step's" : "best evaluation's")} weights are kept");
        }
        if (best.Score is null)
            average?.Exchange();
        best.Restore();
        state.History.Adapter = trained.Merge();
        return state.History;
    }

    /// <summary>Gives one source to all of the network's dropout.</summary>
    private DropoutSource AttachDropoutSource()
    {
        var source = new DropoutSource(_device);
        Dropout[] all = [.. _task.Network.modules().OfType<Dropout>()];
        foreach (Dropout each in all)
            each.Source = source;
        if (_recipe.HiddenDropout is { } share)
            foreach (Dropout each in all.Except(_task.Network.modules().OfType<Attention>().Select(attention => attention.Dropout)))
                each.Probability = share;
        if (_settings.GradientCheckpointing)
            RecomputeWith(source);
        return source;
    }

    private void RecomputeWith(DropoutSource? source)
    {
        foreach (Encoder encoder in _task.Network.modules().OfType<Encoder>())
            encoder.RecomputesWith = source;
    }

    /// <summary>One optimizer step over a group of batches; the loss is the weighted mean over all rows of the group.</summary>
    private void TakeStep(AdamW optimizer, DataParallel parallel, TrainingState state)
    {
        long started = Stopwatch.GetTimestamp();
        (int epoch, int inEpoch) = Math.DivRem(state.Step, _stepsPerEpoch);
        int[][] group = PlanOf(epoch)[inEpoch];
        _task.Network.train();
        using Pieces pieces = Gradients(optimizer, parallel, group, state);
        using Tensor norm = optimizer.GradientNorm();
        double learningRate = _schedule.At(state.Step);
        var taken = new TakenStep(state.Step + 1, epoch + (inEpoch + 1) / (double)_stepsPerEpoch, learningRate, pieces.Rows, started, Figures(pieces, norm));
        _unread.Enqueue(taken);
        if (!_readsLate)
            taken.RequireFinite(Diverged); // so that the weights stay as they are
        optimizer.Step(learningRate, norm, _recipe.MaxGradientNorm); // which changes nothing if the norm is not finite
        state.Step++;
        Record(state, keep: _readsLate ? 1 : 0);
    }

    /// <summary>
    /// Records the steps that were taken. On a GPU the last one is kept until the next one was begun: the host prepares a step while
    /// the GPU computes the one before, and neither waits for the other.
    /// </summary>
    private void Record(TrainingState state, int keep = 0)
    {
        while (_unread.Count > keep)
        {
            using TakenStep taken = _unread.Dequeue();
            taken.RequireFinite(Diverged);
            long now = Stopwatch.GetTimestamp();
            TrainingStep step = taken.Read(Stopwatch.GetElapsedTime(Math.Max(taken.Started, _lastRead), now));
            _lastRead = now;
            state.History.Steps.Add(step);
            _observer.Stepped(step);
        }
    }

    /// <summary>The losses of a group's pieces and the norm of their gradients, on their way to the host.</summary>
    private static LateNumbers Figures(Pieces pieces, Tensor norm)
    {
        using DisposeScope scope = NewDisposeScope();
        return new LateNumbers(stack([.. pieces.Losses, norm])); // [pieces + 1]
    }

    private int[][][] PlanOf(int epoch)
    {
        if (_plan.Epoch != epoch)
            _plan = (epoch, EpochPlan.Steps(_recipe, _lengths, epoch));
        return _plan.Steps;
    }

    /// <summary>Leaves the group's gradients in the parameters; where memory runs out, begins again with smaller pieces, if that is wanted.</summary>
    /// <returns>The pieces' losses.</returns>
    private Pieces Gradients(AdamW optimizer, DataParallel parallel, int[][] group, TrainingState state)
    {
        while (true)
        {
            parallel.Begin(((long)_recipe.Seed << 32) + state.Step); // so that a step depends on its number, not on those before
            optimizer.ClearGradients();
            try
            {
                return Backward(parallel, group, state);
            }
            catch (Exception e) when (OutOfMemory.Is(e))
            {
                if (!_settings.HalveBatchWhenOutOfMemory || state.Pieces >= group.Max(batch => batch.Length))
                    throw Exhausted(e, group);
                state.Pieces *= 2;
                NativeHeap.GiveBackKept();
                _observer.Warned(Localized.Say(
                    $"La memoria se acabó en el paso {state.Step + 1} ({Sizes(group, ReportText.Current)}): desde aquí un lote pasa por la red en "
                    + $"{state.Pieces} partes, cuyos gradientes se suman.",
                    $"Memory ran out at step {state.Step + 1} ({Sizes(group, ReportText.Current)}): from here on a batch goes through the network in "
                    + $"{state.Pieces} pieces whose gradients are added up."));
            }
        }
    }

    private Pieces Backward(DataParallel parallel, int[][] group, TrainingState state)
    {
        double weight = group.SelectMany(batch => batch).Sum(_task.Weight);
        if (weight == 0)
            weight = 1; // rows that all count nothing have a loss of 0, not of 0 / 0
        var pieces = new Pieces([.. group.SelectMany(batch => batch.Chunk((batch.Length + state.Pieces - 1) / state.Pieces))]);
        try
        {
            foreach (int[] rows in pieces.Rows)
                pieces.Losses.Add(parallel.Backward(rows, weight));
            return pieces;
        }
        catch
        {
            pieces.Dispose();
            throw;
        }
    }

    /// <summary>Evaluates the average of the weights if there is one, else the weights.</summary>
    private void Evaluate(TrainingState state, BestWeights best, WeightAverage? average, ThreadTeam team, CancellationToken cancellationToken)
    {
        average?.Exchange();
        try
        {
            Evaluate(state, best, team, cancellationToken);
        }
        finally
        {
            average?.Exchange();
        }
    }

    private void Evaluate(TrainingState state, BestWeights best, ThreadTeam team, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        if (_task.Evaluate(team, _observer.Scored, cancellationToken) is not { } scored)
            return;
        ValidationMetrics metrics = scored.Metrics;
        var evaluation = new TrainingEvaluation
        {
            Epoch = state.Step / (double)_stepsPerEpoch,
            Step = state.Step,
            Accuracy = metrics.Accuracy,
            MacroF1 = metrics.MacroF1,
            Loss = metrics.LogLoss,
        };
        state.History.Evaluations.Add(evaluation);
        if (state.Step > 0 && Judge(evaluation, state, best))
            state.History.BestLogits = scored.Logits;
        _observer.Evaluated(evaluation, Stopwatch.GetElapsedTime(started));
    }

    /// <returns>Whether it is the best so far.</returns>
    private bool Judge(TrainingEvaluation evaluation, TrainingState state, BestWeights best)
    {
        bool isBest = best.Offer(_recipe.BestModelBy.Score(evaluation));
        state.EvaluationsSinceBest = isBest ? 0 : state.EvaluationsSinceBest + 1;
        state.BestScore = best.Score;
        if (state.EvaluationsSinceBest >= _recipe.EarlyStoppingPatience.GetValueOrDefault(int.MaxValue) && state.Step < _stepsPerEpoch * _recipe.Epochs)
        {
            state.History.End = TrainingEnd.StoppedEarly;
            _observer.Noted(
                $"Terminado antes de tiempo, tras el paso {state.Step}: {state.EvaluationsSinceBest} evaluaciones seguidas no fueron mejores",
                $"Stopped early after step {state.Step}: {state.EvaluationsSinceBest} evaluations in a row were no better");
        }
        return isBest;
    }

    private string Option(string property) => _settings.Names.Name(property);

    private TrainingDivergedException Diverged(string what, double value, int step, int[] rows) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The {what} of step {step + 1} is {value}: training has diverged. "
            + $"The rows, counted from 1 in the training data: {string.Join(", ", rows.Select(_task.Number))}. "
            + $"Lower {Option(nameof(SentimentClassificationOptions.LearningRate))} (it was {_schedule.At(step):R} at this step) "
            + $"or raise {Option(nameof(SentimentClassificationOptions.WarmupSteps))} (it was {_recipe.WarmupSteps}); "
            + $"where that changes nothing, look at these rows, and at the backbone's weights."),
        step + 1);

    private TrainingOutOfMemoryException Exhausted(Exception cause, int[][]? group = null) => new(
        (group is null
            ? $"Memory ran out ({Sizes(_recipe.BatchSize, _lengths.Max(), ReportText.English)}). "
            : $"Memory ran out in a step ({Sizes(group, ReportText.English)}). ")
        + $"Lower {Option(nameof(SentimentClassificationOptions.BatchSize))} "
        + $"and raise {Option(nameof(SentimentClassificationOptions.GradientAccumulation))} by as much, which gives the same steps; "
        + (_settings.GradientCheckpointing ? "" : $"or {_settings.Names.Set(nameof(SentimentClassificationOptions.GradientCheckpointing), "true")}; ")
        + $"or {_settings.Names.Set(nameof(SentimentClassificationOptions.HalveBatchWhenOutOfMemory), "true")}; "
        + $"or lower {Option(nameof(SentimentClassificationOptions.MaxTokens))}. libtorch says: {OutOfMemory.Reason(cause)}",
        cause);

    private string Sizes(int[][] group, ReportText text) =>
        Sizes(group.Max(batch => batch.Length), group.Max(batch => batch.Max(row => _lengths[row])), text);

    private string Sizes(int batch, int longest, ReportText text) =>
        $"{Option(nameof(SentimentClassificationOptions.BatchSize))} {batch}, {text.Say("fila más larga", "longest row")} {longest} tokens";

    /// <summary>What went through the network for one step: rows, and the loss of each piece.</summary>
    private sealed record Pieces(int[][] Rows) : IDisposable
    {
        /// <summary>Scalars where the network is.</summary>
        public List<Tensor> Losses { get; } = [];

        public void Dispose() => Losses.ForEach(loss => loss.Dispose());
    }

    /// <summary>A step that was taken, whose figures may still be computed.</summary>
    /// <param name="Number">The step's number, counted from 1.</param>
    /// <param name="Epoch">Epochs gone through, with a fraction.</param>
    /// <param name="LearningRate">The rate the step was taken with.</param>
    /// <param name="Rows">The rows of each piece.</param>
    /// <param name="Started">When it began, as a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="Figures">The loss of each piece, and the norm of the gradients.</param>
    private sealed record TakenStep(int Number, double Epoch, double LearningRate, int[][] Rows, long Started, LateNumbers Figures) : IDisposable
    {
        private float[]? _read;

        /// <summary>Waits for the figures.</summary>
        /// <param name="diverged">The error for what is not finite: what it is, its value, the step counted from 0, the rows.</param>
        public void RequireFinite(Func<string, double, int, int[], TrainingDivergedException> diverged)
        {
            float[] figures = _read ??= Figures.Read();
            for (int piece = 0; piece < Rows.Length; piece++)
                if (!float.IsFinite(figures[piece]))
                    throw diverged("loss", figures[piece], Number - 1, Rows[piece]);
            if (!float.IsFinite(figures[^1]))
                throw diverged("norm of the gradients", figures[^1], Number - 1, [.. Rows.SelectMany(rows => rows)]);
        }

        public TrainingStep Read(TimeSpan took)
        {
            float[] figures = _read ??= Figures.Read();
            return new TrainingStep(Number, Epoch, figures[..^1].Sum(loss => (double)loss), LearningRate, figures[^1], Rows.Sum(rows => rows.Length), took);
        }

        public void Dispose() => Figures.Dispose();
    }
}
