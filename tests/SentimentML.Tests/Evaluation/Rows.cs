namespace SentimentML.Tests.Evaluation;

/// <summary>Rows drawn for a test: labels, and logits that lean towards them.</summary>
internal static class Rows
{
    public static (int[] Labels, double[][] Logits) Drawn(int count, int classes, int seed = 1, double lean = 1.5)
    {
        Random random = new(seed);
        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(classes))];
        double[][] logits = [.. labels.Select(label => Enumerable.Range(0, classes)
            .Select(c => Math.Round(4 * (random.NextDouble() - 0.5) + (c == label ? lean : 0), 2)).ToArray())];
        return (labels, logits);
    }

    public static string[] Names(int classes) => [.. Enumerable.Range(0, classes).Select(c => $"class {c}")];
}
