using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Runtime;
using SentimentML.Wording;

namespace SentimentML.Training;

/// <summary>Turns what the loop tells into reports with speed and time left, and into lines of ML.NET's log.</summary>
internal sealed class ProgressReporter(IProgress<TrainingProgress>? progress, IChannel log, ReportText text) : ITrainingObserver
{
    private const double SpeedWindowSeconds = 10;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Queue<TrainingStep> _recent = [];
    private TrainingRecipe? _recipe;
    private TrainingStep? _last;
    private int _stepsPerEpoch;
    private int _evaluationsDone;
    private bool _evaluates;
    private TimeSpan _evaluationTime;
    private int _scored;

    public void Prepare(string message)
    {
        log.Trace(message);
        progress?.Report(Report(TrainingStage.Preparing) with { Message = message });
    }

    public void Begin(TrainingRecipe recipe, int rows, int validationRows)
    {
        _recipe = recipe;
        _stepsPerEpoch = recipe.StepsPerEpoch(rows);
        _evaluates = validationRows > 0;
    }

    public void Started(TrainedParameters trained) =>
        log.Info(text.Format(
            $"Se entrenan {trained.All.Sum(p => p.Parameter.numel()):N0} números, en {trained.All.Count} tensores",
            $"{trained.All.Sum(p => p.Parameter.numel()):N0} numbers are trained, in {trained.All.Count} tensors"));

    public void Stepped(TrainingStep step)
    {
        _last = step;
        _recent.Enqueue(step);
        while (_recent.Count > 1 && _recent.Sum(s => s.Took.TotalSeconds) > SpeedWindowSeconds)
            _recent.Dequeue();
        log.Trace(string.Create(CultureInfo.InvariantCulture,
            $"Step {step.Step}: loss {step.Loss:0.0000}, learning rate {step.LearningRate:0.00e0}, gradient norm {step.GradientNorm:0.000}"));
        progress?.Report(Report(TrainingStage.Training));
    }

    public void Scored(int rows, int of)
    {
        _scored = _scored >= of ? rows : _scored + rows;
        if (progress is null)
            return;
        string message = text.Format($"{_scored:N0} de {of:N0} filas de validación", $"{_scored:N0} of {of:N0} validation rows");
        progress.Report(Report(TrainingStage.Evaluating) with { Message = message });
    }

    /// <summary>The validation set is scored once more, for what the message says.</summary>
    public void Measure(string message)
    {
        log.Trace(message);
        progress?.Report(Report(TrainingStage.Evaluating) with { Message = message });
    }

    public void Evaluated(TrainingEvaluation evaluation, TimeSpan took)
    {
        _evaluationsDone++;
        _evaluationTime += took;
        _scored = 0;
        (double accuracy, double macroF1, double loss) = (evaluation.Accuracy, evaluation.MacroF1, evaluation.Loss);
        log.Info(text.Format(
            $"Época {evaluation.Epoch:0.##}: en la validación exactitud {accuracy:0.0000}, macro-F1 {macroF1:0.0000}, pérdida {loss:0.0000}",
            $"Epoch {evaluation.Epoch:0.##}: validation accuracy {accuracy:0.0000}, macro-F1 {macroF1:0.0000}, loss {loss:0.0000}"));
        progress?.Report(Report(TrainingStage.Evaluating) with { Evaluation = evaluation });
    }

    public void Noted(FormattableString spanish, FormattableString english)
    {
        string message = text.Format(spanish, english);
        log.Info(message);
        progress?.Report(Report(TrainingStage.Note) with { Message = message });
    }

    public void Warned(string message)
    {
        log.Warning(message);
        progress?.Report(Report(TrainingStage.Note) with { Message = message });
    }

    public void Finish() => progress?.Report(Report(TrainingStage.Finished));

    private TrainingProgress Report(TrainingStage stage) => new()
    {
        Stage = stage,
        Epoch = _last?.Epoch ?? 0,
        Epochs = _recipe?.Epochs ?? 0,
        Step = _last?.Step ?? 0,
        Steps = _stepsPerEpoch * (_recipe?.Epochs ?? 0),
        Loss = _last?.Loss,
        LearningRate = _last?.LearningRate,
        GradientNorm = _last?.GradientNorm,
        RowsPerSecond = RowsPerSecond,
        TimeLeft = TimeLeft,
        Elapsed = Stopwatch.GetElapsedTime(_started),
        MemoryBytes = Environment.WorkingSet,
    };

    private double? RowsPerSecond => _recent.Count == 0 ? null : _recent.Sum(s => s.Rows) / _recent.Sum(s => s.Took.TotalSeconds);

    /// <summary>Steps at their recent pace, and the evaluations that are still to come.</summary>
    private TimeSpan? TimeLeft
    {
        get
        {
            if (_recent.Count == 0 || _recipe is null)
                return null;
            double step = _recent.Average(s => s.Took.TotalSeconds);
            int stepsLeft = _stepsPerEpoch * _recipe.Epochs - _last!.Step;
            int evaluationsLeft = _evaluates ? _recipe.EvaluationsBetween(_last.Step, _stepsPerEpoch) : 0;
            double evaluation = _evaluationsDone == 0 ? 0 : _evaluationTime.TotalSeconds / _evaluationsDone;
            return TimeSpan.FromSeconds(stepsLeft * step + evaluationsLeft * evaluation);
        }
    }
}
