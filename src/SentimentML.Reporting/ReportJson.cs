using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Evaluation;

namespace SentimentML.Reporting;

/// <summary>A report as JSON. What JSON has no number for is null.</summary>
internal static class ReportJson
{
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Write(EvaluationReport report)
    {
        SentimentMetrics metrics = report.Metrics;
        var json = new JsonObject
        {
            ["rows"] = metrics.RowCount,
            ["rows_left_out"] = report.Options.RowsLeftOut,
            ["headline"] = metrics.IsUnbalanced ? "macro_f1" : "accuracy",
        };
        AddOverall(json, metrics);
        json["labels"] = Strings(metrics.Classes.Select(c => c.Label));
        json["per_label"] = new JsonObject(metrics.Classes.Select(c => KeyValuePair.Create(c.Label, (JsonNode?)ClassOf(c))));
        json["confusion"] = new JsonArray([.. metrics.Confusion.Select(row => (JsonNode)new JsonArray([.. row.Select(count => (JsonNode)count)]))]);
        json["confusion_shares"] = new JsonArray([.. metrics.Confusion.Select(row => (JsonNode)new JsonArray([.. row.Select(count => Number(count / (double)row.Sum()))]))]);
        json["calibrated"] = CalibratedOf(report.Calibrated);
        json["unsure"] = new JsonArray([.. report.UnsureFor.Select(point => (JsonNode)new JsonObject
        {
            ["wanted_accuracy"] = point.Accuracy,
            ["threshold"] = Number(point.Point.Threshold),
            ["answered"] = point.Point.Answered,
            ["coverage"] = Number(point.Point.Coverage),
            ["accuracy"] = Number(point.Point.Accuracy),
        })]);
        json["unsure_curve"] = Points(report.Unsure.Select(point => (point.Coverage, point.Accuracy)));
        json["reliability"] = BinsOf(report.Reliability);
        json["score_histogram"] = new JsonObject
        {
            ["edges"] = Numbers(report.Histogram.Edges),
            ["right"] = new JsonArray([.. report.Histogram.Members.Select(count => (JsonNode)count)]),
            ["wrong"] = new JsonArray([.. report.Histogram.Others.Select(count => (JsonNode)count)]),
        };
        json["curves"] = new JsonObject(metrics.Classes.Select((c, i) => KeyValuePair.Create(c.Label, (JsonNode?)new JsonObject
        {
            ["roc"] = Points(Curves.Roc(report.Scored, i).Select(point => (point.X, point.Y))),
            ["precision_recall"] = Points(Curves.PrecisionRecall(report.Scored, i).Select(point => (point.X, point.Y))),
        })));
        json["groups"] = new JsonObject(report.Groups.Select(by => KeyValuePair.Create(by.Column, (JsonNode?)new JsonArray([.. by.Groups.Select(GroupOf)]))));
        json["worst_mistakes"] = new JsonArray([.. report.Mistakes.Select(mistake => MistakeOf(report, mistake))]);
        json["probable_label_errors"] = new JsonArray([.. report.LabelErrors.Select(suspect => RowOf(report, suspect.Row))]);
        json["duplicates"] = report.Duplicates is { } duplicates ? DuplicatesOf(report, duplicates) : null;
        json["baselines"] = new JsonArray([.. report.Options.Baselines.Select(BaselineOf)]);
        json["learning_curve"] = new JsonArray([.. report.Options.LearningCurve.Select(e => (JsonNode)new JsonObject
        {
            ["epoch"] = Number(e.Epoch), ["step"] = e.Step, ["accuracy"] = Number(e.Accuracy), ["macro_f1"] = Number(e.MacroF1), ["loss"] = Number(e.Loss),
        })]);
        json["summary"] = new JsonObject { ["es"] = report.Summary[(int)SummaryLanguage.Spanish], ["en"] = report.Summary[(int)SummaryLanguage.English] };
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
        AddFigure(json, "accuracy", metrics.Accuracy);
        AddFigure(json, "macro_f1", metrics.MacroF1);
        AddFigure(json, "weighted_f1", metrics.WeightedF1);
        AddFigure(json, "matthews", metrics.Matthews);
        AddFigure(json, "roc_auc", metrics.RocAuc);
        AddFigure(json, "average_precision", metrics.AveragePrecision);
        AddTrust(json, metrics);
        json["majority_accuracy"] = Number(metrics.MajorityAccuracy);
    }

    private static void AddTrust(JsonObject json, SentimentMetrics metrics)
    {
        AddFigure(json, "log_loss", metrics.LogLoss);
        AddFigure(json, "brier", metrics.Brier);
        AddFigure(json, "calibration_error", metrics.CalibrationError);
        json["mean_confidence"] = Number(metrics.MeanConfidence);
    }

    private static JsonObject ClassOf(SentimentClassMetrics c)
    {
        var json = new JsonObject { ["rows"] = c.Support };
        AddFigure(json, "precision", c.Precision);
        AddFigure(json, "recall", c.Recall);
        AddFigure(json, "f1", c.F1);
        AddFigure(json, "roc_auc", c.RocAuc);
        AddFigure(json, "average_precision", c.AveragePrecision);
        return json;
    }

    private static JsonObject CalibratedOf(CalibratedFigures calibrated)
    {
        var json = new JsonObject { ["temperature"] = Number(calibrated.Temperature), ["temperature_from"] = calibrated.IsSaved ? "model" : "these_rows_cross_fitted" };
        AddTrust(json, calibrated.Metrics);
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
        ["label"] = report.Rows.LabelNames[report.Scored.Labels[row]],
        ["predicted"] = report.Rows.LabelNames[report.Scored.Predictions[row]],
        ["confidence"] = Number(report.Scored.Confidences[row]),
        ["probability_of_label"] = Number(report.Scored.Probabilities[row][report.Scored.Labels[row]]),
    };

    private static JsonObject MistakeOf(EvaluationReport report, ReportedMistake mistake)
    {
        JsonObject json = RowOf(report, mistake.Row);
        if (mistake.Explanation is not { } explanation)
            return json;
        json["explanation"] = new JsonArray([.. explanation.Spans.Select(span => (JsonNode)new JsonObject { ["start"] = span.Start, ["length"] = span.Length, ["weight"] = Number(span.Weight) })]);
        json["explanation_gap"] = explanation.Gap is { } gap ? Number(gap) : null;
        return json;
    }

    private static JsonObject DuplicatesOf(EvaluationReport report, ReportedDuplicates duplicates) => new()
    {
        ["training_rows"] = duplicates.TrainingRows,
        ["rows"] = duplicates.Count,
        ["exact"] = duplicates.Exact,
        ["too_short_to_tell"] = duplicates.TooShort,
        ["fewest_words"] = EvaluationReport.FewestWordsOfDuplicate,
        ["least_similarity"] = NearDuplicates.DefaultThreshold,
        ["pairs"] = new JsonArray([.. duplicates.Pairs.Select(pair => (JsonNode)new JsonObject
        {
            ["row"] = report.NumberOf(pair.Pair.Second),
            ["training_row"] = pair.Pair.First + 1,
            ["similarity"] = Number(pair.Pair.Similarity),
            ["text"] = report.Rows.Texts[pair.Pair.Second],
            ["training_text"] = pair.TrainingText,
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

    private static JsonArray Points(IEnumerable<(double X, double Y)> points) => new([.. points.Select(point => (JsonNode)new JsonArray(Number(point.X), Number(point.Y)))]);
}
