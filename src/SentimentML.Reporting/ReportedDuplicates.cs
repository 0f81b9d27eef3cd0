using SentimentML.Evaluation;

namespace SentimentML.Reporting;

/// <summary>Evaluated texts that the model has seen, or nearly, in its training.</summary>
/// <param name="TrainingRows">How many training texts were looked through.</param>
/// <param name="Count">How many evaluated rows have one like them in the training.</param>
/// <param name="Exact">How many of these are the same word by word.</param>
/// <param name="TooShort">How many more are as alike but so short that chance explains it.</param>
/// <param name="Pairs">The most alike, with the training text.</param>
internal sealed record ReportedDuplicates(int TrainingRows, int Count, int Exact, int TooShort, IReadOnlyList<(DuplicatePair Pair, string TrainingText)> Pairs)
{
    public static ReportedDuplicates Between(IReadOnlyList<string> training, IReadOnlyList<string> evaluated, int fewestWords, int most)
    {
        DuplicatePair[] all = NearDuplicates.Between(training, evaluated);
        DuplicatePair[] telling = [.. all.Where(pair => Words.Count(evaluated[pair.Second]) >= fewestWords)];
        return new ReportedDuplicates(training.Count, telling.Length, telling.Count(pair => pair.IsExact), all.Length - telling.Length,
            [.. telling.Take(most).Select(pair => (pair, training[pair.First]))]);
    }
}
