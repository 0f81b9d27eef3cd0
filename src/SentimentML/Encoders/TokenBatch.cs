using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>Rows of tokens as the network takes them: padded on the right to the longest, or packed without padding.</summary>
internal sealed class TokenBatch : IDisposable
{
    private readonly Tensor? _starts;

    private TokenBatch(Tensor ids, Tensor positions, Tensor? mask)
    {
        Ids = ids;
        Positions = positions;
        Mask = mask;
    }

    private TokenBatch(Tensor ids, Tensor positions, Tensor starts, IReadOnlyList<(long Rows, long Length)> groups)
    {
        Ids = ids;
        Positions = positions;
        Groups = groups;
        _starts = starts;
    }

    /// <summary>[rows, length] int64; [tokens] where they are packed</summary>
    public Tensor Ids { get; }

    /// <summary>As <see cref="Ids"/>: counted from pad id + 1; the pad id itself where a token is padding.</summary>
    public Tensor Positions { get; }

    /// <summary>[rows, 1, 1, length] bool, true where there is a token; null when no row is padded.</summary>
    public Tensor? Mask { get; }

    /// <summary>Where they are packed: how many rows of which length follow each other.</summary>
    public IReadOnlyList<(long Rows, long Length)>? Groups { get; }

    /// <summary>The rows one after the other, so that the matrices see tokens only. Many small products for the attention: for a CPU.</summary>
    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="padId">The id of padding.</param>
    public static TokenBatch Packed(IReadOnlyList<ReadOnlyMemory<int>> rows, int padId)
    {
        PackedLayout layout = PackedLayout.Of(rows, padId);
        long[] starts = new long[rows.Count]; // in the order of the rows as they were given
        for (int place = 0; place < layout.Order.Length; place++)
            starts[layout.Order[place]] = layout.Starts[place];
        return new TokenBatch(tensor(layout.Ids), tensor(layout.Positions), tensor(starts), layout.Groups);
    }

    /// <summary>The vectors of each row's first token, in the order of the rows as they were given: [rows, hidden].</summary>
    /// <param name="hidden">[rows, length, hidden], or [tokens, hidden] where they are packed</param>
    public Tensor First(Tensor hidden) => _starts is null ? hidden[TensorIndex.Colon, 0] : hidden.index_select(0, _starts);

    /// <summary>The rows below each other, filled up to the longest.</summary>
    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="padId">The id that fills short rows.</param>
    /// <param name="device">Where the network is.</param>
    public static TokenBatch Padded(IReadOnlyList<ReadOnlyMemory<int>> rows, int padId, Device device)
    {
        int length = rows.Max(row => row.Length);
        long[] ids = new long[rows.Count * length];
        long[] positions = new long[ids.Length];
        bool[] mask = new bool[ids.Length];
        Array.Fill(ids, padId);
        Array.Fill(positions, padId);
        bool padded = false;
        for (int r = 0; r < rows.Count; r++)
        {
            ReadOnlySpan<int> row = rows[r].Span;
            PackedLayout.Place(row, padId, ids.AsSpan(r * length), positions.AsSpan(r * length));
            mask.AsSpan(r * length, row.Length).Fill(true);
            padded |= row.Length < length;
        }
        return new TokenBatch(
            tensor(ids, [rows.Count, length], device: device),
            tensor(positions, [rows.Count, length], device: device),
            padded ? tensor(mask, [rows.Count, 1, 1, length], device: device) : null);
    }

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        Mask?.Dispose();
        _starts?.Dispose();
    }
}
