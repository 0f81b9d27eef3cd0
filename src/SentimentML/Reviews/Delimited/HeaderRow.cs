namespace SentimentML.Reviews;

/// <summary>Finds the header of a table below lines that do not belong to it: a title, a date, a type.</summary>
internal static class HeaderRow
{
    private const int MaxRowsAbove = 20;

    /// <summary>
    /// The header's place among a table's first rows, and how many of a review's parts it names. It is a row that names one of them,
    /// with rows above it that have fewer cells than it; else the first row.
    /// </summary>
    public static (int Row, int Parts) Find(IReadOnlyList<string?[]> rows, ReviewColumnNames names)
    {
        (int Row, int Parts) best = (0, 0);
        int mostAbove = 0;
        for (int row = 0; row < rows.Count && row <= MaxRowsAbove; row++)
        {
            int filled = rows[row].Count(cell => !string.IsNullOrWhiteSpace(cell));
            if (row == 0 || mostAbove < filled || (mostAbove == 1 && filled == 1))
            {
                int parts = names.CountParts(rows[row].Select(cell => cell ?? ""));
                if (parts > best.Parts)
                    best = (row, parts);
            }
            if (best.Parts > 0)
                return best;
            mostAbove = Math.Max(mostAbove, filled);
        }
        return best;
    }
}
