namespace SentimentML.Evaluation;

/// <summary>Predictions as the rows of scores that the evaluation takes.</summary>
internal static class PredictedScores
{
    /// <summary>The logits. *Shape:* (rows, labels)</summary>
    public static IReadOnlyList<IReadOnlyList<double>> Logits(this IReadOnlyList<SentimentPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return [.. predictions.Select(prediction => prediction.Logits.Select(logit => (double)logit).ToArray())];
    }

    /// <summary>The predicted labels. *Shape:* (rows)</summary>
    public static IReadOnlyList<int> Labels(this IReadOnlyList<SentimentPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        return [.. predictions.Select(prediction => prediction.LabelIndex)];
    }
}
