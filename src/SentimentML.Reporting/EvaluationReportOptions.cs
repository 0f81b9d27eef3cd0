using System.Text.Json.Nodes;

namespace SentimentML;

/// <summary>What a report tells beyond the rows themselves.</summary>
public sealed class EvaluationReportOptions
{
    /// <summary>What the model is called on the page. The default value is empty.</summary>
    public string ModelName { get; set; } = "";

    /// <summary>What the data is called on the page, as a file's name. The default value is empty.</summary>
    public string DataName { get; set; } = "";

    /// <summary>The language that the page opens in, "es" or "en"; the reader can switch. The default value is "es".</summary>
    public string Language { get; set; } = "es";

    /// <summary>How often the rows are drawn anew for the intervals; 0 for none. The default value is 1,000.</summary>
    public int Resamples { get; set; } = SentimentMetrics.DefaultResamples;

    /// <summary>What the draws start from. The default value is 0.</summary>
    public int Seed { get; set; }

    /// <summary>How many rows were left out since the model does not know their label. The default value is 0.</summary>
    public long RowsLeftOut { get; set; }

    /// <summary>
    /// The temperature saved with the model. The default value is null: one is fitted on each half of the rows and used on the
    /// other, so that the calibrated figures are honest.
    /// </summary>
    public Calibration? Calibration { get; set; }

    /// <summary>The texts that the model was trained on, to find those that the evaluated rows repeat. The default value is null: not looked for.</summary>
    public IReadOnlyList<string>? TrainingTexts { get; set; }

    /// <summary>Other models' figures on the same rows. The default value is none.</summary>
    public IReadOnlyList<ReportedBaseline> Baselines { get; set; } = [];

    /// <summary>The validation set's figures during the training. The default value is none.</summary>
    public IReadOnlyList<TrainingEvaluation> LearningCurve { get; set; } = [];

    /// <summary>
    /// Explains the model's answer to a text: called for the worst mistakes that are shown, with the text and the class that was
    /// predicted, until enough are explained; it returns null for a text that it does not explain. The default value is null: nothing
    /// is explained.
    /// </summary>
    public Func<string, int, RowExplanation?>? Explain { get; set; }

    /// <summary>How many of the worst mistakes are explained at most. The default value is 5.</summary>
    public int MostExplained { get; set; } = 5;

    /// <summary>How it was made: digests, versions, options. Shown as it is, groups of names and values. The default value is none.</summary>
    public JsonObject Made { get; set; } = [];
}
