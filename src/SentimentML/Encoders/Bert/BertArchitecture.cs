using SentimentML.Backbones.Checkpoints;

namespace SentimentML.Encoders;

/// <summary>
/// BERT (Devlin et al., 2018, arXiv:1810.04805): positions from 0, two token types, and as the head a pooler, which belongs to the
/// encoder in checkpoints, with one matrix behind it (transformers, models/bert/modeling_bert.py).
/// </summary>
internal sealed class BertArchitecture : Architecture
{
    public override IReadOnlyList<string> ModelTypes { get; } = ["bert"];

    public override string ClassifierName => "BertForSequenceClassification";

    public override CheckpointNames Names { get; } = new()
    {
        Encoder = "bert",
        HeadDense = "bert.pooler.dense",
        HeadProjection = "classifier",
        Predictions = "cls.predictions",
        PredictionDense = "cls.predictions.transform.dense",
        PredictionNorm = "cls.predictions.transform.LayerNorm",
        Decoder = "cls.predictions.decoder",
    };

    public override EncoderConfig Read(ConfigReader json) =>
        json.Bert(this, padTokenId: 0, countsFromPadding: false, vocabularySize: 30522) with { TellsTextsOfPairsApart = true };
}
