using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Encoders;

/// <summary>
/// RoBERTa (Liu et al., 2019, arXiv:1907.11692): BERT's encoder with positions counted from the padding id, and a head of its own
/// on the first token. XLM-RoBERTa and CamemBERT are the same network (transformers, models/roberta/modeling_roberta.py).
/// </summary>
internal sealed class RobertaArchitecture(string modelType, string classifierName) : Architecture
{
    public override IReadOnlyList<string> ModelTypes { get; } = [modelType];

    public override string ClassifierName => classifierName;

    public override CheckpointNames Names { get; } = new()
    {
        Encoder = "roberta",
        OtherEncoderNames = ["xlm-roberta", "xlm_roberta", "camembert"],
        HeadDense = "classifier.dense",
        HeadProjection = "classifier.out_proj",
        Predictions = "lm_head",
        PredictionDense = "lm_head.dense",
        PredictionNorm = "lm_head.layer_norm",
        Decoder = "lm_head.decoder",
    };

    public override EncoderConfig Read(ConfigReader json) =>
        json.Bert(this, padTokenId: 1, countsFromPadding: true, vocabularySize: 50265) with { DropsHeadInput = true, PredictionActivation = Activation.Gelu };
}
