using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SentimentML.Reporting;

/// <summary>A report as JSON. What JSON has no number for is null.</summary>
internal static class ReportJson
{
    public static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Write(EvaluationReport report)
    {
        SentimentMetrics metrics = report.Evaluation.Metrics;
        var json = new JsonObject
        {
            ["rows"] = metrics.RowCount,
            ["rows_left_out"] = report.Rows.RowsLeftOut,
            ["rows_without_label"] = report.Rows.RowsWithoutLabel,
            ["rows_without_text"] = report.Rows.RowsWithoutText,
            ["headline"] = SentimentMetric.Headline(metrics).Key,
        };
        AddOverall(json, metrics);
        json["labels"] = Strings(metrics.Labels.Select(c => c.Label));
        json["per_label"] = new JsonObject(metrics.Labels.Select(c => KeyValuePair.Create(c.Label, (JsonNode?)LabelOf(c))));
        json["confusion"] = new JsonArray([.. metrics.Confusion.Select(row => (JsonNode)new JsonArray([.. row.Select(count => (JsonNode)count)]))]);
        json["confusion_shares"] =
            new JsonArray([.. metrics.Confusion.Select(row => (JsonNode)new JsonArray([.. row.Select(count => Number(count / (double)row.Sum()))]))]);
        json["calibrated"] = CalibratedOf(report.Evaluation.Calibrated);
        json["unsure"] = new JsonArray([.. report.Evaluation.UnsureFor.Select(point => (JsonNode)new JsonObject
        {
            ["wanted_accuracy"] = point.Key,
            ["threshold"] = Number(point.Value.Threshold),
            ["answered"] = point.Value.Answered,
            ["coverage"] = Number(point.Value.Coverage),
            ["accuracy"] = Number(point.Value.Accuracy),
        })]);
        json["unsure_curve"] = Points(report.Evaluation.UnsureCurve.Select(point => (point.Coverage, point.Accuracy)));
        json["reliability"] = BinsOf(report.Evaluation.Reliability);
        json["score_histogram"] = new JsonObject
        {
            ["edges"] = Numbers(report.Evaluation.Histogram.Edges),
            ["right"] = new JsonArray([.. report.Evaluation.Histogram.Right.Select(count => (JsonNode)count)]),
            ["wrong"] = new JsonArray([.. report.Evaluation.Histogram.Wrong.Select(count => (JsonNode)count)]),
        };
        json["curves"] = new JsonObject(metrics.Labels.Select((c, i) => KeyValuePair.Create(c.Label, (JsonNode?)new JsonObject
        {
            ["roc"] = Points(report.Evaluation.RocCurve(i).Select(point => (point.X, point.Y))),
            ["precision_recall"] = Points(report.Evaluation.PrecisionRecallCurve(i).Select(point => (point.X, point.Y))),
        })));
        json["groups"] = new JsonObject(
            report.Evaluation.Groups.Select(by => KeyValuePair.Create(by.Key, (JsonNode?)new JsonArray([.. by.Value.Select(GroupOf)]))));
        json["worst_mistakes"] = new JsonArray([.. report.Evaluation.Mistakes.Select(mistake => MistakeOf(report, mistake))]);
        json["probable_label_errors"] = new JsonArray([.. report.Evaluation.LabelErrors.Select(suspect => RowOf(report, suspect.Row))]);
        json["duplicates"] = report.Evaluation.Duplicates is { } duplicates ? DuplicatesOf(report, duplicates) : null;
        json["baselines"] = new JsonArray([.. report.Options.Baselines.Select(BaselineOf)]);
        json["learning_curve"] = new JsonArray([.. report.Options.LearningCurve.Select(e => (JsonNode)new JsonObject
        {
            ["epoch"] = Number(e.Epoch), ["step"] = e.Step, ["accuracy"] = Number(e.Accuracy), ["macro_f1"] = Number(e.MacroF1), ["loss"] = Number(e.Loss),
        })]);
        json["summary"] = new JsonObject { ["es"] = report.Evaluation.Summary(ReportLanguage.Spanish),
            ["en"] = report.Evaluation.Summary(ReportLanguage.English) };
        json["made"] = report.Options.Made.DeepClone();
        return json;
    }

    /// <summary>A figure, and beside it where its interval begins and ends.</summary>
    public static void AddFigure(JsonObject json, string name, MetricInterval figure)
    {
        json[name] = Number(figure.Value);
        json[name + "_low"] = Number(figure.Low);
        json[name + "_high"] = Number(figure.High);
    }

    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    private static void AddOverall(JsonObject json, SentimentMetrics metrics)
    {
        foreach (MetricDefinition<SentimentMetrics> metric in SentimentMetric.Overall)
            AddFigure(json, metric.Key, metric.Of(metrics));
        json["mean_confidence"] = Number(metrics.MeanConfidence);
        json["majority_accuracy"] = Number(metrics.MajorityAccuracy);
    }

    private static JsonObject LabelOf(SentimentLabelMetrics label)
    {
        var json = new JsonObject { ["rows"] = label.Support };
        foreach (MetricDefinition<SentimentLabelMetrics> metric in SentimentMetric.PerLabel)
            AddFigure(json, metric.Key, metric.Of(label));
        return json;
    }

    private static JsonObject CalibratedOf(CalibratedMetrics calibrated)
    {
        var json = new JsonObject { ["temperature"] = Number(calibrated.Temperature),
            ["temperature_from"] = calibrated.IsSaved ? "model" : "these_rows_cross_fitted" };
        foreach (MetricDefinition<SentimentMetrics> metric in SentimentMetric.Overall.Where(metric => metric.JudgesProbabilities))
            AddFigure(json, metric.Key, metric.Of(calibrated.Metrics));
        json["mean_confidence"] = Number(calibrated.Metrics.MeanConfidence);
        json["reliability"] = BinsOf(calibrated.Reliability);
        return json;
    }

    private static JsonArray BinsOf(IReadOnlyList<ReliabilityBin> bins) => new([.. bins.Select(bin => (JsonNode)new JsonObject
    {
        ["low"] = bin.Low, ["high"] = bin.High, ["rows"] = bin.Count, ["confidence"] = Number(bin.Confidence), ["accuracy"] = Number(bin.Accuracy),
    })]);

    private static JsonNode GroupOf(GroupMetrics group)
    {
        var json = new JsonObject { ["name"] = group.Name, ["rows"] = group.Count };
        AddFigure(json, "accuracy", group.Accuracy);
        json["macro_f1"] = group.MacroF1 is { } macro ? Number(macro) : null;
        return json;
    }

    private static JsonObject RowOf(EvaluationReport report, int row) => new()
    {
        ["row"] = report.NumberOf(row),
        ["text"] = report.Rows.Texts[row],
        ["label"] = report.Rows.LabelNames[report.Rows.Labels[row]],
        ["predicted"] = report.Rows.LabelNames[report.Evaluation.Predictions[row]],
        ["confidence"] = Number(report.Evaluation.Confidences[row]),
        ["probability_of_label"] = Number(report.ProbabilityOfLabel(row)),
    };

    private static JsonObject MistakeOf(EvaluationReport report, int row)
    {
        JsonObject json = RowOf(report, row);
        if (!report.Explanations.TryGetValue(row, out Explanation? explanation))
            return json;
        json["explanation"] = new JsonArray([.. explanation.Words.Select(word => (JsonNode)new JsonObject
        {
            ["start"] = word.Start, ["length"] = word.End - word.Start, ["weight"] = Number(word.Weight),
        })]);
        json["explanation_gap"] = explanation.CompletenessGap is { } gap ? Number(gap) : null;
        return json;
    }

    private static JsonObject DuplicatesOf(EvaluationReport report, TrainingDuplicates duplicates) => new()
    {
        ["training_rows"] = duplicates.TrainingRows,
        ["rows"] = duplicates.Count,
        ["exact"] = duplicates.Exact,
        ["too_short_to_tell"] = duplicates.TooShort,
        ["fewest_words"] = TrainingDuplicates.MinWords,
        ["least_similarity"] = NearDuplicates.DefaultThreshold,
        ["pairs"] = new JsonArray([.. duplicates.Pairs.Zip(duplicates.TrainingTexts, (pair, trainingText) => (JsonNode)new JsonObject
        {
            ["row"] = report.NumberOf(pair.Second),
            ["training_row"] = pair.First + 1,
            ["similarity"] = Number(pair.Similarity),
            ["text"] = report.Rows.Texts[pair.Second],
            ["training_text"] = trainingText,
        })]),
    };

    private static JsonNode BaselineOf(ReportedBaseline baseline)
    {
        var json = new JsonObject { ["name"] = baseline.Name };
        AddFigure(json, "accuracy", baseline.Accuracy);
        AddFigure(json, "macro_f1", baseline.MacroF1);
        json["train_seconds"] = baseline.TrainSeconds;
        json["rows_per_second"] = baseline.RowsPerSecond;
        json["size_bytes"] = baseline.SizeBytes;
        return json;
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(Number)]);

    private static JsonArray Points(IEnumerable<(double X, double Y)> points) =>
        new([.. points.Select(point => (JsonNode)new JsonArray(Number(point.X), Number(point.Y)))]);
}
