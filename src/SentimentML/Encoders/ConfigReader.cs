using System.Globalization;
using System.Text.Json.Nodes;

namespace SentimentML.Encoders;

/// <summary>Reads config.json key by key; what is wrong is a <see cref="FormatException"/> that names the key.</summary>
internal sealed class ConfigReader(JsonObject json)
{
    private const int MaxLabels = 100_000;

    /// <summary>Those of transformers' ACT2FN that libtorch computes; some are one function, computed there in several ways.</summary>
    private static readonly OrderedDictionary<string, Activation> Activations = new(StringComparer.Ordinal)
    {
        ["gelu"] = Encoders.Activation.Gelu, ["gelu_python"] = Encoders.Activation.Gelu,
        ["gelu_new"] = Encoders.Activation.GeluTanh, ["gelu_pytorch_tanh"] = Encoders.Activation.GeluTanh,
        ["gelu_python_tanh"] = Encoders.Activation.GeluTanh, ["gelu_fast"] = Encoders.Activation.GeluTanh,
        ["gelu_accurate"] = Encoders.Activation.GeluTanh,
        ["quick_gelu"] = Encoders.Activation.QuickGelu,
        ["relu"] = Encoders.Activation.Relu, ["relu6"] = Encoders.Activation.Relu6, ["relu2"] = Encoders.Activation.SquaredRelu,
        ["leaky_relu"] = Encoders.Activation.LeakyRelu,
        ["silu"] = Encoders.Activation.Silu, ["swish"] = Encoders.Activation.Silu,
        ["mish"] = Encoders.Activation.Mish, ["sigmoid"] = Encoders.Activation.Sigmoid, ["tanh"] = Encoders.Activation.Tanh,
        ["linear"] = Encoders.Activation.Identity,
    };

    /// <summary>The whole file.</summary>
    public JsonObject Json => json;

    public string? Text(string key) => json[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public bool? Flag(string key) => json[key] is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    /// <summary>Null if the key is missing or null.</summary>
    public double? Number(string key, double min, double max)
    {
        if (json[key] is not { } node)
            return null;
        if (node is not JsonValue value || !value.TryGetValue(out double number) || !(number >= min && number <= max))
            throw new FormatException($"{key} is {node.ToJsonString()}, expected a number from {min:R} to {max:R}.");
        return number;
    }

    public double Share(string key, double byDefault) => Number(key, 0, 1) ?? byDefault;

    public int Size(string key, int byDefault, int max) => Whole(key, 1, max) ?? byDefault;

    /// <summary>A size that has two names, of which the first is the one that is written.</summary>
    public int Size(string key, string otherName, int byDefault, int max) => Whole(key, 1, max) ?? Size(otherName, byDefault, max);

    public int? Whole(string key, int min, int max)
    {
        double? number = Number(key, min, max);
        return number is null || number == Math.Floor(number.Value)
            ? (int?)number
            : throw new FormatException($"{key} is {number:R}, expected a whole number.");
    }

    private void ExpectAbsolutePositions()
    {
        if (Text("position_embedding_type") is { } found && found != "absolute")
            throw new FormatException($"position_embedding_type is '{found}', expected 'absolute'. Positions of another kind are not supported: take another "
                + "model.");
    }

    /// <summary>All heads in all layers: transformers took those that the key names out of the weights.</summary>
    public void ExpectAllHeads()
    {
        if (json["pruned_heads"] is JsonObject { Count: > 0 } pruned)
            throw new FormatException($"pruned_heads is {pruned.ToJsonString()}, expected none: layers of different numbers of heads are not supported. "
                + "Take the model that it was made from.");
    }

    /// <summary>A network that transformers has, and not one that code beside it computes.</summary>
    public void ExpectNoCode()
    {
        bool namesKnown = json["architectures"] is JsonArray { Count: > 0 } && Architectures.OwnClass(json) is null;
        if (!namesKnown && json["auto_map"] is JsonObject map && map.FirstOrDefault(p => p.Key.StartsWith("AutoModel", StringComparison.Ordinal)) is
            { Key: not null } code)
            throw new FormatException($"auto_map says that code of the model's own computes it ({code.Key}: {code.Value}), expected a class of transformers. "
                + "Such code is never run. If it computes as that class does, save the model in Python as that; else take another model.");
    }

    /// <summary>Weights as they are, and not packed by a program that the key names.</summary>
    public void ExpectPlainWeights()
    {
        if (json["quantization_config"] is { } quantization)
            throw new FormatException("quantization_config says that the weights were quantized "
                + $"({(quantization as JsonObject)?["quant_method"] ?? "unnamed"}), expected plain ones. Take the model "
                + "that it was made from, or dequantize it in Python (model.dequantize()) and save that.");
    }

    public void ExpectEncoder()
    {
        if (Flag("is_decoder") == true)
            throw new FormatException("is_decoder is true, expected an encoder, whose tokens see those behind them too. Take a model that is one.");
    }

    /// <summary>By a name of transformers' ACT2FN; gelu if the key is missing or null.</summary>
    public Activation Activation(string key)
    {
        if (json[key] is not { } node)
            return Encoders.Activation.Gelu;
        return Text(key) is { } name && Activations.TryGetValue(name, out Activation activation) ? activation
            : throw new FormatException($"{key} is {node.ToJsonString()}, expected one of {string.Join(", ", Activations.Keys)}. Networks with another "
                + "function between their matrices are not supported: take another model.");
    }

    /// <summary>Whether the file says how many labels there are.</summary>
    public bool NamesLabels => json["num_labels"] is not null || json["id2label"] is JsonArray { Count: > 0 } or JsonObject { Count: > 0 }
        || json["label2id"] is JsonObject { Count: > 0 };

    /// <summary>As transformers names labels that have no names.</summary>
    public static string[] UnnamedLabels(int count) => [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")];

    /// <summary>id2label if it is there, else num_labels unnamed ones, else label2id, which transformers does not look at, else two unnamed ones.</summary>
    public IReadOnlyList<string> Labels()
    {
        if (json["id2label"] is JsonArray { Count: > 0 } list)
            return [.. list.Select((label, i) => (label as JsonValue)?.ToString() ?? throw new FormatException($"id2label has no name in place {i}."))];
        if (json["id2label"] is JsonObject names && names.Count > 0)
            return [.. Enumerable.Range(0, names.Count).Select(i => (names[i.ToString(CultureInfo.InvariantCulture)] as JsonValue)?.ToString()
                ?? throw new FormatException(
                    $"id2label has {names.Count} entries but no name for \"{i}\", expected names for \"0\" to \"{names.Count - 1}\"."))];
        if (json["num_labels"] is null && json["label2id"] is JsonObject { Count: > 0 } ids)
        {
            Dictionary<string, string> byId = [];
            foreach ((string name, JsonNode? id) in ids)
                byId.TryAdd(id?.ToString() ?? "", name);
            return [.. Enumerable.Range(0, ids.Count).Select(i => byId.GetValueOrDefault(i.ToString(CultureInfo.InvariantCulture))
                ?? throw new FormatException($"there is no id2label, and label2id has {ids.Count} entries but none for {i}, expected 0 to {ids.Count - 1}."))];
        }
        return UnnamedLabels(Size("num_labels", 2, MaxLabels));
    }

    /// <summary>problem_type; without one, as transformers' text-classification pipeline has it: one label has a sigmoid, several a softmax.</summary>
    public ProblemType Problem(int labels) => Text("problem_type") switch
    {
        null => labels == 1 ? ProblemType.MultiLabel : ProblemType.SingleLabel,
        "single_label_classification" => labels == 1 ? ProblemType.MultiLabel : ProblemType.SingleLabel, // a softmax of one is always 1
        "multi_label_classification" => ProblemType.MultiLabel,
        "regression" => ProblemType.Regression,
        var other => throw new FormatException($"problem_type is '{other}', expected single_label_classification, multi_label_classification or regression."),
    };

    /// <summary>The keys that BERT and RoBERTa share (transformers, models/bert/configuration_bert.py).</summary>
    public EncoderConfig Bert(Architecture architecture, int padTokenId, bool countsFromPadding, int vocabularySize)
    {
        ExpectAbsolutePositions();
        ExpectEncoder();
        int pad = Whole("pad_token_id", 0, int.MaxValue) ?? padTokenId, positions = Size("max_position_embeddings", 512, 1_000_000);
        double dropout = Share("hidden_dropout_prob", 0.1);
        Activation activation = Activation("hidden_act");
        return new EncoderConfig
        {
            Architecture = architecture,
            VocabularySize = Size("vocab_size", vocabularySize, 10_000_000),
            HiddenSize = Size("hidden_size", 768, 65_536),
            Layers = Size("num_hidden_layers", 12, 1_000),
            Heads = Size("num_attention_heads", 12, 65_536),
            IntermediateSize = Size("intermediate_size", 3072, 1_000_000),
            MaxPositions = positions,
            MaxTokens = countsFromPadding ? (int)Math.Max(0, positions - pad - 1L) : positions,
            CountsFromPadding = countsFromPadding,
            TokenTypes = Size("type_vocab_size", 2, 1_000),
            LayerNormEpsilon = Number("layer_norm_eps", 0, 1) ?? 1e-12,
            HiddenDropout = dropout,
            AttentionDropout = Share("attention_probs_dropout_prob", 0.1),
            ClassifierDropout = Share("classifier_dropout", dropout),
            InitializerRange = Number("initializer_range", 0, 100) ?? 0.02,
            PadTokenId = pad,
            Activation = activation,
            PredictionActivation = activation,
            Labels = Labels(),
            Source = json,
        };
    }
}
