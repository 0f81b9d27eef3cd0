using SentimentML.Evaluation;
using SentimentML.Reporting;
using SentimentML.Reporting.Html;

namespace SentimentML;

/// <summary>
/// What a model is worth on rows whose label is known, as a page for people and as JSON: every figure of the page is in the JSON.
/// </summary>
public sealed class EvaluationReport
{
    private const int MostMistakes = 25, MostLabelErrors = 25, MostDuplicates = 25;

    /// <summary>Fewer words than these are the same by chance ("muy bueno"), not by a leak.</summary>
    internal const int FewestWordsOfDuplicate = 5;

    private static readonly double[] WantedAccuracies = [0.9, 0.95, 0.98, 0.99];

    private EvaluationReport(EvaluationRows rows, EvaluationReportOptions options)
    {
        Options = options;
        Rows = rows;
        Scored = ScoredRows.FromLogits([.. rows.Labels], [.. rows.Logits], [.. rows.LabelNames]);
        Metrics = SentimentMetrics.FromRows(Scored, options.Resamples, options.Seed);
        Calibrated = CalibratedFigures.Of(Scored, rows.Logits, options);
        Summary = Array.ConvertAll(Enum.GetValues<SummaryLanguage>(), language => EvaluationSummary.Write(Metrics, language, calibration: options.Calibration));
        Reliability = ReliabilityBin.Of(Scored);
        Histogram = ScoreHistogram.OfConfidence(Scored);
        Unsure = UnsureThreshold.Curve(Scored);
        UnsureFor = [.. WantedAccuracies.Where(accuracy => accuracy > Metrics.Accuracy.Value)
            .Select(accuracy => (accuracy, UnsureThreshold.ForAccuracy(Scored, accuracy)))
            .Where(point => point.Item2 is not null)!];
        Groups = [.. GroupsOf(rows)];
        Mistakes = [.. WorstMistakes()];
        LabelErrors = Evaluation.Mistakes.ProbableLabelErrors(Scored, MostLabelErrors);
        if (options.TrainingTexts is { } training)
            Duplicates = ReportedDuplicates.Between(training, rows.Texts, FewestWordsOfDuplicate, MostDuplicates);
    }

    /// <summary>The metrics with their intervals.</summary>
    public SentimentMetrics Metrics { get; }

    internal EvaluationReportOptions Options { get; }

    internal EvaluationRows Rows { get; }

    internal ScoredRows Scored { get; }

    internal CalibratedFigures Calibrated { get; }

    /// <summary>The summary in words, a text a language.</summary>
    internal string[] Summary { get; }

    internal IReadOnlyList<ReliabilityBin> Reliability { get; }

    internal ScoreHistogram Histogram { get; }

    internal IReadOnlyList<UnsureThreshold> Unsure { get; }

    /// <summary>Where to say "unsure" for the answers to be right this often; what cannot be had is left out.</summary>
    internal IReadOnlyList<(double Accuracy, UnsureThreshold Point)> UnsureFor { get; }

    /// <summary>By length, by stars and by each column, where there is more than one group.</summary>
    internal IReadOnlyList<(string Column, IReadOnlyList<GroupMetrics> Groups)> Groups { get; }

    internal IReadOnlyList<ReportedMistake> Mistakes { get; }

    internal IReadOnlyList<SuspectLabel> LabelErrors { get; }

    internal ReportedDuplicates? Duplicates { get; }

    /// <summary>The figure to look at first: macro-F1 where classes are unbalanced, else accuracy.</summary>
    internal MetricInterval Headline => Metrics.IsUnbalanced ? Metrics.MacroF1 : Metrics.Accuracy;

    /// <summary>Evaluates the rows.</summary>
    /// <param name="rows">The rows and the model's scores.</param>
    /// <param name="options">What else is told; null for the defaults.</param>
    /// <returns>The report; writing it costs no evaluation again.</returns>
    /// <exception cref="ArgumentException">There are no rows, lengths differ, a label is out of range, a score is not finite, or an option is wrong.</exception>
    public static EvaluationReport Create(EvaluationRows rows, EvaluationReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new EvaluationReportOptions();
        if (options.Language is not ("es" or "en"))
            throw new ArgumentException($"The language is '{options.Language}'; 'es' or 'en' was expected.", nameof(options));
        foreach ((string name, int? count) in (ReadOnlySpan<(string, int?)>)
            [(nameof(rows.Texts), rows.Texts.Count), (nameof(rows.Stars), rows.Stars?.Count), (nameof(rows.RowNumbers), rows.RowNumbers?.Count)])
        {
            if (count is { } given && given != rows.Labels.Count)
                throw new ArgumentException($"There are {rows.Labels.Count} labels and {given} {name}; there must be as many of each.", nameof(rows));
        }
        return new EvaluationReport(rows, options);
    }

    /// <summary>The page: one HTML document that needs nothing else.</summary>
    public string ToHtml() => ReportPage.Write(this);

    /// <summary>Every figure as one JSON object.</summary>
    public string ToJson() => ReportJson.Write(this).ToJsonString(ReportJson.Indented);

    /// <summary>The number by which a person finds a row again.</summary>
    internal long NumberOf(int row) => Rows.RowNumbers?[row] ?? row + 1;

    private IEnumerable<ReportedMistake> WorstMistakes()
    {
        int explained = 0;
        foreach (int row in Evaluation.Mistakes.Worst(Scored, MostMistakes))
        {
            RowExplanation? explanation = explained < Options.MostExplained ? Options.Explain?.Invoke(Rows.Texts[row], Scored.Predictions[row]) : null;
            explained += explanation is null ? 0 : 1;
            yield return new ReportedMistake(row, explanation);
        }
    }

    private IEnumerable<(string, IReadOnlyList<GroupMetrics>)> GroupsOf(EvaluationRows rows)
    {
        List<(string Column, IReadOnlyList<GroupMetrics> Groups)> all = [("length", GroupMetrics.ByLength(Scored, rows.Texts))];
        if (rows.Stars is { } stars)
            all.Add(("stars", GroupMetrics.ByStars(Scored, stars)));
        foreach ((string column, IReadOnlyList<string?> values) in rows.Columns)
            all.Add((column, GroupMetrics.ByColumn(Scored, values)));
        return all.Where(by => by.Groups.Count > 1);
    }
}
