namespace SentimentML.Tests.Baselines;

public class StackedModelTests
{
    [Fact]
    public void Two_models_with_errors_of_their_own_are_better_together()
    {
        (double[][] first, double[][] second, int[] labels) = Models(4_000, firstNoise: 1, secondNoise: 1.2, seed: 1);
        StackedModel stack = StackedModel.Fit(first[..1000], second[..1000], labels[..1000]);

        double together = Accuracy(stack.Probabilities(first[1000..], second[1000..]), labels[1000..]);
        double better = Math.Max(Accuracy(first[1000..], labels[1000..]), Accuracy(second[1000..], labels[1000..]));
        Assert.True(together > better, $"together {together}, the better of the two {better}, weight {stack.SecondWeight}");
    }

    [Fact]
    public void A_model_that_knows_nothing_gets_no_say()
    {
        (double[][] first, double[][] second, int[] labels) = Models(2_000, firstNoise: 0.7, secondNoise: 1000, seed: 2);
        StackedModel stack = StackedModel.Fit(first[..1000], second[..1000], labels[..1000]);
        Assert.True(stack.SecondWeight <= 0.1, $"{stack.SecondWeight}");
        double alone = Accuracy(first[1000..], labels[1000..]), together = Accuracy(stack.Probabilities(first[1000..], second[1000..]), labels[1000..]);
        Assert.True(together >= alone - 0.01, $"alone {alone}, together {together}");
    }

    [Fact]
    public void The_same_model_twice_is_that_model()
    {
        (double[][] first, _, int[] labels) = Models(500, firstNoise: 1, secondNoise: 1, seed: 3);
        IReadOnlyList<IReadOnlyList<double>> probabilities = StackedModel.Fit(first, first, labels).Probabilities(first, first);
        Assert.Equal(Accuracy(first, labels), Accuracy(probabilities, labels));
    }

    [Fact]
    public void The_scale_of_a_models_logits_does_not_matter()
    {
        (double[][] first, double[][] second, int[] labels) = Models(500, firstNoise: 1, secondNoise: 1.5, seed: 4);
        double[][] larger = [.. second.Select(row => row.Select(l => l * 1000 + 7).ToArray())];
        IReadOnlyList<IReadOnlyList<double>> expected = StackedModel.Fit(first, second, labels).Probabilities(first, second);
        IReadOnlyList<IReadOnlyList<double>> actual = StackedModel.Fit(first, larger, labels).Probabilities(first, larger);
        Assert.All(expected.Zip(actual), rows => Assert.Equal(rows.First[0], rows.Second[0], 1e-3));
    }

    [Fact]
    public void Probabilities_are_calibrated_by_the_temperature()
    {
        (double[][] first, double[][] second, int[] labels) = Models(4_000, firstNoise: 1, secondNoise: 1, seed: 5);
        IReadOnlyList<IReadOnlyList<double>> probabilities = StackedModel.Fit(first, second, labels).Probabilities(first, second);
        double confidence = probabilities.Average(p => p.Max());
        Assert.Equal(Accuracy(probabilities, labels), confidence, 0.02);
        Assert.All(probabilities, p => Assert.Equal(1, p.Sum(), 1e-5));
    }

    [Fact]
    public void Equal_parts_add_the_logits_over_their_standard_deviations()
    {
        double[][] first = [[1, -1], [-1, 1]], second = [[8, 0], [0, 8]];
        IReadOnlyList<double> p = StackedModel.EqualParts(first, second).Probabilities([1, -1], [0, 4]);
        // Centred, their deviations are 1 and 4: 1 - 0.5 and -1 + 0.5.
        Assert.Equal(1 / (1 + Math.Exp(-1)), p[0], 1e-6);
    }

    [Fact]
    public void Rows_that_do_not_match_are_named()
    {
        double[][] two = [[0, 1], [1, 0]];
        Assert.Contains("2 rows of logits, the second 1", Assert.Throws<ArgumentException>(() => StackedModel.Fit(two, two[..1], [0, 1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("Row 1 has 3 logits, where 2", Assert.Throws<ArgumentException>(() => StackedModel.Fit(two, [[0, 1], [1, 0, 0]], [0, 1])).Message,
            StringComparison.Ordinal);
        Assert.Contains("Row 0 has a logit that is not",
            Assert.Throws<ArgumentException>(() => StackedModel.Fit([[double.NaN, 1], [1, 0]], two, [0, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("Labels must be from 0 to 1", Assert.Throws<ArgumentException>(() => StackedModel.Fit(two, two, [0, 2])).Message,
            StringComparison.Ordinal);
        Assert.Contains("1 labels for 2 rows", Assert.Throws<ArgumentException>(() => StackedModel.Fit(two, two, [0])).Message, StringComparison.Ordinal);
    }

    /// <summary>Three classes; each model sees the truth through noise of its own.</summary>
    private static (double[][] First, double[][] Second, int[] Labels) Models(int rows, double firstNoise, double secondNoise, int seed)
    {
        var random = new Random(seed);
        int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(3))];
        double[][] Logits(double noise) => [.. labels.Select(label => Enumerable.Range(0, 3).Select(c => ((c == label ? 1 : 0) + noise * Normal())).ToArray())];
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return (Logits(firstNoise), Logits(secondNoise), labels);
    }

    private static double Accuracy(IReadOnlyList<IReadOnlyList<double>> scores, int[] labels)
        => scores.Zip(labels).Average(r => Array.IndexOf([.. r.First], r.First.Max()) == r.Second ? 1.0 : 0.0);
}
