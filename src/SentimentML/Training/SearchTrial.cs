namespace SentimentML;

/// <summary>One training of a <see cref="HyperparameterSearch"/>.</summary>
/// <param name="Round">The round, counted from 1; each has fewer trials on more rows than the one before.</param>
/// <param name="Rows">Training rows used.</param>
/// <param name="LearningRate">The highest learning rate.</param>
/// <param name="Epochs">How often every row was seen.</param>
/// <param name="BatchSize">Rows in a batch.</param>
/// <param name="Accuracy">The kept weights' accuracy on the validation set.</param>
/// <param name="MacroF1">Their macro-F1.</param>
/// <param name="Loss">Their mean -ln of the right label's probability.</param>
/// <param name="Seconds">The time that the training took.</param>
public sealed record SearchTrial(int Round, int Rows, double LearningRate, int Epochs, int BatchSize, double Accuracy, double MacroF1, double Loss, double Seconds);
