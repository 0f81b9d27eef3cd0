namespace SentimentML.Tool.Training;

/// <summary>One training of a cross-validation, measured on the rows that it did not see.</summary>
/// <param name="Fold">Its number, counted from 1.</param>
/// <param name="TrainRows">Rows that it learned from.</param>
/// <param name="Rows">Rows that it was measured on.</param>
/// <param name="Accuracy">The share of them that was right.</param>
/// <param name="MacroF1">The mean over labels of F1.</param>
/// <param name="Loss">The mean of -ln of the right label's probability.</param>
internal sealed record FoldResult(int Fold, int TrainRows, int Rows, double Accuracy, double MacroF1, double Loss);
