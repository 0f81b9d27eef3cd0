using SentimentML.Reporting;
using SentimentML.Reporting.Html;

namespace SentimentML;

/// <summary>An evaluation as a page for people and as JSON: every figure of the page is in the JSON.</summary>
public sealed class EvaluationReport
{
    private EvaluationReport(SentimentEvaluation evaluation, EvaluationReportOptions options)
    {
        Evaluation = evaluation;
        Options = options;
        Explanations = Explained(evaluation, options);
    }

    /// <summary>What is reported.</summary>
    public SentimentEvaluation Evaluation { get; }

    internal EvaluationReportOptions Options { get; }

    internal EvaluationRows Rows => Evaluation.Rows;

    /// <summary>The explained mistakes, by row.</summary>
    internal IReadOnlyDictionary<int, Explanation> Explanations { get; }

    /// <summary>Makes a report.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="options">The options. The default value is null: the defaults.</param>
    /// <returns>The report; to write it evaluates nothing again.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static EvaluationReport Create(SentimentEvaluation evaluation, EvaluationReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        options ??= new EvaluationReportOptions();
        options.Check(nameof(options));
        return new EvaluationReport(evaluation, options);
    }

    /// <summary>The page: one HTML document that needs nothing else.</summary>
    public string ToHtml() => ReportPage.Write(this);

    /// <summary>Every figure as one JSON object.</summary>
    public string ToJson() => ReportJson.Write(this).ToJsonString(ReportJson.Indented);

    /// <summary>The number by which a person finds a row again.</summary>
    internal long NumberOf(int row) => Rows.RowNumbers?[row] ?? row + 1;

    internal double ProbabilityOfLabel(int row) => Evaluation.Probabilities[row][Rows.Labels[row]];

    private static Dictionary<int, Explanation> Explained(SentimentEvaluation evaluation, EvaluationReportOptions options)
    {
        var explanations = new Dictionary<int, Explanation>();
        foreach (int row in evaluation.Mistakes)
        {
            if (explanations.Count < options.MaxExplanations && options.Explain?.Invoke(evaluation.Rows.Texts[row]) is { } explanation)
                explanations.Add(row, explanation);
        }
        return explanations;
    }
}
