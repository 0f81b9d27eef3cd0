using SentimentML.Evaluation;

namespace SentimentML.Tests.Evaluation;

public class GroupMetricsTests
{
    private static readonly ScoredRows Six = ScoredRows.FromLogits(
        [0, 1, 0, 1, 1, 1], [[1, 0], [0, 1], [0, 1], [0, 1], [1, 0], [0, 1]], ["no", "yes"]);

    [Fact]
    public void A_column_makes_groups_the_largest_first()
    {
        GroupMetrics[] groups = GroupMetrics.ByColumn(Six, ["home", "toy", "home ", "home", null, "toy"]);

        Assert.Equal([("home", 3), ("toy", 2), ("", 1)], groups.Select(group => (group.Name, group.Count)));
        Assert.Equal(2 / 3.0, groups[0].Accuracy.Value, 12);
        Assert.Equal((2 / 3.0 + 2 / 3.0) / 2, groups[0].MacroF1!.Value, 12);
        Assert.Null(groups[1].MacroF1);
    }

    [Fact]
    public void Groups_beyond_the_limit_are_left_out() =>
        Assert.Equal(["b"], GroupMetrics.ByColumn(Six, ["a", "b", "b", "b", "c", "c"], 1).Select(group => group.Name));

    [Fact]
    public void Lengths_make_buckets_of_words_in_order()
    {
        string Text(int words) => string.Join(' ', Enumerable.Repeat("palabra", words));
        GroupMetrics[] groups = GroupMetrics.ByLength(Six, [Text(200), Text(5), Text(6), Text(0), Text(160), Text(161)]);

        Assert.Equal([("0–5", 2), ("6–10", 1), ("81–160", 1), ("161+", 2)], groups.Select(group => (group.Name, group.Count)));
    }

    [Fact]
    public void Stars_make_groups_the_fewest_first() =>
        Assert.Equal([("1", 2), ("4.5", 1), ("5", 3)], GroupMetrics.ByStars(Six, [5, 1, 5, 4.5f, 1, 5]).Select(group => (group.Name, group.Count)));

    [Fact]
    public void A_column_called_length_stands_beside_the_lengths_in_words()
    {
        SentimentEvaluation evaluation = SentimentEvaluation.Of(new EvaluationRows
        {
            Texts = ["mal", "es lo mejor que he comprado"],
            Labels = [0, 1],
            Logits = [[1, 0], [0, 1]],
            LabelNames = ["no", "yes"],
            Columns = new Dictionary<string, IReadOnlyList<string?>> { ["length"] = ["short", "long"] },
        });

        Assert.Equal(["length", "length (column)"], evaluation.Groups.Select(by => by.Key));
        Assert.Equal(["long", "short"], evaluation.Groups[1].Value.Select(group => group.Name));
    }

    [Fact]
    public void The_interval_of_a_share_is_Wilsons()
    {
        // Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662.
        MetricInterval share = GroupMetrics.Share(81, 263);

        Assert.Equal((0.2553, 0.3662), (Math.Round(share.Low, 4), Math.Round(share.High, 4)));
        Assert.True(GroupMetrics.Share(3, 3).Low < 0.5, $"three of three: {GroupMetrics.Share(3, 3)}");
    }

    [Fact]
    public void A_column_of_another_length_is_refused() => Assert.Throws<ArgumentException>(() => GroupMetrics.ByColumn(Six, ["a"]));
}
