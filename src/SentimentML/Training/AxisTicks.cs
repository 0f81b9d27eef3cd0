namespace SentimentML.Training;

/// <summary>The numbers along an axis, as a person chooses them: multiples of 1, 2 or 5 times a power of ten.</summary>
/// <param name="Step">The distance between two of them.</param>
internal readonly record struct AxisTicks(double Step)
{
    /// <summary>A multiple that is this near, in steps, is the number itself: 0.3 is 2.9999999999999996 times 0.1.</summary>
    private const double Rounding = 1e-6;

    /// <summary>The finest ticks that are not too many.</summary>
    /// <param name="low">The lowest number to show.</param>
    /// <param name="high">The highest number to show. One that differs from the lowest by rounding alone counts as the same.</param>
    /// <param name="most">The most steps between them, 1 or more.</param>
    public static AxisTicks Over(double low, double high, int most)
    {
        double largest = Math.Max(Math.Abs(low), Math.Abs(high));
        return Over(high - low > 1e-9 * largest ? high - low : Math.Max(1e-9, largest), most);
    }

    /// <summary>The finest ticks that are not too many.</summary>
    /// <param name="range">The axis's length, above 0.</param>
    /// <param name="most">The most steps in it, 1 or more.</param>
    public static AxisTicks Over(double range, int most)
    {
        double least = range / most, power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return new AxisTicks(power * ((least / power) switch { <= 1 + Rounding => 1, <= 2 + Rounding => 2, <= 5 + Rounding => 5, _ => 10 }));
    }

    /// <summary>The last of them that is not above a number.</summary>
    public double Below(double value) => Math.Floor(value / Step + Rounding) * Step;

    /// <summary>The first of them that is not below a number.</summary>
    public double Above(double value) => Math.Ceiling(value / Step - Rounding) * Step;

    /// <summary>Those between two numbers, both included.</summary>
    public IEnumerable<double> Between(double low, double high)
    {
        for (double at = Math.Ceiling(low / Step - Rounding), end = Math.Floor(high / Step + Rounding); at <= end; at++)
            yield return at * Step + 0.0; // no negative zero
    }

    /// <summary>The format that tells them apart: with as many decimals as the step has; very small ones in powers of ten.</summary>
    /// <param name="largest">The largest number to show, without its sign.</param>
    public string FormatUpTo(double largest) => largest < 1e-3 ? "0.##e0" : Step < 1 ? $"F{(int)Math.Ceiling(-Math.Log10(Step) - Rounding)}" : "N0";
}
