using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Backbones;
using SentimentML.Files;

namespace SentimentML.Encoders;

/// <summary>
/// What config.json says of a RoBERTa network, under transformers' names and with transformers' defaults
/// (transformers, models/roberta/configuration_roberta.py).
/// </summary>
internal sealed record EncoderConfig
{
    public const string FileName = "config.json";

    public int VocabularySize { get; init; } = 50265;
    public int HiddenSize { get; init; } = 768;
    public int Layers { get; init; } = 12;
    public int Heads { get; init; } = 12;
    public int IntermediateSize { get; init; } = 3072;

    /// <summary>Rows of the position table; the first pad_token_id + 1 of them belong to no position.</summary>
    public int MaxPositions { get; init; } = 512;
    public int TokenTypes { get; init; } = 2;
    public double LayerNormEpsilon { get; init; } = 1e-12;
    public double HiddenDropout { get; init; } = 0.1;
    public double AttentionDropout { get; init; } = 0.1;
    public double? ClassifierDropout { get; init; }
    public double InitializerRange { get; init; } = 0.02;
    public int PadTokenId { get; init; } = 1;
    public Activation Activation { get; init; } = Activation.Gelu;

    /// <summary>The labels' names in the order of the logits.</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["LABEL_0", "LABEL_1"];

    /// <summary>All of config.json, so that what is not understood here is kept when it is written again.</summary>
    public JsonObject Source { get; init; } = [];

    public int HeadSize => HiddenSize / Heads;

    /// <summary>The longest row of tokens, special ones included, that has a position for each.</summary>
    public int MaxTokens => MaxPositions - PadTokenId - 1;

    /// <summary>Numbers in the encoder and its embeddings, without a head.</summary>
    public long EncoderParameters
    {
        get
        {
            long hidden = HiddenSize, inner = IntermediateSize;
            long embeddings = ((long)VocabularySize + MaxPositions + TokenTypes + 2) * hidden;
            long layer = 4 * (hidden * hidden + hidden) + 2 * hidden * inner + inner + hidden + 4 * hidden;
            return embeddings + Layers * layer;
        }
    }

    public static EncoderConfig Read(ModelFiles files)
    {
        if (!files.Contains(FileName))
            throw new SentimentMLException($"{files.Location} has no {FileName}: a model folder holds {FileName}, weights (model.safetensors or pytorch_model.bin) and a tokenizer (tokenizer.json, or vocab.json and merges.txt).");
        try
        {
            JsonNode? json = JsonNode.Parse(files.ReadText(FileName), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            return new Reader(json as JsonObject ?? throw new JsonException("the outermost value is not an object")).Read();
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new SentimentMLException($"{files.Location}/{FileName} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Reads the keys one by one; what is wrong is a <see cref="FormatException"/> that names the key.</summary>
    private sealed class Reader(JsonObject json)
    {
        private static readonly EncoderConfig Default = new();

        public EncoderConfig Read()
        {
            string? type = Text("model_type");
            if (type != "roberta")
                throw new FormatException($"model_type is {(type is null ? "missing" : $"'{type}'")}, expected 'roberta'.");
            if (Text("position_embedding_type") is { } positions and not "absolute")
                throw new FormatException($"position_embedding_type is '{positions}', expected 'absolute'.");
            if (json["is_decoder"] is JsonValue decoder && decoder.TryGetValue(out bool isDecoder) && isDecoder)
                throw new FormatException("is_decoder is true, expected an encoder.");
            var config = new EncoderConfig
            {
                VocabularySize = Size("vocab_size", Default.VocabularySize, 10_000_000),
                HiddenSize = Size("hidden_size", Default.HiddenSize, 65_536),
                Layers = Size("num_hidden_layers", Default.Layers, 1_000),
                Heads = Size("num_attention_heads", Default.Heads, 65_536),
                IntermediateSize = Size("intermediate_size", Default.IntermediateSize, 1_000_000),
                MaxPositions = Size("max_position_embeddings", Default.MaxPositions, 1_000_000),
                TokenTypes = Size("type_vocab_size", Default.TokenTypes, 1_000),
                LayerNormEpsilon = Number("layer_norm_eps", 0, 1) ?? Default.LayerNormEpsilon,
                HiddenDropout = Number("hidden_dropout_prob", 0, 1) ?? Default.HiddenDropout,
                AttentionDropout = Number("attention_probs_dropout_prob", 0, 1) ?? Default.AttentionDropout,
                ClassifierDropout = Number("classifier_dropout", 0, 1),
                InitializerRange = Number("initializer_range", 0, 100) ?? Default.InitializerRange,
                PadTokenId = (int)(Number("pad_token_id", 0, int.MaxValue) ?? Default.PadTokenId),
                Activation = ReadActivation(),
                Labels = ReadLabels(),
                Source = json,
            };
            if (config.HiddenSize % config.Heads != 0)
                throw new FormatException($"hidden_size {config.HiddenSize} is not a multiple of num_attention_heads {config.Heads}.");
            if (config.PadTokenId >= config.VocabularySize)
                throw new FormatException($"pad_token_id {config.PadTokenId} is not below vocab_size {config.VocabularySize}.");
            if (config.MaxTokens < 3)
                throw new FormatException($"max_position_embeddings {config.MaxPositions} leaves no room for a text (positions start at pad_token_id + 1 = {config.PadTokenId + 1}).");
            return config;
        }

        private string? Text(string key) => json[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

        private double? Number(string key, double least, double most)
        {
            if (json[key] is not { } node)
                return null;
            if (node is not JsonValue value || !value.TryGetValue(out double number) || !(number >= least && number <= most))
                throw new FormatException($"{key} is {node.ToJsonString()}, expected a number from {least:R} to {most:R}.");
            return number;
        }

        private int Size(string key, int byDefault, int most)
        {
            double size = Number(key, 1, most) ?? byDefault;
            return size == Math.Floor(size) ? (int)size : throw new FormatException($"{key} is {size:R}, expected a whole number.");
        }

        private Activation ReadActivation() => Text("hidden_act") switch
        {
            null or "gelu" => Activation.Gelu,
            "gelu_new" or "gelu_pytorch_tanh" => Activation.GeluTanh,
            "relu" => Activation.Relu,
            var other => throw new FormatException($"hidden_act is '{other}', expected gelu, gelu_new, gelu_pytorch_tanh or relu."),
        };

        /// <summary>id2label where it is there, else num_labels unnamed ones, else two, as transformers has it.</summary>
        private IReadOnlyList<string> ReadLabels()
        {
            if (json["id2label"] is JsonObject names && names.Count > 0)
                return [.. Enumerable.Range(0, names.Count).Select(i =>
                    names[i.ToString(System.Globalization.CultureInfo.InvariantCulture)] is JsonValue v && v.TryGetValue(out string? name) ? name
                    : throw new FormatException($"id2label has {names.Count} entries but no name for \"{i}\", expected names for \"0\" to \"{names.Count - 1}\"."))];
            int count = Size("num_labels", Default.Labels.Count, 100_000);
            return [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")];
        }
    }
}

/// <summary>The function between a layer's two outer matrices.</summary>
internal enum Activation
{
    Gelu,
    GeluTanh,
    Relu,
}
