using SentimentML.Encoders;

namespace SentimentML.Tests.Encoders;

public class TokenBudgetTests
{
    [Theory]
    [InlineData(2L << 30, 3640)] // 73,728 bytes a token, an eighth of the memory
    [InlineData(64L << 30, 16384)]
    [InlineData(0, 2048)]
    public void The_budget_of_tokens_follows_from_the_memory_that_is_free(long free, int expected) =>
        Assert.Equal(expected, TokenBudget.For(FormulaWeights.BaseConfig, free));
}
