using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using SentimentML.Encoders;
using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
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
    private readonly OwnedScript _script;
    private readonly EncoderConfig _config;
    private readonly Device _device;
    private readonly ScalarType _type;
    private readonly bool _reorders;

    private EncoderEngine(EncoderConfig config, InferencePrecision precision, Device device, bool portable)
    {
        Precision = precision;
        _config = config;
        _device = device;
        _type = precision == InferencePrecision.Float32 ? ScalarType.Float32 : ScalarType.BFloat16;
        _reorders = !portable && UsesOneDnn(precision, device);
        if (precision == InferencePrecision.Int8 && !_reorders)
            throw new SentimentMLException($"Precision Int8 needs an x64 processor with AVX-512 and the device cpu; the device is {device}. Use Float32, BFloat16 or Auto.");
        _script = EncoderScript.Load(!_reorders ? "aten" : precision == InferencePrecision.Int8 ? "int8" : "onednn", config.Activation);
        Description = Describe(precision, device, _reorders);
    }

    /// <summary>In what numbers it computes; never Auto.</summary>
    public InferencePrecision Precision { get; }

    public string Description { get; }

    /// <summary>The description of the engine that this machine would have.</summary>
    public static string Describe(InferencePrecision precision, Device device) => Describe(precision, device, UsesOneDnn(precision, device));

    private static string Describe(InferencePrecision precision, Device device, bool oneDnn) =>
        $"libtorch{(oneDnn ? " with oneDNN" : "")}, {precision.ToString().ToLowerInvariant()}, {device}";

    /// <summary>An engine beside a network, which keeps its weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="precision">Any but Auto.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="calibration">Texts' ids; asked for by Int8, which takes the ranges of its activations from them.</param>
    /// <param name="portable">Without oneDNN, by the operators that libtorch has everywhere.</param>
    public static EncoderEngine Of(SequenceClassifier network, InferencePrecision precision, Device device, Func<ReadOnlyMemory<int>[]>? calibration = null, bool portable = false) =>
        Create(network, precision, device, calibration, consume: false, portable);

    /// <summary>An engine in a network's place: the network's weights are given back one by one as they are taken over.</summary>
    /// <param name="network">The network; it is of no use afterwards.</param>
    /// <param name="precision">Any but Auto.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="calibration">Texts' ids; asked for by Int8, which takes the ranges of its activations from them.</param>
    public static EncoderEngine InPlaceOf(SequenceClassifier network, InferencePrecision precision, Device device, Func<ReadOnlyMemory<int>[]>? calibration = null) =>
        Create(network, precision, device, calibration, consume: true, portable: false);

    private static EncoderEngine Create(SequenceClassifier network, InferencePrecision precision, Device device, Func<ReadOnlyMemory<int>[]>? calibration, bool consume, bool portable)
    {
        using var _ = inference_mode();
        if (precision == InferencePrecision.Int8)
            RefuseNonFinite(network);
        var engine = new EncoderEngine(network.Config, precision, device, portable);
        try
        {
            engine.Fill(new Weights(network, consume));
            if (precision == InferencePrecision.Int8)
                engine.Calibrate(calibration ?? throw new ArgumentNullException(nameof(calibration), "Int8 needs texts to calibrate on."));
            return engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>In float32 such weights give answers that are not numbers; as integers they would give any.</summary>
    private static void RefuseNonFinite(SequenceClassifier network)
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Parameter parameter) in network.named_parameters())
            if (!parameter.isfinite().all().item<bool>())
                throw new SentimentMLException($"The weights {name} are not finite everywhere, and Int8 cannot hold them. The model is damaged or its training diverged: get it anew, or train it again with a lower learning rate.");
    }

    /// <summary>
    /// On an x64 processor oneDNN's linear layers are faster than what libtorch takes by itself (MKL): 2 to 2.5 times on
    /// AMD's in float32, and never slower where measured. Its bfloat16 and int8 need AVX-512.
    /// </summary>
    private static bool UsesOneDnn(InferencePrecision precision, Device device) =>
        device.type == DeviceType.CPU && RuntimeInformation.ProcessArchitecture == Architecture.X64 && !OperatingSystem.IsMacOS()
        && (precision == InferencePrecision.Float32 || Avx512BW.IsSupported);

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

    private void Calibrate(Func<ReadOnlyMemory<int>[]> calibration)
    {
        ReadOnlyMemory<int>[] rows = calibration();
        _script.invoke("calibrate", true);
        foreach (int[] batch in BatchPlan.ByLength([.. rows.Select(row => row.Length)]))
            Logits([.. batch.Select(row => rows[row])]);
        _script.invoke("calibrate", false);
    }

    private float[] InOrder(float[] flat, int[] order)
    {
        int labels = _config.Labels.Count;
        float[] result = new float[order.Length * labels];
        for (int place = 0; place < order.Length; place++)
            flat.AsSpan(place * labels, labels).CopyTo(result.AsSpan(order[place] * labels));
        return result;
    }

    private void Fill(Weights weights)
    {
        Ends(weights, "roberta.embeddings.");
        weights.Release();
        for (int i = 0; i < _config.Layers; i++)
        {
            Layer(weights, $"roberta.encoder.layer.{i}.", isLast: i == _config.Layers - 1);
            weights.Release();
        }
    }

    private void Ends(Weights weights, string embeddings)
    {
        using DisposeScope scope = NewDisposeScope();
        // Every token is of type 0, so that its vector can go into the positions'.
        Tensor places = weights.Take(embeddings + "position_embeddings.weight").Plus(weights.Take(embeddings + "token_type_embeddings.weight")[0]);
        _script.invoke("configure", (long)_config.Heads, _config.LayerNormEpsilon,
            (Tensor[])[Typed(weights.Take(embeddings + "word_embeddings.weight")), Typed(places), .. Norm(weights, embeddings + "LayerNorm")],
            (Tensor[])[.. Float32(weights, "classifier.dense"), .. Float32(weights, "classifier.out_proj")]);
    }

    private void Layer(Weights weights, string layer, bool isLast)
    {
        using DisposeScope scope = NewDisposeScope();
        string self = layer + "attention.self.";
        if (isLast)
            _script.invoke("set_last_query", [Linear(weights, self + "query")]);
        _script.invoke("add_layer",
            isLast ? Linear(weights, self + "key", self + "value") : Linear(weights, self + "query", self + "key", self + "value"),
            Linear(weights, layer + "attention.output.dense"),
            Norm(weights, layer + "attention.output.LayerNorm"),
            Linear(weights, layer + "intermediate.dense"),
            Linear(weights, layer + "output.dense"),
            Norm(weights, layer + "output.LayerNorm"));
    }

    private Tensor Typed(Tensor weight) => weight.to(_device).to(_type).detach();

    /// <summary>In float32 where the kernels take it beside other activations, which CUDA's do not.</summary>
    private Tensor[] Norm(Weights weights, string name) =>
        _device.type == DeviceType.CPU ? Float32(weights, name) : [Typed(weights.Take(name + ".weight")), Typed(weights.Take(name + ".bias"))];

    private Tensor[] Float32(Weights weights, string name) =>
        [weights.Take(name + ".weight").to(_device).detach(), weights.Take(name + ".bias").to(_device).detach()];

    /// <summary>One layer out of those of the given names, their outputs one after the other.</summary>
    private Tensor[] Linear(Weights weights, params string[] names)
    {
        Tensor weight = Stacked([.. names.Select(name => Scaled(name, weights.Take(name + ".weight")))]); // [outputs, inputs]
        Tensor bias = Stacked([.. names.Select(name => Scaled(name, weights.Take(name + ".bias")))]); // [outputs]
        if (Precision == InferencePrecision.Int8)
            return Quantized(weight, bias);
        return [_reorders ? _script.invoke<Tensor>("reorder", Typed(weight), TypicalTokens) : Typed(weight), Typed(bias)];
    }

    /// <summary>Queries are divided by the square root of the head size here, once, instead of in each attention.</summary>
    private Tensor Scaled(string name, Tensor part) =>
        name.EndsWith(".query", StringComparison.Ordinal) ? part.Over(Math.Sqrt(_config.HiddenSize / _config.Heads)) : part;

    /// <summary>Whole numbers from -127 to 127, with a scale for each output.</summary>
    private Tensor[] Quantized(Tensor weight, Tensor bias)
    {
        Tensor scales = weight.abs().amax([1]).AtLeast(1e-12).Over(127); // [outputs]
        Tensor whole = (weight / scales.unsqueeze(1)).round_().to(ScalarType.Int8);
        return [_script.invoke<Tensor>("reorder", whole, TypicalTokens), bias.detach(), scales, zeros(scales.shape[0], ScalarType.Int32),
            zeros(1), zeros(1)];
    }

    private static Tensor Stacked(Tensor[] parts) => parts.Length == 1 ? parts[0] : cat(parts);

    /// <summary>A network's parameters by name.</summary>
    private sealed class Weights(SequenceClassifier network, bool consume)
    {
        private readonly Dictionary<string, Parameter> _byName = network.named_parameters().ToDictionary(p => p.name, p => p.parameter);

        private readonly List<Parameter> _taken = [];

        public Tensor Take(string name)
        {
            _taken.Add(_byName[name]);
            return _byName[name];
        }

        /// <summary>What was taken is not needed any more.</summary>
        public void Release()
        {
            if (consume)
                _taken.ForEach(parameter => parameter.Dispose());
            _taken.Clear();
        }
    }
}
