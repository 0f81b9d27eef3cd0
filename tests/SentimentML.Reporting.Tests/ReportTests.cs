using System.Text;
using System.Text.Json.Nodes;
using SentimentML.Reporting.Tests.Infrastructure;

namespace SentimentML.Reporting.Tests;

public sealed class ReportTests
{
    private static readonly string[] Two = ["negative", "positive"];
    private static readonly string[] Three = ["negative", "neutral", "positive"];

    [Fact]
    public void Four_thousand_rows_stay_under_two_megabytes()
    {
        EvaluationRows rows = SyntheticRows.Of(4000, Two);
        string html = SyntheticRows.Report(rows).ToHtml();
        int bytes = Encoding.UTF8.GetByteCount(html);
        Assert.True(bytes < 2_000_000, $"{bytes:N0} bytes");
    }

    [Fact]
    public void The_same_rows_and_seed_give_the_same_page()
    {
        EvaluationRows rows = SyntheticRows.Of(300, Two);
        string Page() => SyntheticRows.Report(rows).ToHtml();
        Assert.Equal(Page(), Page());
    }

    [Fact]
    public void Unbalanced_classes_are_judged_by_macro_f1()
    {
        EvaluationRows rows = SyntheticRows.Of(900, Three, [0.15, 0.05, 0.8]);
        EvaluationReport report = EvaluationReport.Create(SentimentEvaluation.Of(rows));
        JsonNode json = JsonNode.Parse(report.ToJson())!;
        Assert.Equal("macro_f1", (string)json["headline"]!);
        Assert.Contains("macro-F1", (string)json["summary"]!["es"]!, StringComparison.Ordinal);
        string html = report.ToHtml();
        Assert.True(html.IndexOf("<dt>Macro-F1</dt>", StringComparison.Ordinal) < html.IndexOf("<dt>Exactitud</dt>", StringComparison.Ordinal),
            "macro-F1 comes first");
    }

    [Fact]
    public void Every_figure_has_its_interval_and_what_is_not_a_number_is_null()
    {
        EvaluationRows rows = SyntheticRows.Of(50, Three, [0.5, 0, 0.5]);
        JsonNode json = JsonNode.Parse(EvaluationReport.Create(SentimentEvaluation.Of(rows)).ToJson())!;
        foreach (string figure in (
            string[])["accuracy", "macro_f1", "weighted_f1", "matthews", "roc_auc", "average_precision", "log_loss", "brier", "calibration_error"])
        {
            Assert.True((double)json[figure + "_low"]! <= (double)json[figure + "_high"]!, figure);
            Assert.InRange((double)json[figure]!, -1, 20);
        }
        Assert.Null(json["per_label"]!["neutral"]!["roc_auc"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Few_rows_make_a_page_too(int count)
    {
        EvaluationRows rows = SyntheticRows.Of(count, Two);
        EvaluationReport report = SyntheticRows.Report(rows);
        Assert.StartsWith("<!DOCTYPE html>", report.ToHtml(), StringComparison.Ordinal);
        Assert.Equal(count, (int)JsonNode.Parse(report.ToJson())!["rows"]!);
    }

    [Fact]
    public void Many_classes_make_a_page_too()
    {
        string[] labels = [.. Enumerable.Range(0, 12).Select(i => $"clase <{i}>")];
        string html = EvaluationReport.Create(SentimentEvaluation.Of(SyntheticRows.Of(600, labels))).ToHtml();
        Assert.DoesNotContain("clase <1>", html, StringComparison.Ordinal);
        Assert.Contains("clase &lt;1&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_in_a_text_is_replaced()
    {
        EvaluationRows rows = new()
        {
            Texts = ["mal \ud83d", "bien"],
            Labels = [0, 1],
            Logits = [[-3, 3], [-3, 3]],
            LabelNames = Two,
        };
        EvaluationReport report = EvaluationReport.Create(SentimentEvaluation.Of(rows));
        Assert.Contains("mal \uFFFD", report.ToHtml(), StringComparison.Ordinal);
        Assert.Contains("mal ", (string)JsonNode.Parse(report.ToJson())!["worst_mistakes"]![0]!["text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Repeated_training_texts_are_found_and_short_ones_counted_apart()
    {
        const string Long = "La mesa tiene las patas bonitas y llegó antes de lo previsto";
        EvaluationRows rows = new()
        {
            Texts = [Long, "muy bueno", "otra cosa que no se parece a ninguna de las demás"],
            Labels = [1, 1, 0],
            Logits = [[-3, 3], [-3, 3], [3, -3]],
            LabelNames = Two,
        };
        JsonNode duplicates = JsonNode.Parse(
            EvaluationReport.Create(SentimentEvaluation.Of(rows, new SentimentEvaluationOptions { TrainingTexts = [Long.ToUpperInvariant(), "¡Muy bueno!"] }))
            .ToJson())!["duplicates"]!;
        Assert.Equal(1, (int)duplicates["rows"]!);
        Assert.Equal(1, (int)duplicates["exact"]!);
        Assert.Equal(1, (int)duplicates["too_short_to_tell"]!);
    }

    [Fact]
    public void A_saved_temperature_is_used_and_another_fitted_on_other_rows_where_there_is_none()
    {
        EvaluationRows rows = SyntheticRows.Of(800, Two);
        JsonNode fitted = JsonNode.Parse(EvaluationReport.Create(SentimentEvaluation.Of(rows)).ToJson())!["calibrated"]!;
        JsonNode saved = JsonNode.Parse(
            EvaluationReport.Create(SentimentEvaluation.Of(rows, new SentimentEvaluationOptions { Calibration = new Calibration(2) }))
            .ToJson())!["calibrated"]!;
        Assert.Equal("these_rows_cross_fitted", (string)fitted["temperature_from"]!);
        Assert.Equal("model", (string)saved["temperature_from"]!);
        Assert.Equal(2, (double)saved["temperature"]!);
    }

    [Fact]
    public void As_many_mistakes_are_explained_as_asked_and_a_rough_explanation_is_said_to_be_so()
    {
        EvaluationRows rows = new()
        {
            Texts = ["muy largo para explicarlo", "mal", "bien", "regular"],
            Labels = [0, 0, 0, 0],
            Logits = [[-9, 9], [-8, 8], [-7, 7], [-6, 6]],
            LabelNames = Two,
        };
        EvaluationReport report = EvaluationReport.Create(SentimentEvaluation.Of(rows), new EvaluationReportOptions
        {
            MaxExplanations = 2,
            Explain = text => text.Length > 10 ? null : SyntheticRows.Explanation(text, text == "mal" ? 0.0314 : 0.02, (0, 3, 1)),
        });
        JsonNode[] mistakes = [.. JsonNode.Parse(report.ToJson())!["worst_mistakes"]!.AsArray()!];
        Assert.Equal([false, true, true, false], mistakes.Select(mistake => mistake["explanation"] is not null));
        Assert.Equal(0.0314, (double)mistakes[1]["explanation_gap"]!);
        string html = report.ToHtml();
        Assert.Equal(2, html.Split("A rough explanation").Length + html.Split("Explicación aproximada").Length - 2);
        Assert.Contains("0,031", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
    {
        var rows = new EvaluationRows { Texts = ["a"], Labels = [0, 1], Logits = [[1, 0], [0, 1]], LabelNames = Two };
        Assert.Equal("There are 2 labels and 1 Texts, expected as many of each. (Parameter 'rows')",
            Assert.Throws<ArgumentException>(() => EvaluationReport.Create(SentimentEvaluation.Of(rows))).Message);
    }
}
