namespace SentimentML.Evaluation;

/// <summary>A point of a curve of the report.</summary>
/// <param name="X">The false positive rate, or the recall.</param>
/// <param name="Y">The true positive rate, or the precision.</param>
/// <param name="Threshold">The lowest score that counts as the class at this point; infinity where none does.</param>
internal readonly record struct CurvePoint(double X, double Y, double Threshold);
