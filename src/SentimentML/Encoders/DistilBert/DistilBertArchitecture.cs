using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Encoders;

/// <summary>
/// DistilBERT (Sanh et al., 2019, arXiv:1910.01108): BERT's layers under other names, without token types, and a head with ReLU
/// (transformers, models/distilbert/modeling_distilbert.py).
/// </summary>
internal sealed class DistilBertArchitecture : Architecture
{
    public override IReadOnlyList<string> ModelTypes { get; } = ["distilbert"];

    public override string ClassifierName => "DistilBertForSequenceClassification";

    public override CheckpointNames Names { get; } = new()
    {
        Encoder = "distilbert",
        Layers = "transformer.layer",
        Query = "attention.q_lin",
        Key = "attention.k_lin",
        Value = "attention.v_lin",
        AttentionOutput = "attention.out_lin",
        AttentionNorm = "sa_layer_norm",
        Intermediate = "ffn.lin1",
        Output = "ffn.lin2",
        OutputNorm = "output_layer_norm",
        HeadDense = "pre_classifier",
        HeadProjection = "classifier",
        Predictions = "vocab_projector",
        PredictionDense = "vocab_transform",
        PredictionNorm = "vocab_layer_norm",
        Decoder = "vocab_projector",
    };

    public override EncoderConfig Read(ConfigReader json)
    {
        int positions = json.Size("max_position_embeddings", 512, 1_000_000);
        Activation activation = json.Activation("activation");
        return new EncoderConfig
        {
            Architecture = this,
            VocabularySize = json.Size("vocab_size", 30522, 10_000_000),
            HiddenSize = json.Size("dim", "hidden_size", 768, 65_536),
            Layers = json.Size("n_layers", "num_hidden_layers", 6, 1_000),
            Heads = json.Size("n_heads", "num_attention_heads", 12, 65_536),
            IntermediateSize = json.Size("hidden_dim", 4 * 768, 1_000_000),
            MaxPositions = positions,
            MaxTokens = positions,
            LayerNormEpsilon = 1e-12,
            HiddenDropout = json.Share("dropout", 0.1),
            AttentionDropout = json.Share("attention_dropout", 0.1),
            ClassifierDropout = json.Share("seq_classif_dropout", 0.2),
            InitializerRange = json.Number("initializer_range", 0, 100) ?? 0.02,
            PadTokenId = json.Whole("pad_token_id", 0, int.MaxValue) ?? 0,
            Activation = activation,
            PredictionActivation = activation,
            HeadActivation = Activation.Relu,
            Labels = json.Labels(),
            Source = json.Json,
        };
    }
}
