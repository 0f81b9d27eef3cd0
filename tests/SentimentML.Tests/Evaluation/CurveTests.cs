using SentimentML.Evaluation;

namespace SentimentML.Tests.Evaluation;

public class CurveTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void A_thinned_roc_curve_has_the_area_of_the_whole_one(int classes)
    {
        ScoredRows rows = Drawn(3000, classes);
        double area = SentimentMetrics.FromRows(rows, 0).Labels[1].RocAuc.Value;
        IReadOnlyList<CurvePoint> whole = Curves.Roc(rows, 1, int.MaxValue), thin = Curves.Roc(rows, 1);

        Assert.Equal(area, Area(whole), 1e-9);
        Assert.Equal(area, Area(thin), 1e-3);
        Assert.True(thin.Count <= Curves.DefaultPoints, $"{thin.Count} points of {whole.Count}");
        Assert.Equal((0, 0, 1, 1), (thin[0].X, thin[0].Y, thin[^1].X, thin[^1].Y));
    }

    [Fact]
    public void A_thinned_precision_recall_curve_has_nearly_the_area_of_the_whole_one_and_ends_at_the_share_of_the_class()
    {
        ScoredRows rows = Drawn(3000, 2);
        IReadOnlyList<CurvePoint> whole = Curves.PrecisionRecall(rows, 1, int.MaxValue), thin = Curves.PrecisionRecall(rows, 1);

        Assert.Equal(Area(whole), Area(thin), 2e-3);
        Assert.True(thin.Count <= Curves.DefaultPoints, $"{thin.Count} points of {whole.Count}");
        Assert.Equal((0, 1), (thin[0].X, thin[0].Y));
        Assert.Equal((1, rows.Supports()[1] / 3000.0), (thin[^1].X, thin[^1].Y));
    }

    [Fact]
    public void Without_rows_of_the_class_there_is_no_curve()
    {
        ScoredRows rows = ScoredRows.FromLogits([0, 0], [[1, 2], [2, 1]], ["a", "b"]);

        Assert.Empty(Curves.Roc(rows, 1));
        Assert.Empty(Curves.Roc(rows, 0));
        Assert.Empty(Curves.PrecisionRecall(rows, 1));
    }

    [Fact]
    public void The_bins_of_the_reliability_diagram_give_the_calibration_error()
    {
        ScoredRows rows = Drawn(500, 3);
        ReliabilityBin[] bins = ReliabilityBin.Of(rows);
        double error = bins.Where(bin => bin.Count > 0).Sum(bin => bin.Count / 500.0 * Math.Abs(bin.Accuracy - bin.Confidence));

        Assert.Equal(500, bins.Sum(bin => bin.Count));
        Assert.Equal(SentimentMetrics.FromRows(rows, 0).CalibrationError.Value, error, 1e-12);
        Assert.All(bins.Where(bin => bin.Count > 0), bin => Assert.InRange(bin.Confidence, bin.Low, bin.High));
    }

    [Fact]
    public void A_histogram_holds_every_row_once()
    {
        ScoredRows rows = Drawn(500, 3);
        var histogram = new ScoreHistogram(rows, 10);

        Assert.Equal(500, histogram.Right.Sum() + histogram.Wrong.Sum());
        Assert.Equal(500 * SentimentMetrics.FromRows(rows, 0).Accuracy.Value, histogram.Right.Sum(), 1e-9);
        Assert.Equal((11, 0, 1), (histogram.Edges.Count, histogram.Edges[0], histogram.Edges[^1]));
    }

    private static ScoredRows Drawn(int count, int classes)
    {
        (int[] labels, double[][] logits) = Rows.Drawn(count, classes);
        return ScoredRows.FromLogits(labels, logits, Rows.Names(classes));
    }

    private static double Area(IReadOnlyList<CurvePoint> points) => points.Zip(points.Skip(1), (a, b) => (b.X - a.X) * (a.Y + b.Y) / 2).Sum();
}
