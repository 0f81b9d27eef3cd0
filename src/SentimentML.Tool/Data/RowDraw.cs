namespace SentimentML.Tool.Data;

/// <summary>A part of a file's rows. Files are often sorted by their stars, so that their first rows are no fair sample.</summary>
internal static class RowDraw
{
    /// <summary>The places of <paramref name="count"/> rows out of <paramref name="all"/>.</summary>
    /// <param name="all">How many there are.</param>
    /// <param name="count">How many are wanted.</param>
    /// <param name="seed">What the draw comes from; null for the first rows.</param>
    public static IReadOnlySet<int> Of(int all, int count, int? seed)
    {
        int[] places = [.. Enumerable.Range(0, all)];
        if (seed is { } value)
            new Random(value).Shuffle(places);
        return places.Take(count).ToHashSet();
    }
}
