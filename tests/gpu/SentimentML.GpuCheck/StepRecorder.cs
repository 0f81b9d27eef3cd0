using SentimentML.Training;

namespace SentimentML.GpuCheck;

/// <summary>Remembers what a run reports.</summary>
internal sealed class StepRecorder : ITrainingObserver
{
    public List<TrainingStep> Steps { get; } = [];

    public List<string> Messages { get; } = [];

    /// <summary>What the evaluations took.</summary>
    public TimeSpan Evaluating { get; private set; }

    public int Evaluations { get; private set; }

    public void Stepped(TrainingStep step) => Steps.Add(step);

    public void Scored(int rows, int of)
    {
    }

    public void Evaluated(TrainingEvaluation evaluation, TimeSpan took)
    {
        Evaluations++;
        Evaluating += took;
    }

    public void Noted(FormattableString spanish, FormattableString english) => Messages.Add(FormattableString.Invariant(english));

    public void Warned(string message) => Messages.Add(message);
}
