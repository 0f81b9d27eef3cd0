namespace SentimentML.Training;

/// <summary>Which of several evaluations is the best: what the training keeps, the search compares and the model card shows.</summary>
internal static class BestModel
{
    /// <summary>The higher the better.</summary>
    public static double Score(this BestModelMetric metric, double accuracy, double macroF1, double loss) => metric switch
    {
        BestModelMetric.MacroF1 => macroF1,
        BestModelMetric.Loss => -loss,
        _ => accuracy,
    };

    /// <inheritdoc cref="Score(BestModelMetric, double, double, double)"/>
    public static double Score(this BestModelMetric metric, TrainingEvaluation evaluation) =>
        metric.Score(evaluation.Accuracy, evaluation.MacroF1, evaluation.Loss);

    /// <summary>The best evaluation after the first step, the earlier of equals; null if there is none.</summary>
    public static TrainingEvaluation? Best(this BestModelMetric metric, IEnumerable<TrainingEvaluation> evaluations) =>
        evaluations.Where(evaluation => evaluation.Step > 0).MaxBy(evaluation => metric.Score(evaluation));
}
