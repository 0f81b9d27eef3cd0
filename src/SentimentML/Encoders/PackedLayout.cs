namespace SentimentML.Encoders;

/// <summary>Rows of tokens one after the other without padding, rows of one length side by side.</summary>
/// <param name="Order">The number of the row that stands at each place.</param>
/// <param name="Ids">The tokens.</param>
/// <param name="Positions">Each token's position, counted from the padding id + 1.</param>
/// <param name="Starts">Where the row at each place begins.</param>
/// <param name="Groups">How many rows of which length follow each other.</param>
internal sealed record PackedLayout(int[] Order, long[] Ids, long[] Positions, long[] Starts, IReadOnlyList<(long Rows, long Length)> Groups)
{
    /// <summary>
    /// Batches have a multiple of so many tokens: every count is a shape of its own, for which oneDNN makes and keeps
    /// kernels, so that memory would grow for as long as new counts come.
    /// </summary>
    private const int Step = 32;

    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="padId">The id that transformers fills short rows with; in a text it has the position of padding.</param>
    public static PackedLayout Of(IReadOnlyList<ReadOnlyMemory<int>> rows, int padId)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(row => rows[row].Length)];
        int tokens = rows.Sum(row => row.Length);
        int filler = rows.Count > 1 ? (Step - tokens % Step) % Step : 0; // a last row, whose answer nobody reads
        long[] ids = new long[tokens + filler];
        long[] positions = new long[ids.Length];
        long[] starts = new long[rows.Count + (filler > 0 ? 1 : 0)];
        var groups = new List<(long Rows, long Length)>();
        for (int place = 0, at = 0; place < order.Length; place++)
        {
            ReadOnlySpan<int> row = rows[order[place]].Span;
            starts[place] = at;
            Place(row, padId, ids.AsSpan(at), positions.AsSpan(at));
            at += row.Length;
            if (groups.Count == 0 || groups[^1].Length != row.Length)
                groups.Add((0, row.Length));
            groups[^1] = (groups[^1].Rows + 1, row.Length);
        }
        if (filler > 0)
        {
            starts[^1] = tokens;
            ids.AsSpan(tokens).Fill(padId);
            positions.AsSpan(tokens).Fill(padId);
            groups.Add((1, filler));
        }
        return new PackedLayout(order, ids, positions, starts, groups);
    }

    /// <summary>Writes a row's ids and positions. As in create_position_ids_from_input_ids, a pad token that stands in the text itself counts for none.</summary>
    public static void Place(ReadOnlySpan<int> row, int padId, Span<long> ids, Span<long> positions)
    {
        int position = padId;
        for (int at = 0; at < row.Length; at++)
        {
            ids[at] = row[at];
            positions[at] = row[at] == padId ? padId : ++position;
        }
    }
}
