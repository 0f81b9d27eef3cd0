using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Inference;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.Persistence;

/// <summary>A model without its weights, and the files that it is made of, whether they lie in a folder or in an ML.NET zip.</summary>
internal sealed record ModelParts(EncoderConfig Config, PretrainedTokenizer Tokenizer, ModelRecord Record)
{
    public const string Weights = Checkpoint.Safetensors;

    public const string CardFile = "README.md";

    /// <summary>The size of a file beside the weights; a larger one is refused before it is read.</summary>
    public const int MaxSmallFile = 256 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The labels' names, in the order of the logits.</summary>
    public IReadOnlyList<string> Labels => Config.Labels;

    /// <summary>The tokens that a text is cut to, special ones included.</summary>
    public int MaxTokens => Math.Min(Record.MaxTokens ?? int.MaxValue, Config.MaxTokensOf(Tokenizer));

    /// <summary>The precision that the model answers in on a device: what the caller asks for, else what the record says.</summary>
    public InferencePrecision PrecisionOn(InferencePrecision wanted, Device device) =>
        PrecisionChoice.Resolve(wanted, Record.InferencePrecision, Record.LabelsKept, device);

    /// <summary>The ids of the texts that Int8 takes the ranges of its activations from.</summary>
    public TokenRow[] CalibrationIds() => CalibrationTexts.Ids(Tokenizer, MaxTokens);

    /// <summary>How the model's logits become an answer.</summary>
    /// <param name="calibrated">Whether the temperature is used; null: as the record says.</param>
    /// <param name="model">The model's name in error messages.</param>
    /// <param name="stated">What its labels stand for, if the caller says so.</param>
    /// <param name="unsureBelow">The score below which an answer is unsure.</param>
    public AnswerRule Rule(bool? calibrated, string model, SentimentMap? stated = null, double unsureBelow = 0) =>
        new(Labels, Config.Problem, Record.TemperatureToUse(calibrated, model), stated ?? Record.SentimentMap ?? SentimentMap.FromNames(Labels), unsureBelow);

    /// <summary>All but the weights.</summary>
    /// <param name="weights">The numbers that the weights are saved in.</param>
    /// <param name="adapterOf">The model that a saved adapter changes, whose tokenizer it takes; null of a whole model.</param>
    public IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> SmallFiles(WeightType weights = WeightType.Float32, string? adapterOf = null)
    {
        ModelRecord record = Record with { MaxTokens = MaxTokens };
        return
        [
            .. adapterOf is null ? Tokenizer.Files : [],
            (ModelRecord.FileName, Encoding.UTF8.GetBytes(record.ToJson())),
            (CardFile, Encoding.UTF8.GetBytes(ModelCard.Write(record, Labels, adapterOf))),
            (EncoderConfig.FileName, Text(Config.ToJson(weights == WeightType.Float16 ? "float16" : "float32"))),
        ];
    }

    private static byte[] Text(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(Json) + "\n");
}
