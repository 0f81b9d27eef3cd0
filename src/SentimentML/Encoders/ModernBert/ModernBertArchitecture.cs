using System.Text.Json.Nodes;
using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Encoders;

/// <summary>
/// ModernBERT (Warner et al., 2024, arXiv:2412.13663): norms before the parts, rotary positions, gated feed-forward networks, and
/// in two of three layers an attention that sees a window (transformers, models/modernbert/modular_modernbert.py).
/// </summary>
internal sealed class ModernBertArchitecture : Architecture
{
    public override IReadOnlyList<string> ModelTypes { get; } = ["modernbert"];

    public override string ClassifierName => "ModernBertForSequenceClassification";

    public override CheckpointNames Names { get; } = new()
    {
        Encoder = "model",
        Words = "tok_embeddings",
        EmbeddingNorm = "norm",
        Layers = "layers",
        Query = "attn.Wqkv",
        Key = "attn.Wqkv",
        Value = "attn.Wqkv",
        AttentionOutput = "attn.Wo",
        AttentionNorm = "attn_norm",
        Intermediate = "mlp.Wi",
        Output = "mlp.Wo",
        OutputNorm = "mlp_norm",
        FinalNorm = "final_norm",
        HeadDense = "head.dense",
        HeadNorm = "head.norm",
        HeadProjection = "classifier",
        Predictions = "decoder",
        PredictionDense = "head.dense",
        PredictionNorm = "head.norm",
        Decoder = "decoder",
    };

    public override EncoderLayer CreateLayer(EncoderConfig config, int number) => new ModernBertLayer(config, number);

    public override EncoderConfig Read(ConfigReader json)
    {
        int hidden = json.Size("hidden_size", 768, 65_536), layers = json.Size("num_hidden_layers", 22, 1_000),
            positions = json.Size("max_position_embeddings", 8192, 1_000_000);
        Activation head = json.Activation("classifier_activation");
        return new EncoderConfig
        {
            Architecture = this,
            VocabularySize = json.Size("vocab_size", 50368, 10_000_000),
            HiddenSize = hidden,
            Layers = layers,
            Heads = json.Size("num_attention_heads", 12, 65_536),
            IntermediateSize = json.Size("intermediate_size", 1152, 1_000_000),
            MaxPositions = null,
            MaxTokens = positions,
            Attentions = ReadAttentions(json, layers),
            LayerNormEpsilon = json.Number("norm_eps", 0, 1) ?? 1e-5,
            HasNormBias = json.Flag("norm_bias") ?? false,
            HasAttentionBias = json.Flag("attention_bias") ?? false,
            HasFeedForwardBias = json.Flag("mlp_bias") ?? false,
            HasHeadBias = json.Flag("classifier_bias") ?? false,
            HiddenDropout = json.Share("embedding_dropout", 0),
            AttentionDropout = json.Share("attention_dropout", 0),
            FeedForwardDropout = json.Share("mlp_dropout", 0),
            ClassifierDropout = json.Share("classifier_dropout", 0),
            InitializerRange = 1 / Math.Sqrt(hidden), // of the head's projection: modeling_modernbert.py, _init_weights
            PadTokenId = json.Whole("pad_token_id", 0, int.MaxValue) ?? (json.Json.ContainsKey("pad_token_id") ? 0 : 50283), // null: any id fills
            Activation = json.Activation("hidden_activation"),
            PredictionActivation = head,
            HeadActivation = head,
            Pooling = ReadPooling(json),
            Labels = json.Labels(),
            Source = json.Json,
        };
    }

    /// <summary>As transformers 5 writes it (layer_types, rope_parameters), or as 4 did (global_attn_every_n_layers and two thetas).</summary>
    private static IReadOnlyList<LayerAttention> ReadAttentions(ConfigReader json, int layers)
    {
        int window = json.Size("local_attention", 128, 1_000_000) / 2, every = json.Size("global_attn_every_n_layers", 3, 1_000_000);
        ExpectUnscaled(json, "rope_scaling");
        double stated = json.Number("global_rope_theta", 1, 1e12) ?? 160_000, whole = Theta(json, "full_attention") ?? stated;
        double local = Theta(json, "sliding_attention") ?? json.Number("local_rope_theta", 1, 1e12)
            ?? (json.Json.ContainsKey("local_rope_theta") ? stated : 10_000); // null: the same as in the other layers
        if (json.Json["layer_types"] is not JsonArray types)
            return [.. Enumerable.Range(0, layers).Select(i => i % every == 0 ? new LayerAttention(whole, null) : new LayerAttention(local, window))];
        if (types.Count != layers)
            throw new FormatException($"layer_types has {types.Count} entries, expected num_hidden_layers {layers}.");
        return [.. types.Select(type => type?.ToString() switch
        {
            "full_attention" => new LayerAttention(whole, null),
            "sliding_attention" => new LayerAttention(local, window),
            var other => throw new FormatException($"layer_types has '{other}', expected full_attention or sliding_attention."),
        })];
    }

    private static double? Theta(ConfigReader json, string kind)
    {
        if (json.Json["rope_parameters"] is not JsonObject ropes || ropes[kind] is not JsonObject rope)
            return null;
        ExpectUnscaled(new ConfigReader(ropes), kind);
        return new ConfigReader(rope).Number("rope_theta", 1, 1e12);
    }

    /// <summary>Rotary positions as they are; "type" is the name of "rope_type" in older files.</summary>
    private static void ExpectUnscaled(ConfigReader json, string key)
    {
        if (json.Json[key] is not { } node)
            return;
        JsonNode? type = node is JsonObject rope ? rope["rope_type"] ?? rope["type"] : node;
        if (type is not null && type.ToString() != "default")
            throw new FormatException(
                $"{key} is {node.ToJsonString()}, expected null or \"rope_type\": \"default\": scaled rotary positions are not supported.");
    }

    private static TextPooling ReadPooling(ConfigReader json) => json.Text("classifier_pooling") switch
    {
        null or "cls" => TextPooling.First,
        "mean" => TextPooling.Mean,
        var other => throw new FormatException($"classifier_pooling is '{other}', expected cls or mean."),
    };
}
