using SentimentML.Tokenization;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>Rows of tokens as the network takes them: padded on the right to the longest, or packed without padding.</summary>
internal sealed class TokenBatch : IDisposable
{
    private readonly PackedLayout? _layout;
    private readonly Dictionary<double, RotaryTable> _rotary = [];

    private TokenBatch(Tensor ids, Tensor positions, Tensor? tokenTypes, Tensor? mask)
    {
        Ids = ids;
        Positions = positions;
        TokenTypes = tokenTypes;
        Mask = mask;
    }

    private TokenBatch(PackedLayout layout)
        : this(tensor(layout.Ids), tensor(layout.Positions), layout.TokenTypes.Length > 0 ? tensor(layout.TokenTypes) : null, null)
    {
        _layout = layout;
    }

    /// <summary>What a part of an attention computes: queries, keys and values [rows × length, hidden], the sizes, and a mask that may be null.</summary>
    /// <returns>[rows, length, hidden]</returns>
    public delegate Tensor AttentionOfRows(Tensor query, Tensor key, Tensor value, long rows, long length, Tensor? mask);

    /// <summary>[rows, length] int64; [tokens] if they are packed</summary>
    public Tensor Ids { get; }

    /// <summary>As <see cref="Ids"/>.</summary>
    public Tensor Positions { get; }

    /// <summary>As <see cref="Ids"/>; null if all are of type 0.</summary>
    public Tensor? TokenTypes { get; }

    /// <summary>[rows, 1, 1, length] bool, true at tokens and false at padding; null if no row is padded.</summary>
    public Tensor? Mask { get; }

    /// <summary>How many rows of which length follow each other, if they are packed; else null.</summary>
    public IReadOnlyList<(long Rows, long Length)>? Groups => _layout?.Groups;

    /// <summary>The rows one after the other, so that the matrices see tokens only. Many small products for the attention: for a CPU.</summary>
    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="config">How the network counts positions and types.</param>
    public static TokenBatch Packed(IReadOnlyList<TokenRow> rows, EncoderConfig config) => new(PackedLayout.Of(rows, config));

    /// <summary>The rows below each other, filled up to the longest.</summary>
    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="config">How the network counts positions and types.</param>
    /// <param name="device">Where the network is.</param>
    public static TokenBatch Padded(IReadOnlyList<TokenRow> rows, EncoderConfig config, Device device)
    {
        PackedLayout layout = PackedLayout.Padded(rows, config, multiple: device.type == DeviceType.CUDA ? 8 : 1);
        long length = layout.Groups[0].Length;
        long[] shape = [rows.Count, length];
        return new TokenBatch(
            tensor(layout.Ids, shape).MovedTo(device),
            tensor(layout.Positions, shape).MovedTo(device),
            layout.TokenTypes.Length > 0 ? tensor(layout.TokenTypes, shape).MovedTo(device) : null,
            layout.Present.Length > 0 ? tensor(layout.Present, [rows.Count, 1, 1, length]).MovedTo(device) : null);
    }

    /// <summary>An attention in which every row sees its own tokens only.</summary>
    /// <param name="query">[rows, length, hidden]; [tokens, hidden] if packed; keys and values likewise</param>
    /// <param name="key">What is compared with the queries.</param>
    /// <param name="value">What is averaged.</param>
    /// <param name="attention">Called for rows of one length.</param>
    /// <returns>As the queries.</returns>
    public Tensor Attend(Tensor query, Tensor key, Tensor value, AttentionOfRows attention)
    {
        if (_layout is null)
            return attention(query, key, value, query.shape[0], query.shape[1], Mask);
        long[] sizes = Sizes(_layout);
        Tensor[] q = query.split(sizes), k = key.split(sizes), v = value.split(sizes);
        // [tokens, hidden]
        return cat([.. _layout.Groups.Select((group, i) => attention(q[i], k[i], v[i], group.Rows, group.Length, null).view(sizes[i], -1))]);
    }

    /// <summary>The rotary positions of these rows.</summary>
    /// <param name="headSize">The size of an attention head.</param>
    /// <param name="theta">The base of the angles.</param>
    public RotaryTable Rotary(int headSize, double theta)
    {
        if (!_rotary.TryGetValue(theta, out RotaryTable? table))
            _rotary[theta] = table = RotaryTable.Of((int)(_layout?.Groups.Max(group => group.Length) ?? Ids.shape[1]), headSize, theta, Ids.device);
        return table;
    }

    /// <summary>One vector a row, in the order of the rows as they were given: [rows, hidden].</summary>
    /// <param name="hidden">[rows, length, hidden], or [tokens, hidden] if they are packed</param>
    /// <param name="pooling">Of which tokens.</param>
    public Tensor Pool(Tensor hidden, TextPooling pooling) => (pooling, _layout) switch
    {
        (TextPooling.First, null) => hidden[TensorIndex.Colon, 0],
        (TextPooling.First, _) => hidden.index_select(0, InOrder(_layout.Starts, hidden.device)),
        (_, null) => Mean(hidden),
        _ => cat([.. hidden.split(Sizes(_layout)).Zip(_layout.Groups, (part, group) => part.view(group.Rows, group.Length, -1).mean([1]))])
            .index_select(0, InOrder([.. Enumerable.Range(0, _layout.Order.Length).Select(place => (long)place)], hidden.device)),
    };

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        TokenTypes?.Dispose();
        Mask?.Dispose();
        foreach (RotaryTable table in _rotary.Values)
            table.Dispose();
    }

    private Tensor Mean(Tensor hidden)
    {
        if (Mask is null)
            return hidden.mean([1]);
        Tensor present = Mask.view(hidden.shape[0], hidden.shape[1], 1).to(ScalarType.Float32); // [rows, length, 1]
        return (hidden * present).sum(1) / present.sum(1);
    }

    private static long[] Sizes(PackedLayout layout) => [.. layout.Groups.Select(group => group.Rows * group.Length)];

    /// <summary>What belongs to each place, in the order of the rows as they were given.</summary>
    private Tensor InOrder(long[] ofPlaces, Device device)
    {
        long[] ofRows = new long[_layout!.Order.Length];
        for (int place = 0; place < ofRows.Length; place++)
            ofRows[_layout.Order[place]] = ofPlaces[place];
        return tensor(ofRows).MovedTo(device);
    }
}
