using SentimentML.Roberta;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>
/// The network as one TorchScript call a batch, on weights in the order that the processor's matrix kernels like: query,
/// key and value are one matrix, activations and residuals are fused into the matrices, nothing is padded, and the last
/// layer answers for the first token alone.
/// </summary>
internal sealed class EncoderEngine : IInferenceEngine
{
    /// <summary>Tokens that the weights' order is chosen for.</summary>
    private const long TypicalTokens = 512;

    private readonly Lock _gate = new();
    private readonly jit.ScriptModule _script;
    private readonly RobertaConfig _config;
    private readonly Device _device;
    private readonly ScalarType _type;
    private readonly bool _reorders;

    private EncoderEngine(RobertaConfig config, InferencePrecision precision, Device device)
    {
        _config = config;
        Precision = precision;
        _device = device;
        _type = precision == InferencePrecision.Float32 ? ScalarType.Float32 : ScalarType.BFloat16;
        _reorders = device.type == DeviceType.CPU;
        _script = EncoderScript.Load(!_reorders ? "aten" : precision == InferencePrecision.Int8 ? "int8" : "onednn", config.Activation);
        Description = $"libtorch{(_reorders ? " with oneDNN" : "")}, {(precision == InferencePrecision.Float32 ? "float32" : "bfloat16")}, {device}";
    }

    public string Description { get; }

    public InferencePrecision Precision { get; }

    public static EncoderEngine Create(RobertaConfig config, IReadOnlyDictionary<string, Tensor> weights, InferencePrecision precision, Device device)
    {
        using var _ = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        var engine = new EncoderEngine(config, precision, device);
        engine.Fill(weights);
        return engine;
    }

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<ReadOnlyMemory<int>> rows)
    {
        using var _ = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        using PackedRows batch = PackedRows.From(rows, _config.PadTokenId, _device);
        float[] flat;
        lock (_gate) // one batch at a time has all cores
            flat = _script.invoke<Tensor>("forward", batch.Ids, batch.Positions, batch.Starts, batch.Groups).cpu().data<float>().ToArray();
        return InOrder(flat, batch.Order);
    }

    public void Dispose() => _script.Dispose();

    private float[] InOrder(float[] flat, int[] order)
    {
        int labels = _config.Labels.Count;
        float[] result = new float[flat.Length];
        for (int place = 0; place < order.Length; place++)
            flat.AsSpan(place * labels, labels).CopyTo(result.AsSpan(order[place] * labels));
        return result;
    }

    private void Fill(IReadOnlyDictionary<string, Tensor> weights)
    {
        const string Embeddings = "roberta.embeddings.";
        Tensor places = weights[Embeddings + "position_embeddings.weight"] + weights[Embeddings + "token_type_embeddings.weight"][0];
        Tensor[] embeddings =
        [
            Typed(weights[Embeddings + "word_embeddings.weight"]), Typed(places),
            .. Float32(weights, Embeddings + "LayerNorm"),
        ];
        Tensor[] head = [.. Float32(weights, "classifier.dense"), .. Float32(weights, "classifier.out_proj")];
        _script.invoke("configure", (long)_config.Heads, _config.LayerNormEpsilon, embeddings, head);

        for (int i = 0; i < _config.Layers; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            string layer = $"roberta.encoder.layer.{i}.", self = layer + "attention.self.";
            bool last = i == _config.Layers - 1;
            if (last)
                _script.invoke("set_last_query", [Linear(weights, self + "query")]);
            _script.invoke("add_layer",
                last ? Linear(weights, self + "key", self + "value") : Linear(weights, self + "query", self + "key", self + "value"),
                Linear(weights, layer + "attention.output.dense"),
                Float32(weights, layer + "attention.output.LayerNorm"),
                Linear(weights, layer + "intermediate.dense"),
                Linear(weights, layer + "output.dense"),
                Float32(weights, layer + "output.LayerNorm"));
        }
    }

    private Tensor Typed(Tensor weight) => weight.to(_device).to(_type);

    private Tensor[] Float32(IReadOnlyDictionary<string, Tensor> weights, string name) =>
        [weights[name + ".weight"].to(_device), weights[name + ".bias"].to(_device)];

    /// <summary>One matrix out of those of the given names, one below the other.</summary>
    private Tensor[] Linear(IReadOnlyDictionary<string, Tensor> weights, params string[] names)
    {
        if (Precision == InferencePrecision.Int8)
            return Quantized(Stacked([.. names.Select(name => weights[name + ".weight"])]), Stacked([.. names.Select(name => weights[name + ".bias"])]));
        Tensor weight = Typed(Stacked([.. names.Select(name => weights[name + ".weight"])]));
        Tensor bias = Typed(Stacked([.. names.Select(name => weights[name + ".bias"])]));
        return [_reorders ? _script.invoke<Tensor>("reorder", weight, TypicalTokens) : weight, bias];
    }

    private Tensor[] Quantized(Tensor weight, Tensor bias)
    {
        Tensor scales = weight.abs().amax([1]).clamp(min: 1e-12) / 127; // [outputs]
        Tensor whole = (weight / scales.unsqueeze(1)).round_().to(ScalarType.Int8);
        return [_script.invoke<Tensor>("reorder", whole, TypicalTokens), bias, scales, zeros(scales.shape[0], ScalarType.Int32)];
    }

    private static Tensor Stacked(Tensor[] parts) => parts.Length == 1 ? parts[0] : cat(parts);
}
