using System.Globalization;
using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>How a model does on the rows that have something in common.</summary>
public sealed record GroupMetrics
{
    internal const int DefaultGroups = 30;

    private static readonly int[] LengthLimits = [5, 10, 20, 40, 80, 160];

    private GroupMetrics(string name, int count, MetricInterval accuracy, double? macroF1)
    {
        Name = name;
        Count = count;
        Accuracy = accuracy;
        MacroF1 = macroF1;
    }

    /// <summary>What the rows have in common; empty if the column is.</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The share of them that is right, with Wilson's 95 % interval, which holds for small groups too.</summary>
    public MetricInterval Accuracy { get; }

    /// <summary>The mean of the labels' F1; null if all rows have the same label, since it would say nothing.</summary>
    public double? MacroF1 { get; }

    /// <summary>By a column's text: the largest groups first, and those beyond <paramref name="maxGroups"/> left out.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="keys">The column, a value a row.</param>
    /// <param name="maxGroups">The most groups.</param>
    internal static GroupMetrics[] ByColumn(ScoredRows rows, IReadOnlyList<string?> keys, int maxGroups = DefaultGroups) =>
        [.. Groups(rows, keys.Count, row => keys[row]?.Trim() ?? "")
            .OrderByDescending(group => group.Count)
            .ThenBy(group => group.Name, StringComparer.Ordinal)
            .Take(maxGroups)];

    /// <summary>By the number of words: up to 5, 10, 20, 40, 80, 160, and more; groups without a row are left out.</summary>
    internal static GroupMetrics[] ByLength(ScoredRows rows, IReadOnlyList<string> texts)
    {
        string[] names = [.. LengthLimits.Select((limit, i) => $"{(i == 0 ? 0 : LengthLimits[i - 1] + 1)}–{limit}"), $"{LengthLimits[^1] + 1}+"];
        string NameOf(int row)
        {
            int words = Words.Count(texts[row]);
            return names[LengthLimits.Count(limit => words > limit)];
        }

        return [.. Groups(rows, texts.Count, NameOf).OrderBy(group => Array.IndexOf(names, group.Name))];
    }

    /// <summary>By stars, the fewest first.</summary>
    internal static GroupMetrics[] ByStars(ScoredRows rows, IReadOnlyList<float> stars) =>
        [.. Groups(rows, stars.Count, row => stars[row].ToString(CultureInfo.InvariantCulture))
            .OrderBy(group => float.Parse(group.Name, CultureInfo.InvariantCulture))];

    /// <summary>Wilson's 95 % interval of a share.</summary>
    internal static MetricInterval Share(int part, int whole)
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
            throw new ArgumentException($"There are {rows.Count} rows and {keyCount} values to group them by, expected as many of each.", nameof(keyCount));
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
        int[] hits = new int[rows.LabelCount], occurrences = new int[rows.LabelCount];
        foreach (int row in members)
        {
            occurrences[rows.Labels[row]]++;
            occurrences[rows.Predictions[row]]++;
            if (rows.IsRight(row))
                hits[rows.Labels[row]]++;
        }
        return Enumerable.Range(0, rows.LabelCount).Where(c => occurrences[c] > 0).Average(c => 2.0 * hits[c] / occurrences[c]);
    }
}
