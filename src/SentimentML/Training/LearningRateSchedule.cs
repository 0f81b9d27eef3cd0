namespace SentimentML.Training;

/// <summary>Linear warm-up from zero, then linear decay to zero (transformers' get_linear_schedule_with_warmup).</summary>
internal sealed record LearningRateSchedule(double Peak, int WarmupSteps, int Steps)
{
    /// <param name="step">The step about to be taken, counted from 0.</param>
    public double At(int step) => step < WarmupSteps
        ? Peak * step / Math.Max(1, WarmupSteps)
        : Peak * Math.Max(0.0, (Steps - step) / (double)Math.Max(1, Steps - WarmupSteps));
}
