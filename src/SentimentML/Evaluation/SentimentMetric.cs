namespace SentimentML;

/// <summary>The metrics of an evaluation, in the order in which they are shown.</summary>
public static class SentimentMetric
{
    /// <summary>The metrics of all rows.</summary>
    public static IReadOnlyList<MetricDefinition<SentimentMetrics>> Overall { get; } =
    [
        new("accuracy", ("Exactitud", "Accuracy"), ("parte de los textos que acierta", "share of the texts that it has right"), m => m.Accuracy),
        new("macro_f1", ("Macro-F1", "Macro-F1"), ("media de las F1; cada clase pesa lo mismo", "mean of the F1; every label weighs the same"), m => m.MacroF1),
        new("weighted_f1", ("F1 ponderada", "Weighted F1"), ("media de las F1; pesan los textos", "mean of the F1; every text weighs the same"), m =>
            m.WeightedF1),
        new("matthews", ("Matthews", "Matthews"), ("acuerdo más allá del azar, de −1 a 1", "agreement beyond chance, from −1 to 1"), m => m.Matthews),
        new("roc_auc", ("Área ROC", "ROC AUC"), ("si ordena bien los textos; 0,5 es el azar", "whether it ranks the texts well; 0.5 is chance"), m => m.RocAuc),
        new("average_precision", ("Precisión media", "Average precision"),
            ("área bajo la curva de precisión y exhaustividad", "area under the precision-recall curve"), m => m.AveragePrecision),
        new("log_loss", ("Pérdida logarítmica", "Log loss"),
            ("cuánto le sorprende la verdad; menos es mejor", "how surprised it is by the truth; less is better"), m =>
                m.LogLoss) { JudgesProbabilities = true },
        new("brier", ("Brier", "Brier"),
            ("error cuadrático de las probabilidades; menos es mejor", "squared error of the probabilities; less is better"), m =>
                m.Brier) { JudgesProbabilities = true },
        new("calibration_error", ("Error de calibración", "Calibration error"),
            ("distancia entre confianza y aciertos; menos es mejor", "distance between confidence and being right; less is better"),
            m => m.CalibrationError) { JudgesProbabilities = true },
    ];

    /// <summary>The metrics of one label against the rest.</summary>
    public static IReadOnlyList<MetricDefinition<SentimentLabelMetrics>> PerLabel { get; } =
    [
        new("precision", ("Precisión", "Precision"), ("parte de lo que responde así que lo es", "share of the texts answered so that are so"), m =>
            m.Precision),
        new("recall", ("Exhaustividad", "Recall"), ("parte de los que lo son que encuentra", "share of the texts that are so that it finds"), m => m.Recall),
        new("f1", ("F1", "F1"), ("media armónica de las dos", "harmonic mean of the two"), m => m.F1),
        new("roc_auc", ("Área ROC", "ROC AUC"), ("si ordena bien los textos; 0,5 es el azar", "whether it ranks the texts well; 0.5 is chance"), m => m.RocAuc),
        new("average_precision", ("Precisión media", "Average precision"),
            ("área bajo la curva de precisión y exhaustividad", "area under the precision-recall curve"), m => m.AveragePrecision),
    ];

    /// <summary>The metric to look at first: macro-F1 if the labels are unbalanced, else accuracy.</summary>
    /// <param name="metrics">The evaluation's metrics.</param>
    public static MetricDefinition<SentimentMetrics> Headline(SentimentMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return Overall[metrics.IsUnbalanced ? 1 : 0];
    }

    /// <summary><see cref="Overall"/> with <see cref="Headline"/> first.</summary>
    /// <param name="metrics">The evaluation's metrics.</param>
    public static IEnumerable<MetricDefinition<SentimentMetrics>> HeadlineFirst(SentimentMetrics metrics) =>
        Overall.OrderBy(metric => metric == Headline(metrics) ? 0 : 1);
}
