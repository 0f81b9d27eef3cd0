using System.Runtime.InteropServices;
using SentimentML.Encoders;
using SentimentML.Tokenization;
using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using LayerNorm = SentimentML.Encoders.LayerNorm;
using Linear = SentimentML.Encoders.Linear;

namespace SentimentML.Inference;

/// <summary>
/// The network in TorchScript, one call a batch, on weights in the order that the processor's matrix kernels like: query,
/// key and value are one matrix, activations and residuals are fused into the matrices, nothing is padded on a CPU, and the last
/// layer answers for the first token alone. On AVX-512 the attention is <see cref="PackedAttention"/>'s, with two or three calls a layer around it.
/// </summary>
internal sealed class EncoderEngine : IInferenceEngine
{
    /// <summary>Tokens that the weights' order is chosen for.</summary>
    private const long TypicalTokens = 512;

    /// <summary>Few batches: a range is widened by each, and what a batch rounds depends on those before it.</summary>
    private const int CalibrationTokens = 2048;

    private readonly ReaderWriterLockSlim _gate = new(); // a batch in work keeps its weights
    private readonly OwnedScript _script;
    private readonly EncoderConfig _config;
    private readonly Device _device;
    private readonly ScalarType _type;
    private readonly bool _reorders;
    private readonly RowPlacement _placement;
    private readonly bool _attends; // by PackedAttention
    private readonly List<Tensor> _bounds = []; // low and high of each quantized matrix's input, which the script refers to
    private bool _calibrating; // by the script's forward alone, in which the ranges are taken

    private EncoderEngine(EncoderConfig config, InferencePrecision precision, Device device, bool portable, bool padded)
    {
        Precision = precision;
        _config = config;
        _device = device;
        _type = precision == InferencePrecision.Float32 ? ScalarType.Float32 : ScalarType.BFloat16;
        _reorders = !portable && UsesOneDnn(precision, device);
        if (precision == InferencePrecision.Int8 && !_reorders)
            throw new SentimentMLException(
                $"Precision Int8 needs an x64 processor with AVX-512 and the device cpu; the device is {device}. Use Float32, BFloat16 or Auto.");
        _placement = padded ? RowPlacement.Padded : Placement(config, device);
        _attends = _reorders && _placement == RowPlacement.Grouped && config.Attentions.Count == 0 && PackedAttention.Supports(config.HeadSize);
        _script = EncoderScript.Load(
            _placement == RowPlacement.Packed ? "packed" : "grouped", !_reorders ? "aten" : precision == InferencePrecision.Int8 ? "int8" : "onednn", config);
        Description = Describe(precision, device, _reorders);
        Workers = TorchThreads.Workers(device);
    }

    /// <summary>In what numbers it computes; never Auto.</summary>
    public InferencePrecision Precision { get; }

    public string Description { get; }

    /// <inheritdoc/>
    public int MaxBatchTokens { get; private set; } = BatchPlan.MaxTokens;

    /// <inheritdoc/>
    public bool CountsPadding => _placement != RowPlacement.Packed;

    /// <inheritdoc/>
    public int MaxBatchRows => _device.type == DeviceType.CUDA ? BatchPlan.MaxRowsOfGpu : BatchPlan.MaxRows;

    /// <inheritdoc/>
    public int Workers { get; }

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
    /// <param name="padded">With rows filled up to their batch's longest on a CPU too, as on a GPU.</param>
    public static EncoderEngine Of(
        SequenceClassifier network, InferencePrecision precision, Device device, Func<TokenRow[]>? calibration = null, bool portable = false,
        bool padded = false) =>
        Create(EngineWeights.Of(network, consume: false, MustBeFinite(precision)), precision, device, calibration, ranges: null, portable, padded,
            CancellationToken.None);

    /// <summary>An engine in a network's place: the network's weights are given back one by one as they are taken over.</summary>
    /// <param name="network">The network; it is of no use afterwards.</param>
    /// <param name="precision">Any but Auto.</param>
    /// <param name="device">Where the engine computes.</param>
    /// <param name="calibration">Texts' ids; asked for by Int8, which takes the ranges of its activations from them.</param>
    /// <param name="ranges">Where Int8's ranges are kept; asked for before the texts. The default value is null: nowhere.</param>
    /// <param name="cancellationToken">Cancels the calibration.</param>
    public static EncoderEngine InPlaceOf(
        SequenceClassifier network, InferencePrecision precision, Device device, Func<TokenRow[]>? calibration = null, Func<RangeCache>? ranges = null,
        CancellationToken cancellationToken = default) =>
        Create(EngineWeights.Of(network, consume: true, MustBeFinite(precision)), precision, device, calibration, ranges, portable: false, padded: false,
            cancellationToken);

    /// <summary>An engine from a model's files, which are read layer by layer: at no time are all weights in memory beside the engine's.</summary>
    /// <param name="stored">The network, whose weights are of no use afterwards.</param>
    /// <param name="precision">Any but Auto.</param>
    /// <param name="device">Where the engine computes.</param>
    /// <param name="calibration">Texts' ids; asked for by Int8, which takes the ranges of its activations from them.</param>
    /// <param name="ranges">Where Int8's ranges are kept; asked for before the texts. The default value is null: nowhere.</param>
    /// <param name="portable">Without oneDNN, by the operators that libtorch has everywhere.</param>
    /// <param name="cancellationToken">Cancels the reading and the calibration.</param>
    public static EncoderEngine From(
        StoredNetwork stored, InferencePrecision precision, Device device, Func<TokenRow[]> calibration, Func<RangeCache>? ranges = null,
        bool portable = false, CancellationToken cancellationToken = default) =>
        Create(EngineWeights.Of(stored, MustBeFinite(precision), cancellationToken), precision, device, calibration, ranges, portable, padded: false,
            cancellationToken);

    private static bool MustBeFinite(InferencePrecision precision) => precision == InferencePrecision.Int8;

    private static EncoderEngine Create(
        EngineWeights source, InferencePrecision precision, Device device, Func<TokenRow[]>? calibration, Func<RangeCache>? ranges, bool portable,
        bool padded, CancellationToken cancellationToken)
    {
        using var _ = inference_mode();
        using EngineWeights weights = source;
        EncoderConfig config = weights.Network.Config;
        var engine = new EncoderEngine(config, precision, device, portable, padded);
        try
        {
            engine.Fill(weights);
            if (precision == InferencePrecision.Int8)
                engine.SetRanges(calibration ?? throw new ArgumentNullException(nameof(calibration), "Int8 needs texts to calibrate on."), ranges?.Invoke(),
                    cancellationToken);
            if (device.type == DeviceType.CUDA)
                engine.MaxBatchTokens = TokenBudget.For(config, device);
            NativeHeap.GiveBack(); // what the weights were converted in
            return engine;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
        finally
        {
            engine._bounds.ForEach(bound => bound.Dispose());
            TorchThreads.EndKept(); // workers compute from here on
        }
    }

    /// <summary>On a GPU, packed attention needs compute capability 8 (Ampere) or newer; its script does not apply rotary positions.</summary>
    private static RowPlacement Placement(EncoderConfig config, Device device) =>
        device.type == DeviceType.CPU ? RowPlacement.Grouped
        : config.Attentions.Count == 0 && config.HeadSize % 8 == 0 && config.HeadSize <= 256
            && CudaDriver.Installed!.ComputeCapability(Math.Max(device.index, 0)) >= 8 ? RowPlacement.Packed
        : RowPlacement.Padded;

    private static bool UsesOneDnn(InferencePrecision precision, Device device) => Processor.HasOneDnn(precision == InferencePrecision.Float32, device);

    /// <inheritdoc/>
    public float[] Logits(IReadOnlyList<TokenRow> rows)
    {
        using TorchThreads.Setting all = TorchThreads.Use(Workers);
        return Compute(rows, allCores: Workers > 1);
    }

    /// <inheritdoc/>
    public float[] LogitsOnOneCore(IReadOnlyList<TokenRow> rows)
    {
        using TorchThreads.Setting one = TorchThreads.Use(1);
        return Compute(rows, allCores: false);
    }

    public void Dispose()
    {
        _gate.EnterWriteLock();
        try
        {
            _script.Dispose();
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }

    private float[] Compute(IReadOnlyList<TokenRow> rows, bool allCores)
    {
        using var _ = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        using PackedRows batch = PackedRows.From(rows, _config, _device, _placement);
        _gate.EnterReadLock();
        try
        {
            Tensor logits = _attends && !_calibrating
                ? Attending(batch, allCores)
                : _script.invoke<Tensor>("forward", batch.Ids, batch.Positions, batch.TokenTypes, batch.Starts, batch.Groups, batch.Mask);
            return InOrder(logits.cpu().data<float>().ToArray(), batch.Layout.Order);
        }
        finally
        {
            _gate.ExitReadLock();
        }
    }

    /// <summary>As the script's forward, with an attention of our own in each layer.</summary>
    /// <returns>[rows, labels]; [rows or more, labels] if only first tokens are pooled</returns>
    private Tensor Attending(PackedRows batch, bool allCores)
    {
        Tensor x = _script.invoke<Tensor>("embed", batch.Ids, batch.Positions, batch.TokenTypes); // [tokens, hidden]
        for (int i = 0; i < _config.Layers; i++)
        {
            bool asksAlone = AsksAlone(i);
            using Tensor all = x;
            using Tensor asked = _script.invoke<Tensor>("asked", all, (long)i);
            using Tensor residual = asksAlone ? FirstTokens(all, batch.Layout) : all;
            using Tensor asking = asksAlone ? _script.invoke<Tensor>("asked_by", residual, (long)i) : asked;
            using Tensor context = PackedAttention.Attend(asking, asked, _config.HiddenSize, _config.Heads, batch.Layout.Groups, allCores);
            x = _script.invoke<Tensor>("rest_of_layer", context, residual, (long)i);
        }
        return _script.invoke<Tensor>("answer", x, batch.Groups, batch.Mask);
    }

    /// <returns>[rows or more, hidden]</returns>
    private static Tensor FirstTokens(Tensor all, PackedLayout layout)
    {
        using Tensor places = tensor(layout.FilledStarts);
        return all.index_select(0, places);
    }

    /// <summary>Whether only the first token of a row asks in a layer, since only it is pooled after it.</summary>
    private bool AsksAlone(int layer) => layer == _config.Layers - 1 && _config.Pooling == TextPooling.First;

    /// <summary>Sets the ranges of all activations to those that were kept, or else takes them.</summary>
    private void SetRanges(Func<TokenRow[]> calibration, RangeCache? kept, CancellationToken cancellationToken)
    {
        float[] bounds = new float[_bounds.Count];
        if (kept?.TryRead(bounds) == true)
        {
            foreach ((Tensor bound, float value) in _bounds.Zip(bounds))
                MemoryMarshal.Write(bound.bytes, value);
            return;
        }
        Calibrate(calibration, cancellationToken);
        kept?.Write([.. _bounds.Select(bound => MemoryMarshal.Read<float>(bound.bytes))]);
    }

    private void Calibrate(Func<TokenRow[]> calibration, CancellationToken cancellationToken)
    {
        TokenRow[] rows = calibration();
        _calibrating = true;
        _script.invoke("calibrate", true);
        foreach (int[] batch in BatchPlan.ByLength([.. rows.Select(row => row.Length)], CalibrationTokens, minTokens: CalibrationTokens))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Logits([.. batch.Select(row => rows[row])]);
        }
        _script.invoke("calibrate", false);
        _calibrating = false;
    }

    private float[] InOrder(float[] flat, int[] order)
    {
        int labels = _config.Labels.Count;
        float[] result = new float[order.Length * labels];
        for (int place = 0; place < order.Length; place++)
            flat.AsSpan(place * labels, labels).CopyTo(result.AsSpan(order[place] * labels));
        return result;
    }

    private void Fill(EngineWeights weights)
    {
        var rotary = new Dictionary<double, RotaryTable>();
        try
        {
            Ends(weights);
            weights.Release();
            for (int i = 0; i < _config.Layers; i++)
            {
                Layer(i, weights.Network.Encoder.Layers[i].Parts, _config.Attentions.Count > 0 ? _config.Attentions[i] : null, weights, rotary);
                weights.Release();
            }
        }
        finally
        {
            foreach (RotaryTable table in rotary.Values)
                table.Dispose(); // the script holds them
        }
    }

    /// <summary>What stands before the layers and after them.</summary>
    private void Ends(EngineWeights weights)
    {
        using DisposeScope scope = NewDisposeScope();
        Encoder encoder = weights.Network.Encoder;
        Embeddings embeddings = encoder.Embeddings;
        ClassificationHead head = weights.Network.Head;
        (Tensor places, Tensor types) = Tables(embeddings, weights);
        _script.invoke("configure", (long)_config.Heads, _config.LayerNormEpsilon, encoder.FinalNorm is not null, _config.Pooling == TextPooling.Mean,
            (Tensor[])[Typed(weights.Keep(embeddings.Words.Weight)), Typed(places), Typed(types), .. Norm(embeddings.Norm, weights)],
            Norm(encoder.FinalNorm, weights),
            (Tensor[])[.. Float32(head.Dense, weights), .. Float32(head.Projection, weights)],
            head.Norm is { } norm ? Float32(norm, weights) : []);
    }

    /// <summary>The tables of positions and of what a token type adds; nearly all tokens are of type 0, whose vector goes into the positions'.</summary>
    private static (Tensor Positions, Tensor Types) Tables(Embeddings embeddings, EngineWeights weights)
    {
        Tensor positions = embeddings.Positions is null ? empty(0) : weights.Keep(embeddings.Positions.Weight);
        if (embeddings.TokenTypes is null)
            return (positions, empty(0));
        Tensor types = weights.Keep(embeddings.TokenTypes.Weight);
        return (positions.Plus(types[0]), types - types[0]);
    }

    private void Layer(int i, LayerParts layer, LayerAttention? attention, EngineWeights weights, Dictionary<double, RotaryTable> rotary)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor matrix = weights.Stack([.. layer.QueryKeyValue.Select(part => part.Weight)]); // [3 hidden, hidden]
        long[] sizes = [_config.HiddenSize, 2L * _config.HiddenSize];
        Tensor[] matrices = matrix.split(sizes), biases = cat([.. layer.QueryKeyValue.Select(part => Bias(part, weights))]).split(sizes);
        // Queries are divided by the square root of the head size here, once, instead of in each attention.
        matrices[0].Divide(Math.Sqrt(_config.HeadSize));
        biases[0] = biases[0].Over(Math.Sqrt(_config.HeadSize));
        bool asksAlone = AsksAlone(i);
        if (asksAlone)
            _script.invoke("set_last_query", [Matrix(matrices[0], biases[0])]);
        _script.invoke("add_layer",
            asksAlone ? Matrix(matrices[1], biases[1]) : Matrix(matrix, cat(biases)),
            Linear(layer.AttentionOutput, weights),
            Norm(layer.AttentionNorm, weights),
            Linear(layer.Intermediate, weights),
            Linear(layer.Output, weights),
            Norm(layer.OutputNorm, weights),
            Rotary(attention, rotary),
            (long)(attention?.Window ?? 0));
    }

    /// <summary>Cosines and sines for the longest rows, shared by the layers that have the same.</summary>
    private Tensor[] Rotary(LayerAttention? attention, Dictionary<double, RotaryTable> tables)
    {
        if (attention is null)
            return [];
        if (!tables.TryGetValue(attention.Theta, out RotaryTable? table))
            tables[attention.Theta] = table = RotaryTable.Of(_config.MaxTokens, _config.HeadSize, attention.Theta, _device);
        return [table.Cosines, table.Sines];
    }

    private Tensor Typed(Tensor weight) => weight.to(_device).to(_type).detach();

    /// <summary>Nothing for no norm. In float32 where the kernels take it beside other activations, which CUDA's do not.</summary>
    private Tensor[] Norm(LayerNorm? norm, EngineWeights weights)
    {
        if (norm is null)
            return [];
        Tensor[] float32 = Float32(norm, weights);
        return _device.type == DeviceType.CPU ? float32 : [.. float32.Select(Typed)];
    }

    private Tensor[] Float32(LayerNorm norm, EngineWeights weights) => Float32(norm.Weight, norm.Bias, weights);

    private Tensor[] Float32(Linear linear, EngineWeights weights) => Float32(linear.Weight, linear.Bias, weights);

    /// <summary>Without a bias, one of zeros: the kernels want one.</summary>
    private Tensor[] Float32(Parameter weight, Parameter? bias, EngineWeights weights) =>
        [OnDevice(weights.Keep(weight)), bias is null ? zeros(weight.shape[0], device: _device) : OnDevice(weights.Keep(bias))];

    private Tensor OnDevice(Tensor weight) => weight.to(_device).detach();

    private Tensor[] Linear(Linear linear, EngineWeights weights) => Matrix(weights.Borrow(linear.Weight), Bias(linear, weights));

    private static Tensor Bias(Linear linear, EngineWeights weights) =>
        linear.Bias is { } bias ? weights.Keep(bias) : zeros(linear.Weight.shape[0], device: linear.Weight.device);

    /// <param name="weight">[outputs, inputs]</param>
    /// <param name="bias">[outputs]</param>
    private Tensor[] Matrix(Tensor weight, Tensor bias)
    {
        if (Precision == InferencePrecision.Int8)
            return Quantized(weight, bias);
        return [_reorders ? _script.invoke<Tensor>("reorder", Typed(weight), TypicalTokens) : weight.to(_type, _device, copy: true), Typed(bias)];
    }

    /// <summary>Whole numbers from -127 to 127, with a scale for each output.</summary>
    private Tensor[] Quantized(Tensor weight, Tensor bias)
    {
        (Tensor whole, Tensor scales) = QuantizedMatrix.Of(weight);
        Tensor low = zeros(1).DetachFromDisposeScope(), high = zeros(1).DetachFromDisposeScope();
        _bounds.AddRange([low, high]);
        return [_script.invoke<Tensor>("reorder", whole, TypicalTokens), bias.detach(), scales, zeros(scales.shape[0], ScalarType.Int32), low, high];
    }
}
