using System.Globalization;
using SentimentML.Encoders;
using TorchSharp.Modules;
using Embeddings = SentimentML.Encoders.Embeddings;
using LayerNorm = SentimentML.Encoders.LayerNorm;
using Linear = SentimentML.Encoders.Linear;

namespace SentimentML.Onnx.Graph;

/// <summary>
/// A sequence classifier as a graph of standard ONNX operators, written in the shapes that ONNX Runtime's optimizer knows and
/// replaces by its fused kernels (DynamicQuantizeMatMul, BiasGelu, FusedMatMul and others). Parts stand in the order in which
/// the data passes them; see Encoders/Networks/Encoder.cs.
/// </summary>
internal sealed class EncoderGraph
{
    public const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids";

    private readonly OnnxGraph _graph = new();
    private readonly Dictionary<string, string[]> _quantized = [];
    private readonly Dictionary<double, (string Cosines, string Sines)> _angles = [];
    private readonly Dictionary<string, string> _firstTokens = [];
    private string? _positions;
    private readonly SequenceClassifier _network;
    private readonly EncoderConfig _config;
    private readonly NetworkWeights _weights;
    private readonly OnnxPrecision _precision;
    private readonly string _one;

    private EncoderGraph(SequenceClassifier network, OnnxPrecision precision)
    {
        _network = network;
        _config = network.Config;
        _weights = new NetworkWeights(network);
        _precision = precision;
        _one = _graph.Constant("one", 1f);
    }

    public static IReadOnlyList<OnnxValue> Inputs(EncoderConfig config) =>
        [.. (config.TellsTextsOfPairsApart ? (string[])[Ids, Mask, Types] : [Ids, Mask])
            .Select(name => new OnnxValue(name, OnnxType.Int64, "batch_size", "sequence_length"))];

    public static OnnxValue Output(EncoderConfig config) => new("logits", OnnxType.Float, "batch_size", config.Labels.Count);

    /// <summary>The graph from input_ids and attention_mask to logits.</summary>
    public static OnnxGraph Of(SequenceClassifier network, OnnxPrecision precision)
    {
        var graph = new EncoderGraph(network, precision);
        graph.Build();
        return graph._graph;
    }

    private void Build()
    {
        string hidden = Embed(); // [batch, length, hidden]
        string mask = AttentionBias(); // [batch, 1, 1, length]
        for (int i = 0; i < _config.Layers; i++)
        {
            // If the head reads the first token alone, the last layer computes that token alone: its query and all that follows.
            bool firstAlone = i == _config.Layers - 1 && _config.Pooling == TextPooling.First;
            LayerAttention? attention = _config.Attentions.Count > 0 ? _config.Attentions[i] : null;
            hidden = Layer(hidden, firstAlone, mask, _network.Encoder.Layers[i].Parts, attention);
        }
        if (_network.Encoder.FinalNorm is { } norm)
            hidden = LayerNorm(hidden, norm);
        Classify(_config.Pooling == TextPooling.First ? hidden : Mean(hidden)); // [batch, 1, hidden]
    }

    private string Embed()
    {
        Embeddings embeddings = _network.Encoder.Embeddings;
        string sum = Words(embeddings.Words.Weight);
        if (embeddings.Positions is not null)
        {
            string positions = _graph.Tensor(_weights.Positions(embeddings.Positions.Weight, embeddings.TokenTypes?.Weight));
            sum = _graph.Add("Add", [sum, _graph.Add("Gather", [positions, PositionIds()])]);
        }
        if (_config.TellsTextsOfPairsApart)
            sum = _graph.Add("Add", [sum, _graph.Add("Gather", [_graph.Tensor(_weights.Types(embeddings.TokenTypes!.Weight)), Types])]);
        return LayerNorm(sum, embeddings.Norm);
    }

    private string Words(Parameter words)
    {
        if (_precision == OnnxPrecision.Float32)
            return _graph.Add("Gather", [_graph.Tensor(_weights.Tensor(words)), Ids]);
        (OnnxTensor table, OnnxTensor scales) = _weights.QuantizedRows(words);
        string vectors = _graph.Add("Cast", [_graph.Add("Gather", [_graph.Tensor(table), Ids])], ("to", (long)OnnxType.Float));
        return _graph.Add("Mul", [vectors, _graph.Add("Gather", [_graph.Tensor(scales), Ids])]);
    }

    private string PositionIds() => _config.CountsFromPadding ? PositionsFromPadding() : PositionsFromZero();

    /// <summary>create_position_ids_from_input_ids: counted from the pad id, which itself has the pad's position.</summary>
    private string PositionsFromPadding()
    {
        string pad = _graph.Constant("pad_token_id", (long)_config.PadTokenId);
        string tokens = _graph.Add("Cast", [_graph.Add("Not", [_graph.Add("Equal", [Ids, pad])])], ("to", (long)OnnxType.Int64));
        string counted = _graph.Add("CumSum", [tokens, _graph.Constant("length_axis", 1L)]);
        return _graph.Add("Add", [_graph.Add("Mul", [counted, tokens]), pad]);
    }

    /// <returns>[length] int64</returns>
    private string PositionsFromZero() => _positions ??= _graph.Add("Range", [_graph.Constant("zero", 0L), Length(), _graph.Constant("one_token", 1L)]);

    private string Length() => _graph.Add("Gather", [_graph.Add("Shape", [Ids]), _graph.Constant("length_axis", 1L)]);

    /// <summary>0 at tokens, float's lowest number at padding.</summary>
    private string AttentionBias()
    {
        string mask = _graph.Add("Unsqueeze", [Mask, _graph.Vector("axis_1", 1)]);
        mask = _graph.Add("Unsqueeze", [mask, _graph.Vector("axis_2", 2)]);
        mask = _graph.Add("Cast", [mask], ("to", (long)OnnxType.Float));
        return _graph.Add("Mul", [_graph.Add("Sub", [_one, mask]), _graph.Constant("lowest", float.MinValue)]);
    }

    /// <returns>[batch, 1, hidden]</returns>
    private string FirstToken(string hidden)
    {
        if (!_firstTokens.TryGetValue(hidden, out string? first))
            _firstTokens[hidden] = first =
                _graph.Add("Slice", [hidden, _graph.Vector("from_first", 0), _graph.Vector("to_second", 1), _graph.Vector("length_axes", 1)]);
        return first;
    }

    /// <param name="hidden">[batch, length, hidden]</param>
    /// <param name="firstAlone">Whether only the first token is computed; the result is then [batch, 1, hidden].</param>
    /// <param name="mask">[batch, 1, 1, length]</param>
    /// <param name="parts">The layer's.</param>
    /// <param name="attention">What is special in its attention.</param>
    private string Layer(string hidden, bool firstAlone, string mask, LayerParts parts, LayerAttention? attention)
    {
        bool preNorm = _network.Encoder.FinalNorm is not null;
        string entered = preNorm && parts.AttentionNorm is { } norm ? LayerNorm(hidden, norm) : hidden;
        string context = Attend(entered, firstAlone, mask, parts.QueryKeyValue, attention);
        string attended = _graph.Add("Add", [Linear(context, parts.AttentionOutput), firstAlone ? FirstToken(hidden) : hidden]);
        if (preNorm)
            return _graph.Add("Add", [Linear(Gated(Linear(LayerNorm(attended, parts.OutputNorm), parts.Intermediate)), parts.Output), attended]);
        attended = LayerNorm(attended, parts.AttentionNorm!);
        string inner = Activate(Linear(attended, parts.Intermediate), _config.Activation);
        return LayerNorm(_graph.Add("Add", [Linear(inner, parts.Output), attended]), parts.OutputNorm);
    }

    private string Gated(string x)
    {
        string[] halves = _graph.Add("Split", [x, _graph.Vector("gate_halves", _config.IntermediateSize, _config.IntermediateSize)], outputs: 2, ("axis", -1L));
        return _graph.Add("Mul", [Activate(halves[0], _config.Activation), halves[1]]);
    }

    private string Attend(string hidden, bool firstAlone, string mask, IReadOnlyList<Linear> queryKeyValue, LayerAttention? attention)
    {
        string[] projected = queryKeyValue.Count == 1
            ? _graph.Add("Split", [Linear(hidden, queryKeyValue[0]), _graph.Vector("three_parts", _config.HiddenSize, _config.HiddenSize, _config.HiddenSize)],
                outputs: 3, ("axis", -1L))
            : [Linear(firstAlone ? FirstToken(hidden) : hidden, queryKeyValue[0]), Linear(hidden, queryKeyValue[1]), Linear(hidden, queryKeyValue[2])];
        if (firstAlone && queryKeyValue.Count == 1)
            projected[0] = FirstToken(projected[0]);
        string query = Heads(projected[0], 0, 2, 1, 3); // [batch, heads, length, head size]
        string value = Heads(projected[2], 0, 2, 1, 3);
        string key;
        if (attention is null)
        {
            key = Heads(projected[1], 0, 2, 3, 1); // [batch, heads, head size, length]
        }
        else
        {
            query = firstAlone ? query : Turned(query, attention.Theta); // the first token's own angle is 0
            key = _graph.Add("Transpose", [Turned(Heads(projected[1], 0, 2, 1, 3), attention.Theta)], ("perm", new long[] { 0, 1, 3, 2 }));
            if (attention.Window is { } window)
                mask = _graph.Add("Add", [mask, WindowBias(window, firstAlone)]);
        }
        string scores = _graph.Add("Div", [_graph.Add("MatMul", [query, key]), _graph.Constant("root_of_head_size", MathF.Sqrt(_config.HeadSize))]);
        string probabilities = _graph.Add("Softmax", [_graph.Add("Add", [scores, mask])], ("axis", -1L));
        string context = _graph.Add("Transpose", [_graph.Add("MatMul", [probabilities, value])], ("perm", new long[] { 0, 2, 1, 3 }));
        return _graph.Add("Reshape", [context, _graph.Vector("joined_heads", 0, 0, _config.HiddenSize)]);
    }

    /// <summary>Rotary positions: x cos + rotate_half(x) sin.</summary>
    /// <param name="x">[batch, heads, length, head size]</param>
    /// <param name="theta">The base of the angles.</param>
    private string Turned(string x, double theta)
    {
        (string cosines, string sines) = Angles(theta);
        int half = _config.HeadSize / 2;
        string[] halves = _graph.Add("Split", [x, _graph.Vector("head_halves", half, half)], outputs: 2, ("axis", -1L));
        string turned = _graph.Add("Concat", [_graph.Add("Neg", [halves[1]]), halves[0]], ("axis", -1L));
        return _graph.Add("Add", [_graph.Add("Mul", [x, cosines]), _graph.Add("Mul", [turned, sines])]);
    }

    /// <returns>[length, head size] each</returns>
    private (string Cosines, string Sines) Angles(double theta)
    {
        if (_angles.TryGetValue(theta, out (string, string) known))
            return known;
        int half = _config.HeadSize / 2;
        float[] frequencies = [.. Enumerable.Range(0, half).Select(i => (float)(1 / Math.Pow(theta, 2.0 * i / _config.HeadSize)))];
        string name = string.Create(CultureInfo.InvariantCulture, $"rotary_frequencies_{theta:R}");
        string positions = _graph.Add("Cast", [PositionsFromZero()], ("to", (long)OnnxType.Float));
        string angles = _graph.Add(
            "Mul", [_graph.Add("Unsqueeze", [positions, _graph.Vector("axis_1", 1)]), _graph.Tensor(OnnxTensor.Of(name, OnnxType.Float, [half], frequencies))]);
        string both = _graph.Add("Concat", [angles, angles], ("axis", -1L));
        return _angles[theta] = (_graph.Add("Cos", [both]), _graph.Add("Sin", [both]));
    }

    /// <summary>0 for tokens that see each other, float's lowest number for others: [length, length], or [1, length] for the first token alone.</summary>
    private string WindowBias(int window, bool firstAlone)
    {
        string columns = _graph.Add("Unsqueeze", [PositionsFromZero(), _graph.Vector("axis_0", 0)]); // [1, length]
        string rows = firstAlone ? _graph.Constant("zero", 0L) : _graph.Add("Unsqueeze", [PositionsFromZero(), _graph.Vector("axis_1", 1)]); // [length, 1]
        string far = _graph.Add("Greater", [_graph.Add("Abs", [_graph.Add("Sub", [columns, rows])]), _graph.Constant("window", (long)window)]);
        return _graph.Add("Mul", [_graph.Add("Cast", [far], ("to", (long)OnnxType.Float)), _graph.Constant("lowest", float.MinValue)]);
    }

    /// <summary>Of the tokens that are no padding: [batch, 1, hidden].</summary>
    private string Mean(string hidden)
    {
        string present = _graph.Add("Unsqueeze", [_graph.Add("Cast", [Mask], ("to", (long)OnnxType.Float)), _graph.Vector("axis_2", 2)]); // [batch, length, 1]
        string sum = _graph.Add("ReduceSum", [_graph.Add("Mul", [hidden, present]), _graph.Vector("length_axes", 1)], ("keepdims", 1L));
        return _graph.Add("Div", [sum, _graph.Add("ReduceSum", [present, _graph.Vector("length_axes", 1)], ("keepdims", 1L))]);
    }

    private string Heads(string x, params long[] order) =>
        _graph.Add("Transpose", [_graph.Add("Reshape", [x, _graph.Vector("split_heads", 0, 0, _config.Heads, _config.HeadSize)])], ("perm", order));

    /// <summary>A dense layer, an activation and a projection.</summary>
    /// <param name="pooled">[batch, 1, hidden]</param>
    private void Classify(string pooled)
    {
        string x = Activate(Linear(pooled, _network.Head.Dense), _config.HeadActivation);
        if (_network.Head.Norm is { } norm)
            x = LayerNorm(x, norm);
        string logits = Linear(x, _network.Head.Projection); // [batch, 1, labels]
        _graph.AddNamed("Squeeze", "logits", [logits, _graph.Vector("length_axes", 1)], ["logits"]);
    }

    private string Linear(string x, Linear part)
    {
        string product = _precision == OnnxPrecision.Float32
            ? _graph.Add("MatMul", [x, _graph.Tensor(_weights.Matrix(part.Weight))])
            : QuantizedProduct(x, part.Weight);
        return part.Bias is null ? product : _graph.Add("Add", [product, _graph.Tensor(_weights.Tensor(part.Bias))]);
    }

    /// <summary>The nodes that quantize_dynamic puts in a MatMul's place.</summary>
    private string QuantizedProduct(string x, Parameter weight)
    {
        if (!_quantized.TryGetValue(x, out string[]? quantized))
            _quantized[x] = quantized = _graph.Add("DynamicQuantizeLinear", [x], outputs: 3); // bytes, scale, zero point
        (OnnxTensor matrix, OnnxTensor scales) = _weights.QuantizedMatrix(weight);
        string zeros = _graph.Tensor(OnnxTensor.Of(scales.Name + "_zero_point", OnnxType.Int8, scales.Shape, new sbyte[scales.Shape[0]]));
        string sum = _graph.Add("MatMulInteger", [quantized[0], _graph.Tensor(matrix), quantized[2], zeros]);
        return _graph.Add("Mul", [_graph.Add("Cast", [sum], ("to", (long)OnnxType.Float)), _graph.Add("Mul", [quantized[1], _graph.Tensor(scales)])]);
    }

    private string LayerNorm(string x, LayerNorm norm) => _graph.Add("LayerNormalization",
        [x, _graph.Tensor(_weights.Tensor(norm.Weight)), .. norm.Bias is null ? (string[])[] : [_graph.Tensor(_weights.Tensor(norm.Bias))]],
        ("axis", -1L), ("epsilon", (float)norm.Epsilon));

    private string Activate(string x, Activation activation) => activation switch
    {
        Activation.Gelu => Gelu(x),
        Activation.GeluTanh => GeluTanh(x),
        Activation.QuickGelu => _graph.Add("Mul", [x, _graph.Add("Sigmoid", [_graph.Add("Mul", [x, _graph.Constant("quick_gelu", 1.702f)])])]),
        Activation.Relu => _graph.Add("Relu", [x]),
        Activation.Relu6 => _graph.Add("Clip", [x, _graph.Constant("zero_float", 0f), _graph.Constant("six_float", 6f)]),
        Activation.SquaredRelu => Square(_graph.Add("Relu", [x])),
        Activation.LeakyRelu => _graph.Add("LeakyRelu", [x], ("alpha", 0.01f)),
        Activation.Silu => _graph.Add("Mul", [x, _graph.Add("Sigmoid", [x])]),
        Activation.Mish => _graph.Add("Mul", [x, _graph.Add("Tanh", [_graph.Add("Softplus", [x])])]),
        Activation.Sigmoid => _graph.Add("Sigmoid", [x]),
        Activation.Tanh => _graph.Add("Tanh", [x]),
        Activation.Identity => x,
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "An unknown function."),
    };

    private string Square(string x) => _graph.Add("Mul", [x, x]);

    /// <summary>x/2 (1 + erf(x/√2))</summary>
    private string Gelu(string x)
    {
        string erf = _graph.Add("Erf", [_graph.Add("Div", [x, _graph.Constant("root_of_2", MathF.Sqrt(2))])]);
        return _graph.Add("Mul", [_graph.Add("Mul", [x, _graph.Add("Add", [erf, _one])]), _graph.Constant("half", 0.5f)]);
    }

    /// <summary>x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))</summary>
    private string GeluTanh(string x)
    {
        string cube = _graph.Add("Pow", [x, _graph.Constant("three", 3f)]);
        string inner = _graph.Add("Add", [x, _graph.Add("Mul", [cube, _graph.Constant("gelu_cubic", 0.044715f)])]);
        string tanh = _graph.Add("Tanh", [_graph.Add("Mul", [inner, _graph.Constant("root_of_2_by_pi", MathF.Sqrt(2 / MathF.PI))])]);
        return _graph.Add("Mul", [_graph.Add("Mul", [x, _graph.Constant("half", 0.5f)]), _graph.Add("Add", [tanh, _one])]);
    }
}
