using SentimentML.Tokenization;

namespace SentimentML.Encoders;

/// <summary>Rows of tokens one after the other without padding, rows of one length side by side.</summary>
/// <param name="Order">The number of the row that stands at each place.</param>
/// <param name="Ids">The tokens.</param>
/// <param name="Positions">Each token's position.</param>
/// <param name="TokenTypes">Each token's type; empty if all are 0 or the network has none.</param>
/// <param name="Starts">Where the row at each place begins.</param>
/// <param name="Groups">How many rows of which length follow each other.</param>
internal sealed record PackedLayout(int[] Order, long[] Ids, long[] Positions, long[] TokenTypes, long[] Starts, IReadOnlyList<(long Rows, long Length)> Groups)
{
    /// <summary>
    /// Batches have a multiple of so many tokens: every count is a shape of its own, for which oneDNN makes and keeps
    /// kernels, so that memory would grow with every new count.
    /// </summary>
    private const int Step = 32;

    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="config">How positions and types are counted.</param>
    public static PackedLayout Of(IReadOnlyList<TokenRow> rows, EncoderConfig config)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(row => rows[row].Length)];
        int tokens = rows.Sum(row => row.Length);
        int filler = rows.Count > 1 ? (Step - tokens % Step) % Step : 0; // a last row, whose answer is not read
        long[] ids = new long[tokens + filler];
        long[] positions = new long[ids.Length];
        long[] types = HasTypes(rows, config) ? new long[ids.Length] : [];
        long[] starts = new long[rows.Count + (filler > 0 ? 1 : 0)];
        var groups = new List<(long Rows, long Length)>();
        for (int place = 0, at = 0; place < order.Length; place++)
        {
            TokenRow row = rows[order[place]];
            starts[place] = at;
            Place(row, config, ids.AsSpan(at), positions.AsSpan(at), types.Length > 0 ? types.AsSpan(at) : []);
            at += row.Length;
            if (groups.Count == 0 || groups[^1].Length != row.Length)
                groups.Add((0, row.Length));
            groups[^1] = (groups[^1].Rows + 1, row.Length);
        }
        if (filler > 0)
        {
            starts[^1] = tokens;
            ids.AsSpan(tokens).Fill(config.PadTokenId);
            positions.AsSpan(tokens).Fill(PaddingPosition(config));
            groups.Add((1, filler));
        }
        return new PackedLayout(order, ids, positions, types, starts, groups);
    }

    /// <summary>Whether any token is of another type than 0 in a network that tells types apart.</summary>
    public static bool HasTypes(IReadOnlyList<TokenRow> rows, EncoderConfig config) => config.TokenTypes > 1 && rows.Any(row => row.PairStart > 0);

    public static int PaddingPosition(EncoderConfig config) => config.CountsFromPadding ? config.PadTokenId : 0;

    /// <summary>
    /// Writes a row's ids, positions and types. If positions count from the padding id, a pad token that stands in the text itself
    /// counts for none, as in transformers' create_position_ids_from_input_ids.
    /// </summary>
    public static void Place(TokenRow row, EncoderConfig config, Span<long> ids, Span<long> positions, Span<long> types)
    {
        ReadOnlySpan<int> tokens = row.Ids.Span;
        int position = PaddingPosition(config);
        for (int at = 0; at < tokens.Length; at++)
        {
            ids[at] = tokens[at];
            positions[at] = !config.CountsFromPadding ? at : tokens[at] == config.PadTokenId ? config.PadTokenId : ++position;
        }
        if (row.PairStart > 0 && !types.IsEmpty)
            types[row.PairStart..row.Length].Fill(1);
    }
}
