namespace SentimentML.Tests.Evaluation;

/// <summary>
/// What scikit-learn defines where the golden cases have no example: ties, absent classes, extreme logits. Expected values are worked out
/// by hand.
/// </summary>
public class MetricConventionTests
{
    [Fact]
    public void Equal_scores_are_one_threshold()
    {
        // Scores 0.5 (one of each class) and 0.9 (one positive), 0.1 (one negative): pairs won 3 of 4, one tied.
        SentimentMetrics metrics = Binary([0, 1, 1, 0], [0.5, 0.5, 0.9, 0.1]);

        Assert.Equal(3.5 / 4, metrics.RocAuc.Value, 12);
        Assert.Equal(0.5 * 1 + 0.5 * (2 / 3.0), metrics.AveragePrecision.Value, 12);
    }

    [Fact]
    public void The_first_of_the_equally_likely_classes_is_predicted()
    {
        SentimentMetrics metrics = SentimentMetrics.FromLogits([0, 1, 2], [[1, 1, 1], [0, 2, 2], [3, 0, 3]], Rows.Names(3), 0);

        Assert.Equal([[1, 0, 0], [0, 1, 0], [1, 0, 0]], metrics.Confusion);
    }

    [Fact]
    public void All_scores_equal_rank_as_guessing_does()
    {
        SentimentMetrics metrics = Binary([0, 1, 1, 0, 1], [0.3, 0.3, 0.3, 0.3, 0.3]);

        Assert.Equal(0.5, metrics.RocAuc.Value, 12);
        Assert.Equal(3 / 5.0, metrics.AveragePrecision.Value, 12);
    }

    [Fact]
    public void Where_one_class_has_no_row_the_roc_auc_is_not_defined()
    {
        SentimentMetrics noPositive = Binary([0, 0, 0], [0.2, 0.6, 0.1]), allPositive = Binary([1, 1, 1], [0.2, 0.6, 0.1]);

        Assert.True(double.IsNaN(noPositive.RocAuc.Value), $"{noPositive.RocAuc}");
        Assert.Equal(0, noPositive.AveragePrecision.Value, 12);
        Assert.True(double.IsNaN(allPositive.RocAuc.Value), $"{allPositive.RocAuc}");
        Assert.Equal(1, allPositive.AveragePrecision.Value, 12);
    }

    [Fact]
    public void A_class_that_is_neither_true_nor_predicted_counts_zero_itself_and_is_left_out_of_macro_f1()
    {
        SentimentMetrics metrics = SentimentMetrics.FromLogits([0, 1, 1, 0], [[5, 0, 0], [0, 5, 0], [5, 0, 0], [5, 0, 0]], Rows.Names(3), 0);

        Assert.Equal([0, 0, 0], [metrics.Labels[2].Precision.Value, metrics.Labels[2].Recall.Value, metrics.Labels[2].F1.Value]);
        Assert.Equal((0.8 + 2 / 3.0) / 2, metrics.MacroF1.Value, 12);
        Assert.Equal((metrics.Labels[0].RocAuc.Value + metrics.Labels[1].RocAuc.Value) / 2, metrics.RocAuc.Value, 12);
        Assert.Equal((metrics.Labels[0].AveragePrecision.Value + metrics.Labels[1].AveragePrecision.Value) / 2, metrics.AveragePrecision.Value, 12);
    }

    [Fact]
    public void Of_a_perfect_result_accuracy_has_Wilsons_interval_and_the_other_figures_have_none()
    {
        SentimentMetrics metrics = SentimentMetrics.FromLogits([0, 1], [[5, 0], [0, 5]], ["no", "yes"]);

        Assert.Equal(GroupMetrics.Share(2, 2), metrics.Accuracy);
        Assert.Equal(0.342, metrics.Accuracy.Low, 3);
        foreach (MetricInterval figure in (MetricInterval[])[metrics.MacroF1, metrics.Matthews, metrics.AveragePrecision, metrics.Labels[1].Precision])
            Assert.Equal((1, double.NaN, double.NaN), (figure.Value, figure.Low, figure.High));
    }

    [Fact]
    public void A_class_that_is_predicted_and_never_true_pulls_macro_f1_down()
    {
        SentimentMetrics metrics = SentimentMetrics.FromLogits([0, 1, 1], [[5, 0, 0], [0, 5, 0], [0, 0, 5]], Rows.Names(3), 0);

        Assert.Equal((1 + 2 / 3.0 + 0) / 3, metrics.MacroF1.Value, 12);
        Assert.Equal((1 * 1 + 2 * (2 / 3.0)) / 3, metrics.WeightedF1.Value, 12);
    }

    [Theory]
    [InlineData(new[] { 1, 1, 1, 1 }, new[] { 0.9, 0.9, 0.1, 0.9 })]
    [InlineData(new[] { 1, 0, 1, 0 }, new[] { 0.9, 0.9, 0.9, 0.9 })]
    public void Matthews_is_zero_where_labels_or_predictions_know_one_class_only(int[] labels, double[] scores) =>
        Assert.Equal(0, Binary(labels, scores).Matthews.Value, 12);

    [Fact]
    public void Certain_and_wrong_costs_the_logarithm_of_the_machines_epsilon()
    {
        SentimentMetrics metrics = SentimentMetrics.FromLogits([0, 1], [[-5000, 5000], [-5000, 5000]], ["no", "yes"], 0);

        Assert.Equal((-Math.Log(Math.ScaleB(1, -52)) - Math.Log(1 - Math.ScaleB(1, -52))) / 2, metrics.LogLoss.Value, 12);
        Assert.Equal(1, metrics.Brier.Value, 12);
        Assert.Equal(0.5, metrics.CalibrationError.Value, 12);
    }

    [Fact]
    public void A_confidence_on_an_edge_belongs_to_the_bin_below()
    {
        Assert.Equal(0, SentimentML.Evaluation.MetricSet.BinOf(0));
        Assert.Equal(4, SentimentML.Evaluation.MetricSet.BinOf(5 * (1.0 / 15)));
        Assert.Equal(5, SentimentML.Evaluation.MetricSet.BinOf(Math.BitIncrement(5 * (1.0 / 15))));
        Assert.Equal(14, SentimentML.Evaluation.MetricSet.BinOf(1));
    }

    [Fact]
    public void Two_classes_have_the_same_figures_from_logits_and_from_their_probabilities()
    {
        (int[] labels, double[][] logits) = Rows.Drawn(100, 2);
        double[][] probabilities = [.. logits.Select(row => new Calibration(1).Apply(row))];
        SentimentMetrics a = SentimentMetrics.FromLogits(labels, logits, ["no", "yes"], 0),
            b = SentimentMetrics.FromProbabilities(labels, probabilities, ["no", "yes"], 0);

        Assert.Equal((a.Accuracy, a.RocAuc, a.LogLoss, a.Brier, a.CalibrationError), (b.Accuracy, b.RocAuc, b.LogLoss, b.Brier, b.CalibrationError));
    }

    [Theory]
    [InlineData(2, 30)]
    [InlineData(3, 60)]
    [InlineData(7, 200)]
    public void The_ranking_figures_are_those_of_their_definition(int classes, int count)
    {
        (int[] labels, double[][] logits) = Rows.Drawn(count, classes, seed: count);
        SentimentMetrics metrics = SentimentMetrics.FromLogits(labels, logits, Rows.Names(classes), 0);
        double[][] probabilities = [.. logits.Select(row => new Calibration(1).Apply(row))];
        for (int c = 0; c < classes; c++)
        {
            double[] scores = [.. probabilities.Select(row => row[c])];
            bool[] isPositive = [.. labels.Select(label => label == c)];
            Assert.Equal(PairsWon(scores, isPositive), metrics.Labels[c].RocAuc.Value, 12);
            Assert.Equal(StepArea(scores, isPositive), metrics.Labels[c].AveragePrecision.Value, 12);
        }
    }

    [Fact]
    public void What_is_no_distribution_or_does_not_fit_is_refused_with_the_row()
    {
        ArgumentException notOne = Assert.Throws<ArgumentException>(() => SentimentMetrics.FromProbabilities([0, 1], [[0.5, 0.5], [0.9, 0.9]], ["a", "b"]));
        ArgumentException notFinite = Assert.Throws<ArgumentException>(() => SentimentMetrics.FromLogits([0, 1], [[0, 1], [double.NaN, 1]], ["a", "b"]));
        ArgumentException outOfRange = Assert.Throws<ArgumentException>(() => SentimentMetrics.FromLogits([0, 2], [[0, 1], [0, 1]], ["a", "b"]));
        ArgumentException tooFew = Assert.Throws<ArgumentException>(() => SentimentMetrics.FromLogits([0, 1], [[0, 1], [0]], ["a", "b"]));

        Assert.StartsWith("Row 1 adds up to 1.8, expected probabilities that add up to 1.", notOne.Message, StringComparison.Ordinal);
        Assert.StartsWith("Row 1 has the score NaN, expected a finite number.", notFinite.Message, StringComparison.Ordinal);
        Assert.StartsWith("Row 1 has label 2, expected 0 to 1.", outOfRange.Message, StringComparison.Ordinal);
        Assert.StartsWith("Row 1 has 1 scores, expected one for each of the 2 labels.", tooFew.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SentimentMetrics.FromLogits([], [], ["a", "b"]));
    }

    private static SentimentMetrics Binary(int[] labels, double[] scores) =>
        SentimentMetrics.FromProbabilities(labels, [.. scores.Select(score => new[] { 1 - score, score })], ["no", "yes"], 0);

    [Fact]
    public void A_label_without_a_row_does_not_make_the_others_unbalanced()
    {
        static bool IsUnbalanced(int[] labels) => SentimentMetrics.FromLogits(
            labels, [.. labels.Select(_ => (IReadOnlyList<double>)[2, 1, 0])], ["negative", "neutral", "positive"], resamples: 0).IsUnbalanced;

        Assert.False(IsUnbalanced([0, 2, 2, 0]));
        Assert.True(IsUnbalanced([0, 2, 2, 2, 2]));
        Assert.True(IsUnbalanced([0, 0, 0, 1, 2, 2, 2]));
    }

    private static double PairsWon(double[] scores, bool[] isPositive)
    {
        double won = 0, pairs = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            for (int j = 0; j < scores.Length; j++)
            {
                if (!isPositive[i] || isPositive[j])
                    continue;
                pairs++;
                won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        }
        return won / pairs;
    }

    private static double StepArea(double[] scores, bool[] isPositive)
    {
        double area = 0, recallBefore = 0, support = isPositive.Count(positive => positive);
        foreach (double threshold in scores.Distinct().OrderDescending())
        {
            double chosen = scores.Count(score => score >= threshold);
            double hits = scores.Where((score, i) => score >= threshold && isPositive[i]).Count();
            area += (hits / support - recallBefore) * (hits / chosen);
            recallBefore = hits / support;
        }
        return area;
    }
}
