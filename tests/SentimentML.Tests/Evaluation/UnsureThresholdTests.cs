using SentimentML.Evaluation;

namespace SentimentML.Tests.Evaluation;

public class UnsureThresholdTests
{
    // Confidences 0.6 (wrong), 0.7, 0.8 (wrong), 0.9, 0.9.
    private static readonly ScoredRows Five = ScoredRows.FromProbabilities(
        [1, 0, 1, 0, 1], [[0.6, 0.4], [0.7, 0.3], [0.8, 0.2], [0.9, 0.1], [0.1, 0.9]], ["no", "yes"]);

    [Theory]
    [InlineData(0.5, 5, 0.6)]
    [InlineData(0.65, 4, 0.75)]
    [InlineData(0.7, 4, 0.75)]
    [InlineData(0.9, 2, 1)]
    [InlineData(0.95, 0, double.NaN)]
    public void At_a_threshold_the_rows_at_or_above_it_are_answered(double threshold, int answered, double accuracy)
    {
        UnsureThreshold point = UnsureThreshold.At(Five, threshold);

        Assert.Equal((answered, answered / 5.0, accuracy), (point.Answered, point.Coverage, point.Accuracy));
    }

    [Fact]
    public void The_curve_goes_from_the_surest_rows_to_all_of_them()
    {
        UnsureThreshold[] curve = UnsureThreshold.Curve(Five);

        Assert.Equal([0.9, 0.8, 0.7, 0.6], curve.Select(point => point.Threshold));
        Assert.Equal([2, 3, 4, 5], curve.Select(point => point.Answered));
        Assert.All(curve, point => Assert.Equal(UnsureThreshold.At(Five, point.Threshold), point));
    }

    [Fact]
    public void A_long_curve_is_thinned_and_keeps_its_end()
    {
        (int[] labels, double[][] logits) = Rows.Drawn(5000, 3);
        UnsureThreshold[] curve = UnsureThreshold.Curve(ScoredRows.FromLogits(labels, logits, Rows.Names(3)), 50);

        Assert.InRange(curve.Length, 40, 52);
        Assert.Equal(1, curve[^1].Coverage);
    }

    [Fact]
    public void The_threshold_for_an_accuracy_answers_as_many_rows_as_it_can()
    {
        Assert.Equal(0.7, UnsureThreshold.ForAccuracy(Five, 0.75)!.Threshold);
        Assert.Equal(0.9, UnsureThreshold.ForAccuracy(Five, 0.99)!.Threshold);
        Assert.Null(UnsureThreshold.ForAccuracy(ScoredRows.FromLogits([0], [[0, 1]], ["a", "b"]), 0.5));
    }
}
