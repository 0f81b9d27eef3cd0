using SentimentML.Evaluation;
using SentimentML.Numerics;

namespace SentimentML.Tests.Evaluation;

public class BootstrapTests
{
    [Fact]
    public void The_interval_of_the_accuracy_is_the_binomials()
    {
        // 900 of 1,000 rows right: the normal approximation gives 0.9 ± 1.96 · sqrt(0.9 · 0.1 / 1000) = 0.0186.
        int[] labels = [.. Enumerable.Range(0, 1000).Select(i => i % 2)];
        double[][] probabilities = [.. labels.Select((label, row) => (label == 1) == (row % 10 < 9) ? new[] { 0.2, 0.8 } : [0.8, 0.2])];
        MetricInterval accuracy = SentimentMetrics.FromProbabilities(labels, probabilities, ["no", "yes"], resamples: 4000).Accuracy;

        Assert.Equal(0.9, accuracy.Value, 12);
        Assert.Equal(0.9 - 0.0186, accuracy.Low, 0.003);
        Assert.Equal(0.9 + 0.0186, accuracy.High, 0.003);
    }

    [Fact]
    public void The_same_seed_gives_the_same_intervals_and_another_seed_gives_others()
    {
        (int[] labels, double[][] logits) = Rows.Drawn(300, 3);
        MetricInterval[] Intervals(int seed)
        {
            SentimentMetrics metrics = SentimentMetrics.FromLogits(labels, logits, Rows.Names(3), 200, seed);
            return [metrics.Accuracy, metrics.MacroF1, metrics.RocAuc, metrics.LogLoss, metrics.CalibrationError,
                .. metrics.Labels.Select(c => c.AveragePrecision)];
        }

        Assert.Equal(Intervals(7), Intervals(7));
        Assert.NotEqual(Intervals(7), Intervals(8));
    }

    [Fact]
    public void Every_metric_of_a_draw_is_that_of_the_rows_written_out()
    {
        (int[] labels, double[][] logits) = Rows.Drawn(200, 4);
        ScoredRows rows = ScoredRows.FromLogits(labels, logits, Rows.Names(4));
        SplitMix64 random = new(3, 0);
        int[] drawn = [.. Enumerable.Range(0, 200).Select(_ => random.Next(200))];
        int[] counts = new int[200];
        foreach (int row in drawn)
            counts[row]++;
        ScoredRows writtenOut = ScoredRows.FromLogits([.. drawn.Select(row => labels[row])], [.. drawn.Select(row => logits[row])], Rows.Names(4));

        double[] byCounts = Compute(new MetricSet(rows), counts), byRows = Compute(new MetricSet(writtenOut), [.. Enumerable.Repeat(1, 200)]);
        for (int metric = 0; metric < byRows.Length; metric++)
            Assert.True(Math.Abs(byRows[metric] - byCounts[metric]) < 1e-12,
                $"metric {metric}: written out {byRows[metric]:R}, by counts {byCounts[metric]:R}");
    }

    [Fact]
    public void Without_resamples_there_is_a_value_and_no_interval()
    {
        (int[] labels, double[][] logits) = Rows.Drawn(50, 2);
        MetricInterval accuracy = SentimentMetrics.FromLogits(labels, logits, Rows.Names(2), resamples: 0).Accuracy;

        Assert.True(double.IsFinite(accuracy.Value) && double.IsNaN(accuracy.Low) && double.IsNaN(accuracy.High), accuracy.ToString());
    }

    [Fact]
    public void A_percentile_between_two_values_lies_on_the_line_between_them()
    {
        Assert.Equal(1.1, Bootstrap.Percentile([1, 2, 3, 4, 5], 0.025), 12);
        Assert.Equal(5, Bootstrap.Percentile([1, 2, 3, 4, 5], 1), 12);
        Assert.True(double.IsNaN(Bootstrap.Percentile([], 0.5)));
    }

    private static double[] Compute(MetricSet set, int[] counts)
    {
        double[] values = new double[set.Width];
        set.Compute(counts, values);
        return values;
    }
}
