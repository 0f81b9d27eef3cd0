namespace SentimentML.Tool.Data;

/// <summary>Rows with what a model says of them.</summary>
internal static class Predictions
{
    /// <summary>Classifies rows lazily, in their order; only those of the classifier's window are held.</summary>
    public static IEnumerable<(T Row, SentimentPrediction Prediction)> Of<T>(SentimentClassifier classifier, IEnumerable<T> rows, Func<T, string> text, CancellationToken cancellation)
    {
        var ahead = new Queue<T>();

        IEnumerable<string> Texts()
        {
            foreach (T row in rows)
            {
                ahead.Enqueue(row);
                yield return text(row);
            }
        }

        foreach (SentimentPrediction prediction in classifier.Classify(Texts(), cancellation))
            yield return (ahead.Dequeue(), prediction);
    }
}
