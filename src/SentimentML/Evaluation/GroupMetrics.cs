using System.Globalization;

namespace SentimentML.Evaluation;

/// <summary>How a model does on the rows that have something in common.</summary>
/// <param name="Name">What they have in common; empty where the column is.</param>
/// <param name="Count">How many rows there are.</param>
/// <param name="Accuracy">The share that is right, with Wilson's 95 % interval, which holds for small groups too.</param>
/// <param name="MacroF1">The mean of the classes' F1; null where all rows have the same label, since it would say nothing.</param>
internal sealed record GroupMetrics(string Name, int Count, MetricInterval Accuracy, double? MacroF1)
{
    public const int DefaultGroups = 30;

    private static readonly int[] LengthLimits = [5, 10, 20, 40, 80, 160];

    /// <summary>By a column's text: the largest groups first, and what is beyond <paramref name="mostGroups"/> left out.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="keys">The column, a value a row.</param>
    /// <param name="mostGroups">How many groups there may be.</param>
    public static GroupMetrics[] ByColumn(ScoredRows rows, IReadOnlyList<string?> keys, int mostGroups = DefaultGroups) =>
        [.. Groups(rows, keys.Count, row => keys[row]?.Trim() ?? "")
            .OrderByDescending(group => group.Count)
            .ThenBy(group => group.Name, StringComparer.Ordinal)
            .Take(mostGroups)];

    /// <summary>By the number of words: up to 5, 10, 20, 40, 80, 160, and more; groups without a row are left out.</summary>
    public static GroupMetrics[] ByLength(ScoredRows rows, IReadOnlyList<string> texts)
    {
        string[] names = [.. LengthLimits.Select((limit, i) => $"{(i == 0 ? 0 : LengthLimits[i - 1] + 1)}–{limit}"), $"{LengthLimits[^1] + 1}+"];
        return [.. Groups(rows, texts.Count, row => names[LengthLimits.Count(limit => Words.Count(texts[row]) > limit)])
            .OrderBy(group => Array.IndexOf(names, group.Name))];
    }

    /// <summary>By stars, the fewest first.</summary>
    public static GroupMetrics[] ByStars(ScoredRows rows, IReadOnlyList<float> stars) =>
        [.. Groups(rows, stars.Count, row => stars[row].ToString(CultureInfo.InvariantCulture))
            .OrderBy(group => float.Parse(group.Name, CultureInfo.InvariantCulture))];

    /// <summary>Wilson's 95 % interval of a share.</summary>
    public static MetricInterval Share(int part, int whole)
    {
        const double z = 1.959963984540054;
        double share = part / (double)whole, spread = z * z / whole;
        double centre = (share + spread / 2) / (1 + spread);
        double half = z * Math.Sqrt(share * (1 - share) / whole + spread / whole / 4) / (1 + spread);
        return new MetricInterval(share, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    private static IEnumerable<GroupMetrics> Groups(ScoredRows rows, int keyCount, Func<int, string> keyOf)
    {
        if (keyCount != rows.Count)
            throw new ArgumentException($"There are {rows.Count} rows and {keyCount} values to group them by; there must be as many of each.", nameof(keyCount));
        return Enumerable.Range(0, rows.Count)
            .GroupBy(keyOf, StringComparer.Ordinal)
            .Select(group => Of(rows, group.Key, [.. group]));
    }

    private static GroupMetrics Of(ScoredRows rows, string name, int[] members)
    {
        int right = members.Count(rows.IsRight);
        bool hasOneLabel = members.All(row => rows.Labels[row] == rows.Labels[members[0]]);
        return new GroupMetrics(name, members.Length, Share(right, members.Length), hasOneLabel ? null : MacroF1Of(rows, members));
    }

    private static double MacroF1Of(ScoredRows rows, int[] members)
    {
        int[] hits = new int[rows.ClassCount], occurrences = new int[rows.ClassCount];
        foreach (int row in members)
        {
            occurrences[rows.Labels[row]]++;
            occurrences[rows.Predictions[row]]++;
            if (rows.IsRight(row))
                hits[rows.Labels[row]]++;
        }
        return Enumerable.Range(0, rows.ClassCount).Where(c => occurrences[c] > 0).Average(c => 2.0 * hits[c] / occurrences[c]);
    }
}
