using SentimentML.Explanations;

namespace SentimentML.Tests.Explanations;

public class GaussLegendreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(32)]
    [InlineData(1024)]
    public void Polynomials_up_to_twice_the_points_are_exact(int count)
    {
        (double[] points, double[] weights) = GaussLegendre.OnUnitInterval(count);
        Assert.Equal(points.Order(), points);
        Assert.All(points, point => Assert.InRange(point, 0, 1));
        foreach (int power in (int[])[0, 1, count, 2 * count - 1])
            Goldens.Near($"the integral of x^{power} by {count} points", 1.0 / (power + 1),
                points.Zip(weights).Sum(p => p.Second * Math.Pow(p.First, power)), 1e-12);
    }

    [Fact]
    public void Two_points_are_where_the_textbook_has_them()
    {
        (double[] points, double[] weights) = GaussLegendre.OnUnitInterval(2);
        Goldens.Near("points", [0.5 - Math.Sqrt(3) / 6, 0.5 + Math.Sqrt(3) / 6], points, 1e-15);
        Goldens.Near("weights", [0.5, 0.5], weights, 1e-15);
    }
}
