namespace SentimentML.Explanations;

/// <summary>Gauss-Legendre quadrature over 0 to 1: n points are exact for polynomials up to degree 2n - 1.</summary>
internal static class GaussLegendre
{
    /// <summary>The points, ascending, and their weights, which add up to 1.</summary>
    public static (double[] Points, double[] Weights) OnUnitInterval(int count)
    {
        double[] points = new double[count], weights = new double[count];
        for (int i = 0; i < (count + 1) / 2; i++)
        {
            double x = Math.Cos(Math.PI * (i + 0.75) / (count + 0.5)); // close enough for Newton's method
            double slope = 0;
            for (double step = 1; Math.Abs(step) > 1e-15;)
            {
                (double value, slope) = Polynomial(count, x);
                step = value / slope;
                x -= step;
            }
            (points[i], points[count - 1 - i]) = ((1 - x) / 2, (1 + x) / 2);
            weights[i] = weights[count - 1 - i] = 1 / ((1 - x * x) * slope * slope);
        }
        return (points, weights);
    }

    /// <summary>The Legendre polynomial of a degree and its derivative, by Bonnet's recursion.</summary>
    private static (double Value, double Slope) Polynomial(int degree, double x)
    {
        double before = 1, value = x;
        for (int n = 2; n <= degree; n++)
            (before, value) = (value, ((2 * n - 1) * x * value - (n - 1) * before) / n);
        return (value, degree * (x * value - before) / (x * x - 1));
    }
}
