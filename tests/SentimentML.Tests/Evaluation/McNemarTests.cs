namespace SentimentML.Tests.Evaluation;

public class McNemarTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(5, 5, 1)]
    [InlineData(6, 0, 2.0 / 64)]
    [InlineData(8, 2, 2 * (1 + 10 + 45) / 1024.0)]
    [InlineData(2, 8, 2 * (1 + 10 + 45) / 1024.0)]
    public void The_p_value_is_that_of_tossing_a_coin(int onlyFirst, int onlySecond, double expected) =>
        Assert.Equal(expected, Test(onlyFirst, onlySecond, bothRight: 3).PValue, 12);

    [Fact]
    public void Many_rows_keep_their_digits()
    {
        // The normal approximation with continuity correction: z = (600 - 1) / sqrt(100,600) on 50,600 against 50,000.
        Assert.Equal(0.0589, Test(50_600, 50_000, 0).PValue, 0.0005);
        Assert.InRange(Test(4000, 0, 0).PValue, 0, 1e-300);
    }

    [Fact]
    public void Rows_that_both_have_right_or_wrong_do_not_count()
    {
        McNemar test = McNemar.Test([0, 0, 1, 1, 2], [0, 1, 1, 0, 2], [0, 1, 0, 1, 0]);

        Assert.Equal((2, 1), (test.OnlyFirstRight, test.OnlySecondRight));
    }

    [Fact]
    public void Different_lengths_are_refused() => Assert.Throws<ArgumentException>(() => McNemar.Test([0, 1], [0], [0, 1]));

    private static McNemar Test(int onlyFirst, int onlySecond, int bothRight)
    {
        int[] labels = new int[onlyFirst + onlySecond + bothRight];
        int[] first = [.. labels.Select((_, row) => row >= onlyFirst && row < onlyFirst + onlySecond ? 1 : 0)];
        int[] second = [.. labels.Select((_, row) => row < onlyFirst ? 1 : 0)];
        return McNemar.Test(labels, first, second);
    }
}
