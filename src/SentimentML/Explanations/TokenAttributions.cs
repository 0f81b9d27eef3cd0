namespace SentimentML.Explanations;

/// <summary>What each token did to a label's lead.</summary>
/// <param name="Weights">One for each token; 0 for the tokens that were put around the text.</param>
/// <param name="Difference">What the weights add up to when the integral is exact.</param>
/// <param name="Steps">Points of the integral.</param>
internal sealed record TokenAttributions(double[] Weights, double Difference, int Steps)
{
    /// <summary>What float32 logits cannot tell from equal.</summary>
    private const double Rounding = 1e-5;

    /// <summary>How far the sum is from the difference, as a share of the difference.</summary>
    public double Gap
    {
        get
        {
            double error = Math.Abs(Weights.Sum() - Difference);
            return error <= Rounding ? 0 : error / Math.Abs(Difference);
        }
    }
}
