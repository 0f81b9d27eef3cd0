using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Encoders;

/// <summary>Multi-head scaled dot-product attention (Vaswani et al., 2017), without its matrices.</summary>
internal sealed class Attention : Module<Tensor, Tensor, Tensor, TokenBatch, Tensor>
{
    private readonly int _heads;
    private readonly LayerAttention? _kind;

    /// <param name="heads">Heads.</param>
    /// <param name="dropout">Of the probabilities.</param>
    /// <param name="kind">Rotary positions and a window; null for none.</param>
    public Attention(int heads, double dropout, LayerAttention? kind = null)
        : base(nameof(Attention))
    {
        _heads = heads;
        _kind = kind;
        Dropout = this.Add("dropout", new Dropout(dropout));
    }

    /// <summary>Of the probabilities.</summary>
    public Dropout Dropout { get; }

    /// <param name="query">[batch, length, hidden], or [tokens, hidden]; keys and values likewise</param>
    /// <param name="key">What is compared with the queries.</param>
    /// <param name="value">What is averaged.</param>
    /// <param name="batch">Which tokens belong together.</param>
    /// <returns>As the queries.</returns>
    public override Tensor forward(Tensor query, Tensor key, Tensor value, TokenBatch batch)
    {
        if (batch.Groups is { } groups && _kind is null && PackedAttention.Supports((int)(query.shape[^1] / _heads)))
            return PackedAttentionFunction.Attend(query, key, value, Rows((int)query.shape[^1], groups));
        // On a CPU the many small products of attention, and their backward passes most of all, are quicker in float32.
        ScalarType type = query.device_type == DeviceType.CPU ? ScalarType.Float32 : query.dtype;
        RotaryTable? rotary = _kind is null ? null : batch.Rotary((int)(query.shape[^1] / _heads), _kind.Theta);
        return batch.Attend(query.to(type), key.to(type), value.to(type), (q, k, v, rows, length, mask) => Context(q, k, v, rows, length, mask, rotary));
    }

    private AttentionRows Rows(int hidden, IReadOnlyList<(long Rows, long Length)> groups) =>
        Dropout.Drops ? new(hidden, _heads, groups, Dropout.Probability, Dropout.Source!.NextSeed()) : new(hidden, _heads, groups);

    /// <returns>[rows, length, hidden]</returns>
    private Tensor Context(Tensor query, Tensor key, Tensor value, long rows, long length, Tensor? mask, RotaryTable? rotary)
    {
        Tensor Split(Tensor x) => x.view(rows, length, _heads, -1).transpose(1, 2); // [rows, heads, length, head size]
        (Tensor q, Tensor k, Tensor v) = (Split(query), Split(key), Split(value));
        if (rotary is not null)
            (q, k) = (rotary.Turn(q), rotary.Turn(k));
        if (_kind?.Window is { } window && length > window + 1)
            mask = Within(window, length, mask, query.device);
        Tensor context = Dropout.Drops ? WrittenOut(q, k, v, mask) : functional.scaled_dot_product_attention(q, k, v, mask);
        return context.transpose(1, 2).reshape(rows, length, -1);
    }

    /// <summary>Tokens that are near enough and no padding. Every token sees itself, padding too: a row of nothing would have no softmax.</summary>
    /// <returns>[length, length], or [rows, 1, length, length]</returns>
    private static Tensor Within(int window, long length, Tensor? mask, Device device)
    {
        using Scalar most = window;
        Tensor at = arange(length, device: device);
        Tensor distance = (at.unsqueeze(1) - at.unsqueeze(0)).abs();
        Tensor near = distance.le(most);
        return mask is null ? near : (near & mask) | distance.logical_not();
    }

    /// <summary>The fused kernel would take its dropout from the global random numbers.</summary>
    private Tensor WrittenOut(Tensor q, Tensor k, Tensor v, Tensor? mask)
    {
        Tensor scores = q.matmul(k.transpose(-2, -1)).Over(Math.Sqrt(q.shape[^1])); // [rows, heads, length, length]
        if (mask is not null)
            scores = scores.Filled(mask.logical_not(), double.NegativeInfinity);
        return Dropout.forward(functional.softmax(scores, -1)).matmul(v);
    }

    protected override void RegisterComponents()
    {
    }
}
