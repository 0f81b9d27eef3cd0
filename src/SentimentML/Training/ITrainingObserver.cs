namespace SentimentML.Training;

/// <summary>Receives everything that happens in a run, on the training thread.</summary>
internal interface ITrainingObserver
{
    /// <summary>The run is about to begin.</summary>
    void Started(TrainedParameters trained)
    {
    }

    void Stepped(TrainingStep step);

    /// <summary>Some rows of the validation set were scored.</summary>
    void Scored(int rows, int of);

    void Evaluated(TrainingEvaluation evaluation, TimeSpan took);

    /// <summary>Something that a person may want to know, in both languages.</summary>
    void Noted(FormattableString spanish, FormattableString english)
    {
    }

    /// <summary>Something went wrong that the run survives.</summary>
    void Warned(string message)
    {
    }
}

/// <param name="Step">The step's number, counted from 1.</param>
/// <param name="Epoch">Epochs gone through, with a fraction.</param>
/// <param name="Loss">The mean over the step's rows.</param>
/// <param name="LearningRate">The rate the step was taken with.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="Rows">Rows in the step.</param>
/// <param name="Took">The step's time.</param>
internal sealed record TrainingStep(int Step, double Epoch, double Loss, double LearningRate, double GradientNorm, int Rows, TimeSpan Took);
