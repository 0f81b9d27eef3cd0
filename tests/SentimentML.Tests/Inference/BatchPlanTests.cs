using SentimentML.Inference;

namespace SentimentML.Tests.Inference;

/// <summary>Which rows are answered together.</summary>
public class BatchPlanTests
{
    [Fact]
    public void Every_row_is_in_one_batch_of_like_length_and_the_batches_become_smaller_towards_the_end()
    {
        int[] lengths = [.. Enumerable.Range(0, 1000).Select(i => 3 + i * 37 % 97)];
        int[][] batches = [.. BatchPlan.ByLength(lengths)];
        Assert.Equal(Enumerable.Range(0, lengths.Length), batches.SelectMany(batch => batch).Order());
        int[] padded = [.. batches.Select(batch => batch.Length * batch.Max(row => lengths[row]))];
        Assert.All(padded, tokens => Assert.InRange(tokens, 1, BatchPlan.MaxTokens));
        Assert.True(padded[0] > 0.9 * BatchPlan.MaxTokens, $"the first batch has {padded[0]} tokens");
        Assert.InRange(padded[^1], 1, BatchPlan.MaxTokens / 2);
        Assert.Equal(batches.SelectMany(batch => batch.Select(row => lengths[row])), lengths.OrderDescending());
    }

    [Fact]
    public void Without_padding_only_the_rows_own_tokens_are_counted()
    {
        int[] lengths = [90, 40, 30, 20, 10, 10];
        Assert.Equal([[0], [1, 2, 3, 4], [5]], BatchPlan.ByLength(lengths, maxTokens: 100, minTokens: 100, countsPadding: false));
        Assert.Equal([[0], [1, 2], [3, 4, 5]], BatchPlan.ByLength(lengths, maxTokens: 100, minTokens: 100));
    }

    [Fact]
    public void A_row_that_is_longer_than_a_batch_is_alone()
    {
        int[][] batches = [.. BatchPlan.ByLength([5, 2000, 5, 900])];
        Assert.Equal([[1], [3], [0, 2]], batches);
    }
}
