using System.Text.Json.Nodes;

namespace SentimentML;

/// <summary>Options of an <see cref="EvaluationReport"/>.</summary>
public sealed class EvaluationReportOptions
{
    /// <summary>What the model is called on the page. The default value is empty.</summary>
    public string ModelName { get; set; } = "";

    /// <summary>What the data is called on the page, as a file's name. The default value is empty.</summary>
    public string DataName { get; set; } = "";

    /// <summary>The language that the page opens in; the reader can switch. The default value is <see cref="ReportLanguage.Spanish"/>.</summary>
    public ReportLanguage Language { get; set; } = ReportLanguage.Spanish;

    /// <summary>Other models' figures on the same rows. The default value is none.</summary>
    public IReadOnlyList<ReportedBaseline> Baselines { get; set; } = [];

    /// <summary>The validation set's figures during the training. The default value is none.</summary>
    public IReadOnlyList<TrainingEvaluation> LearningCurve { get; set; } = [];

    /// <summary>
    /// Explains the model's answer to a text. Called for the worst mistakes, until <see cref="MaxExplanations"/> are explained; returns
    /// null for a text that is not to be explained. The default value is null: nothing is explained.
    /// </summary>
    public Func<string, Explanation?>? Explain { get; set; }

    /// <summary>The most mistakes that are explained. The default value is 5.</summary>
    public int MaxExplanations { get; set; } = 5;

    /// <summary>How it was made: digests, versions, options. Shown as it is, groups of names and values. The default value is none.</summary>
    public JsonObject Made { get; set; } = [];

    internal void Check(string name)
    {
        List<string> faults = [];
        if (!Enum.IsDefined(Language))
            faults.Add($"Language is {Language}, expected Spanish or English.");
        if (MaxExplanations < 0)
            faults.Add($"MaxExplanations is {MaxExplanations}, expected 0 or more.");
        if (faults.Count > 0)
            throw new ArgumentException(string.Join(" ", faults), name);
    }
}
