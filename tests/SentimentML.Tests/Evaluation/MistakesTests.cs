using SentimentML.Evaluation;

namespace SentimentML.Tests.Evaluation;

public class MistakesTests
{
    [Fact]
    public void The_worst_mistakes_are_those_surest_of_the_wrong_class()
    {
        ScoredRows rows = ScoredRows.FromProbabilities([1, 1, 0, 0], [[0.6, 0.4], [0.95, 0.05], [0.9, 0.1], [0.2, 0.8]], ["no", "yes"]);

        Assert.Equal([1, 3, 0], Mistakes.Worst(rows, 10));
        Assert.Equal([1], Mistakes.Worst(rows, 1));
    }

    [Fact]
    public void Labels_turned_by_hand_are_found_among_the_probable_errors()
    {
        (int[] labels, double[][] logits) = Rows.Drawn(1000, 3, lean: 6);
        int[] turned = [10, 200, 300, 555, 999];
        foreach (int row in turned)
            labels[row] = (labels[row] + 1) % 3;

        SuspectLabel[] suspects = Mistakes.ProbableLabelErrors(ScoredRows.FromLogits(labels, logits, Rows.Names(3)), 50);

        Assert.True(turned.ToHashSet().IsSubsetOf(suspects.Take(5).Select(suspect => suspect.Row)), string.Join(Environment.NewLine, suspects));
        Assert.All(suspects, suspect => Assert.NotEqual(suspect.Given, suspect.Suggested));
    }

    [Fact]
    public void A_doubtful_disagreement_is_no_label_error()
    {
        ScoredRows rows = ScoredRows.FromProbabilities([0, 1, 1], [[0.9, 0.1], [0.55, 0.45], [0.1, 0.9]], ["no", "yes"]);

        Assert.Empty(Mistakes.ProbableLabelErrors(rows, 10));
    }
}
