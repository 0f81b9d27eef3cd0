namespace SentimentML.Reviews;

/// <summary>Finds the header of a table below lines that do not belong to it: a title, a date, a type.</summary>
internal static class HeaderRow
{
    private const int MaxRowsAbove = 20;

    /// <summary>
    /// The header's place among a table's first rows, and how many of a review's parts it names. It is the row that names most of them, of those
    /// whose rows above have fewer cells than it; else the first row. Of two that name as many it is the first, unless that is a title in one cell.
    /// </summary>
    public static (int Row, int Parts) Find(IReadOnlyList<string?[]> rows, ReviewColumnNames names)
    {
        (int Row, int Parts, int Filled) best = (0, 0, 0);
        int mostAbove = 0;
        for (int row = 0; row < rows.Count && row <= MaxRowsAbove; row++)
        {
            int filled = rows[row].Count(cell => !string.IsNullOrWhiteSpace(cell));
            if (row == 0 || mostAbove < filled || (mostAbove == 1 && filled == 1))
            {
                int parts = names.CountParts(rows[row].Select(cell => cell ?? ""));
                if (parts > best.Parts || (parts > 0 && parts == best.Parts && best.Filled == 1 && filled > 1))
                    best = (row, parts, filled);
            }
            mostAbove = Math.Max(mostAbove, filled);
        }
        return (best.Row, best.Parts);
    }
}
