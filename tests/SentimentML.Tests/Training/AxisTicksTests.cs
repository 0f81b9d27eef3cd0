using SentimentML.Training;

namespace SentimentML.Tests.Training;

public class AxisTicksTests
{
    [Theory]
    [InlineData(0, 1, 0.2)]
    [InlineData(0.3, 0.9, 0.2)]
    [InlineData(0, 2e-5, 5e-6)]
    [InlineData(-3, 12, 5)]
    public void Steps_are_1_2_or_5_times_a_power_of_ten(double low, double high, double step) => Assert.Equal(step, AxisTicks.Over(low, high, 5).Step, 1e-12);

    [Fact]
    public void Numbers_that_differ_by_rounding_alone_are_one_number()
    {
        double low = Math.BitDecrement(1.0), high = 1;
        AxisTicks ticks = AxisTicks.Over(low, high, 5);
        Assert.Equal(0.2, ticks.Step, 1e-12);
        Assert.Equal([1.0], ticks.Between(low, high));
    }

    [Theory]
    [InlineData(2e-5, 0.93, "F5")]
    [InlineData(5e-6, 2e-5, "0.##e0")]
    [InlineData(0.2, 1, "F1")]
    [InlineData(500, 2000, "N0")]
    public void The_format_tells_the_ticks_apart(double step, double largest, string format) => Assert.Equal(format, new AxisTicks(step).FormatUpTo(largest));
}
