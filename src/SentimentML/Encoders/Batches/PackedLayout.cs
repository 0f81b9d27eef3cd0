using SentimentML.Tokenization;

namespace SentimentML.Encoders;

/// <summary>Rows of tokens one after the other: without padding, rows of one length side by side, or filled up to one length.</summary>
/// <param name="Order">The number of the row that stands at each place.</param>
/// <param name="Ids">The tokens.</param>
/// <param name="Positions">Each token's position.</param>
/// <param name="TokenTypes">Each token's type; empty if all are 0 or the network has none.</param>
/// <param name="Starts">Where the row at each place begins.</param>
/// <param name="Groups">How many rows of which length follow each other.</param>
internal sealed record PackedLayout(int[] Order, long[] Ids, long[] Positions, long[] TokenTypes, long[] Starts, IReadOnlyList<(long Rows, long Length)> Groups)
{
    /// <summary>
    /// Tokens are filled up to a multiple of <see cref="Step"/>, few ones of <see cref="FewStep"/>: every count is a shape of its own, for which
    /// oneDNN makes and keeps kernels, so that memory would grow with every new count.
    /// </summary>
    private const int Step = 16, FewStep = 8, Few = 64;

    /// <summary>Which tokens are the rows' own and no padding; empty if all are.</summary>
    public bool[] Present { get; private init; } = [];

    /// <summary><see cref="Starts"/> filled up to a multiple of <see cref="FewStep"/> by the last of them, for the same reason as the tokens.</summary>
    public long[] FilledStarts => [.. Starts, .. Enumerable.Repeat(Starts[^1], Filling(Starts.Length, FewStep))];

    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="config">How positions and types are counted.</param>
    /// <param name="filled">Whether a row of padding fills up the tokens to a multiple. The default value is true.</param>
    public static PackedLayout Of(IReadOnlyList<TokenRow> rows, EncoderConfig config, bool filled = true)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(row => rows[row].Length)];
        int tokens = rows.Sum(row => row.Length);
        int filler = filled ? Filling(tokens, tokens < Few ? FewStep : Step) : 0; // a last row, whose answer is not read
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

    /// <summary>
    /// The rows in the order they are given, each filled up to the longest: for a GPU, where one attention over all rows is quicker than
    /// one for each length.
    /// </summary>
    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="config">How positions and types are counted.</param>
    /// <param name="multiple">
    /// What the length is a multiple of, up to the longest row that the network takes. The default value is 8, as the fused kernels want masks.
    /// </param>
    public static PackedLayout Padded(IReadOnlyList<TokenRow> rows, EncoderConfig config, int multiple = 8)
    {
        int longest = rows.Max(row => row.Length);
        int length = Math.Max(longest, Math.Min((longest + multiple - 1) / multiple * multiple, config.MaxTokens));
        long[] ids = new long[rows.Count * length];
        long[] positions = new long[ids.Length];
        long[] types = HasTypes(rows, config) ? new long[ids.Length] : [];
        bool[] present = rows.All(row => row.Length == length) ? [] : new bool[ids.Length];
        Array.Fill(ids, config.PadTokenId);
        Array.Fill(positions, PaddingPosition(config));
        for (int row = 0; row < rows.Count; row++)
        {
            int at = row * length;
            Place(rows[row], config, ids.AsSpan(at), positions.AsSpan(at), types.Length > 0 ? types.AsSpan(at) : []);
            if (present.Length > 0)
                present.AsSpan(at, rows[row].Length).Fill(true);
        }
        return new PackedLayout(
            [.. Enumerable.Range(0, rows.Count)], ids, positions, types, [.. Enumerable.Range(0, rows.Count).Select(row => (long)row * length)],
            [(rows.Count, length)])
        {
            Present = present,
        };
    }

    /// <summary>Whether any token is of another type than 0 in a network that tells types apart.</summary>
    private static bool HasTypes(IReadOnlyList<TokenRow> rows, EncoderConfig config) => config.TokenTypes > 1 && rows.Any(row => row.PairStart > 0);

    /// <summary>How many are missing to a multiple of a step.</summary>
    private static int Filling(int count, int step) => (step - count % step) % step;

    private static int PaddingPosition(EncoderConfig config) => config.CountsFromPadding ? config.PadTokenId : 0;

    /// <summary>
    /// Writes a row's ids, positions and types. If positions count from the padding id, a pad token that stands in the text itself
    /// counts for none, as in transformers' create_position_ids_from_input_ids.
    /// </summary>
    private static void Place(TokenRow row, EncoderConfig config, Span<long> ids, Span<long> positions, Span<long> types)
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
