using System.Globalization;
using System.Text.Json;

namespace SentimentML.Tests.Evaluation;

/// <summary>The metrics against scikit-learn's: golden/metrics.json.</summary>
public class GoldenMetricsTests
{
    private const double Tolerance = 1e-9, TemperatureTolerance = 1e-4;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Metrics_of_logits_are_those_of_scikit_learn(int classes)
    {
        GoldenCase golden = GoldenCase.Of(classes);
        SentimentMetrics metrics = SentimentMetrics.FromLogits(golden.Labels, golden.Logits, golden.LabelNames, resamples: 0);

        golden.Equal("accuracy", metrics.Accuracy.Value);
        golden.Equal("precision", metrics.Labels.Select(c => c.Precision.Value));
        golden.Equal("recall", metrics.Labels.Select(c => c.Recall.Value));
        golden.Equal("f1", metrics.Labels.Select(c => c.F1.Value));
        golden.Equal("support", metrics.Labels.Select(c => (double)c.Support));
        golden.Equal("macro_f1", metrics.MacroF1.Value);
        golden.Equal("weighted_f1", metrics.WeightedF1.Value);
        golden.Equal("matthews", metrics.Matthews.Value);
        golden.Equal("log_loss", metrics.LogLoss.Value);
        golden.Equal("brier_multiclass_sum", metrics.Brier.Value);
        golden.Equal("ece_15_equal_width_bins_top_label", metrics.CalibrationError.Value);
        golden.Equal("confusion_rows_true", metrics.Confusion.SelectMany(row => row).Select(count => (double)count));
        golden.Equal(classes == 2 ? "roc_auc" : "roc_auc_ovr_macro", metrics.RocAuc.Value);
        if (classes == 2)
            golden.Equal("average_precision", metrics.AveragePrecision.Value);
        else
            golden.Equal("average_precision_per_class", metrics.Labels.Select(c => c.AveragePrecision.Value));
        golden.AssertNoFault();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void The_best_temperature_and_its_log_loss_are_the_references(int classes)
    {
        GoldenCase golden = GoldenCase.Of(classes);
        Calibration calibration = Calibration.Fit(golden.Labels, golden.Logits);

        golden.Equal("temperature_minimising_log_loss", calibration.Temperature, TemperatureTolerance);
        golden.Equal("log_loss_at_temperature", calibration.LogLossAfter!.Value);
        golden.Equal("log_loss", calibration.LogLossBefore!.Value);
        golden.AssertNoFault();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void McNemars_test_is_the_references(int classes)
    {
        GoldenCase golden = GoldenCase.Of(classes);
        int[] predictions = SentimentML.Evaluation.ScoredRows.FromLogits(golden.Labels, golden.Logits, golden.LabelNames).Predictions;
        McNemar test = McNemar.Test(golden.Labels, predictions, golden.OtherPredictions);

        golden.Equal("mcnemar.only_first_right", test.OnlyFirstRight);
        golden.Equal("mcnemar.only_other_right", test.OnlySecondRight);
        golden.Equal("mcnemar.exact_two_sided_p", test.PValue);
        golden.AssertNoFault();
    }

    private sealed class GoldenCase(JsonElement json)
    {
        private readonly List<string> faults = [];

        public int[] Labels { get; } = json.GetProperty("labels").Deserialize<int[]>()!;

        public double[][] Logits { get; } = json.GetProperty("logits").Deserialize<double[][]>()!;

        public int[] OtherPredictions { get; } = json.GetProperty("other_predictions").Deserialize<int[]>()!;

        public string[] LabelNames { get; } = [.. Enumerable.Range(0, json.GetProperty("classes").GetInt32()).Select(c => $"class {c}")];

        public static GoldenCase Of(int classes)
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Shared.Golden("metrics.json")));
            return new GoldenCase(document.RootElement.GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("classes").GetInt32() == classes)
                .Clone());
        }

        public void Equal(string name, double actual, double tolerance = Tolerance) => Equal(name, [actual], tolerance);

        public void Equal(string name, IEnumerable<double> actual, double tolerance = Tolerance)
        {
            JsonElement element = name.Split('.').Aggregate(json, (at, part) => at.GetProperty(part));
            double[] expected = [.. Numbers(element)], got = [.. actual];
            if (expected.Length != got.Length || expected.Zip(got).Any(pair => !(Math.Abs(pair.First - pair.Second) <= tolerance)))
                faults.Add($"{name}: expected {Text(expected)}, actual {Text(got)}");
        }

        public void AssertNoFault() => Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));

        private static IEnumerable<double> Numbers(JsonElement element) =>
            element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Numbers) : [element.GetDouble()];

        private static string Text(double[] values) => string.Join(", ", values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
    }
}
