using SentimentML.Encoders;

namespace SentimentML.Onnx.Graph;

/// <summary>
/// RobertaForSequenceClassification as a graph of standard ONNX operators, written in the shapes that ONNX Runtime's
/// optimizer knows and replaces by its fused kernels (DynamicQuantizeMatMul, BiasGelu, FusedMatMul and others). Parts stand
/// in the order in which the data passes them; see Roberta/RobertaModel.cs.
/// </summary>
internal sealed class RobertaGraph
{
    private readonly OnnxGraph _graph = new();
    private readonly Dictionary<string, string[]> _quantized = [];
    private readonly EncoderConfig _config;
    private readonly NetworkWeights _weights;
    private readonly OnnxPrecision _precision;
    private readonly string _one;

    private RobertaGraph(SequenceClassifier network, OnnxPrecision precision)
    {
        _config = network.Config;
        _weights = new NetworkWeights(network);
        _precision = precision;
        _one = _graph.Constant("one", 1f);
    }

    public static IReadOnlyList<OnnxValue> Inputs { get; } =
    [
        new("input_ids", OnnxType.Int64, "batch_size", "sequence_length"),
        new("attention_mask", OnnxType.Int64, "batch_size", "sequence_length"),
    ];

    public static OnnxValue Output(EncoderConfig config) => new("logits", OnnxType.Float, "batch_size", config.Labels.Count);

    /// <summary>The graph from input_ids and attention_mask to logits.</summary>
    public static OnnxGraph Of(SequenceClassifier network, OnnxPrecision precision)
    {
        var graph = new RobertaGraph(network, precision);
        graph.Build();
        return graph._graph;
    }

    private void Build()
    {
        string hidden = Embed(); // [batch, length, hidden]
        string mask = AttentionBias(); // [batch, 1, 1, length]
        for (int layer = 0; layer < _config.Layers; layer++)
        {
            // The head reads the first token alone: so does the last layer for its queries and all that follows.
            string queries = layer == _config.Layers - 1 ? FirstToken(hidden) : hidden;
            hidden = Layer(hidden, queries, mask, $"roberta.encoder.layer.{layer}.");
        }
        Classify(hidden);
    }

    private string Embed()
    {
        const string Names = "roberta.embeddings.";
        string positions = _graph.Tensor(_weights.Positions(Names + "position_embeddings.weight", Names + "token_type_embeddings.weight"));
        string sum = _graph.Add("Add", [Words(Names + "word_embeddings.weight"), _graph.Add("Gather", [positions, PositionIds()])]);
        return LayerNorm(sum, Names + "LayerNorm");
    }

    private string Words(string name)
    {
        if (_precision == OnnxPrecision.Float32)
            return _graph.Add("Gather", [_graph.Tensor(_weights.Tensor(name)), "input_ids"]);
        (OnnxTensor table, OnnxTensor scales) = _weights.QuantizedRows(name);
        string words = _graph.Add("Cast", [_graph.Add("Gather", [_graph.Tensor(table), "input_ids"])], ("to", (long)OnnxType.Float));
        return _graph.Add("Mul", [words, _graph.Add("Gather", [_graph.Tensor(scales), "input_ids"])]);
    }

    /// <summary>create_position_ids_from_input_ids: counted from the pad id, which itself has the pad's position.</summary>
    private string PositionIds()
    {
        string pad = _graph.Constant("pad_token_id", (long)_config.PadTokenId);
        string tokens = _graph.Add("Cast", [_graph.Add("Not", [_graph.Add("Equal", ["input_ids", pad])])], ("to", (long)OnnxType.Int64));
        string counted = _graph.Add("CumSum", [tokens, _graph.Constant("length_axis", 1L)]);
        return _graph.Add("Add", [_graph.Add("Mul", [counted, tokens]), pad]);
    }

    /// <summary>0 where there is a token, float's lowest number where there is none.</summary>
    private string AttentionBias()
    {
        string mask = _graph.Add("Unsqueeze", ["attention_mask", _graph.Vector("axis_1", 1)]);
        mask = _graph.Add("Unsqueeze", [mask, _graph.Vector("axis_2", 2)]);
        mask = _graph.Add("Cast", [mask], ("to", (long)OnnxType.Float));
        return _graph.Add("Mul", [_graph.Add("Sub", [_one, mask]), _graph.Constant("lowest", float.MinValue)]);
    }

    private string FirstToken(string hidden) =>
        _graph.Add("Slice", [hidden, _graph.Vector("from_first", 0), _graph.Vector("to_second", 1), _graph.Vector("length_axes", 1)]); // [batch, 1, hidden]

    /// <param name="hidden">[batch, length, hidden]: what is attended to</param>
    /// <param name="queries">The same, or a part of it: what goes on to the next layer</param>
    /// <param name="mask">[batch, 1, 1, length]</param>
    /// <param name="names">What the layer's parameters' names start with</param>
    private string Layer(string hidden, string queries, string mask, string names)
    {
        string context = Attend(hidden, queries, mask, names + "attention.self.");
        string attended = LayerNorm(_graph.Add("Add", [Linear(context, names + "attention.output.dense"), queries]), names + "attention.output.LayerNorm");
        string inner = Activate(Linear(attended, names + "intermediate.dense"));
        return LayerNorm(_graph.Add("Add", [Linear(inner, names + "output.dense"), attended]), names + "output.LayerNorm");
    }

    private string Attend(string hidden, string queries, string mask, string names)
    {
        string query = Heads(Linear(queries, names + "query"), 0, 2, 1, 3); // [batch, heads, length, head size]
        string key = Heads(Linear(hidden, names + "key"), 0, 2, 3, 1); // [batch, heads, head size, length]
        string value = Heads(Linear(hidden, names + "value"), 0, 2, 1, 3);
        string scores = _graph.Add("Div", [_graph.Add("MatMul", [query, key]), _graph.Constant("root_of_head_size", MathF.Sqrt(_config.HeadSize))]);
        string probabilities = _graph.Add("Softmax", [_graph.Add("Add", [scores, mask])], ("axis", -1L));
        string context = _graph.Add("Transpose", [_graph.Add("MatMul", [probabilities, value])], ("perm", new long[] { 0, 2, 1, 3 }));
        return _graph.Add("Reshape", [context, _graph.Vector("joined_heads", 0, 0, _config.HiddenSize)]);
    }

    private string Heads(string x, params long[] order) =>
        _graph.Add("Transpose", [_graph.Add("Reshape", [x, _graph.Vector("split_heads", 0, 0, _config.Heads, _config.HeadSize)])], ("perm", order));

    /// <summary>A dense layer, tanh and a projection.</summary>
    private void Classify(string first)
    {
        string x = _graph.Add("Tanh", [Linear(first, "classifier.dense")]);
        string logits = Linear(x, "classifier.out_proj"); // [batch, 1, labels]
        _graph.AddNamed("Squeeze", "logits", [logits, _graph.Vector("length_axes", 1)], ["logits"]);
    }

    private string Linear(string x, string name)
    {
        string product = _precision == OnnxPrecision.Float32
            ? _graph.Add("MatMul", [x, _graph.Tensor(_weights.Matrix(name + ".weight"))])
            : QuantizedProduct(x, name + ".weight");
        return _graph.Add("Add", [product, _graph.Tensor(_weights.Tensor(name + ".bias"))]);
    }

    /// <summary>The nodes that quantize_dynamic puts in a MatMul's place.</summary>
    private string QuantizedProduct(string x, string name)
    {
        if (!_quantized.TryGetValue(x, out string[]? quantized))
            _quantized[x] = quantized = _graph.Add("DynamicQuantizeLinear", [x], outputs: 3); // bytes, scale, zero point
        (OnnxTensor matrix, OnnxTensor scales) = _weights.QuantizedMatrix(name);
        string zeros = _graph.Tensor(OnnxTensor.Of(name + "_zero_point", OnnxType.Int8, scales.Shape, new sbyte[scales.Shape[0]]));
        string sum = _graph.Add("MatMulInteger", [quantized[0], _graph.Tensor(matrix), quantized[2], zeros]);
        return _graph.Add("Mul", [_graph.Add("Cast", [sum], ("to", (long)OnnxType.Float)), _graph.Add("Mul", [quantized[1], _graph.Tensor(scales)])]);
    }

    private string LayerNorm(string x, string name) => _graph.Add("LayerNormalization",
        [x, _graph.Tensor(_weights.Tensor(name + ".weight")), _graph.Tensor(_weights.Tensor(name + ".bias"))],
        ("axis", -1L), ("epsilon", (float)_config.LayerNormEpsilon));

    private string Activate(string x) => _config.Activation switch
    {
        Activation.Relu => _graph.Add("Relu", [x]),
        Activation.GeluTanh => GeluTanh(x),
        _ => Gelu(x),
    };

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
