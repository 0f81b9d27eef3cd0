namespace SentimentML.Tool.Output;

/// <summary>Places in an array of tasks as sbatch --array takes them.</summary>
internal static class IndexRanges
{
    /// <summary>"3,7-9".</summary>
    public static string Of(IReadOnlyList<int> indexes)
    {
        var ranges = new List<string>();
        for (int i = 0, last; i < indexes.Count; i = last + 1)
        {
            for (last = i; last + 1 < indexes.Count && indexes[last + 1] == indexes[last] + 1;)
                last++;
            ranges.Add(last == i ? $"{indexes[i]}" : $"{indexes[i]}-{indexes[last]}");
        }
        return string.Join(',', ranges);
    }
}
