using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Backbones;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Encoders;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Persistence;

/// <summary>The files that a model is made of, whether they lie in a folder or in an ML.NET zip.</summary>
internal static class ModelParts
{
    public const string Weights = Checkpoint.Safetensors;
    public const string Card = BackboneRecipe.FileName;

    private const string MaxTokensKey = "max_tokens";

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All but the weights.</summary>
    public static IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> SmallFiles(TextClassificationModel model) =>
    [
        .. model.Scorer.Tokenizer.Files,
        (Card, Text(CardOf(model))),
        ("README.md", Encoding.UTF8.GetBytes(ModelCard.Write(model))),
        (EncoderConfig.FileName, Text(model.Config.ToJson())),
    ];

    /// <summary>The weights, read from where they are while they are written.</summary>
    public static IReadOnlyList<SafetensorsEntry> WeightsOf(TextClassificationModel model) =>
        [.. model.Network.named_parameters().Select(p => Entry(p.name, p.parameter))];

    /// <summary>The most tokens that a loaded model's texts are cut to.</summary>
    public static int MaxTokens(JsonObject card, EncoderConfig config, PretrainedTokenizer tokenizer)
    {
        int most = Math.Min(config.MaxTokens, tokenizer.MaxTokens);
        return card[MaxTokensKey] is JsonValue value && value.TryGetValue(out int cut) && cut >= 3 ? Math.Min(cut, most) : most;
    }

    /// <summary>What sentimentml.json says; nothing where there is none.</summary>
    public static JsonObject ReadCard(ModelFiles files)
    {
        if (!files.Contains(Card))
            return [];
        try
        {
            return JsonNode.Parse(files.ReadText(Card)) as JsonObject ?? throw new JsonException("the outermost value is not an object");
        }
        catch (JsonException e)
        {
            throw new SentimentMLException($"{files.Location}/{Card} is damaged: {e.Message}", e);
        }
    }

    private static JsonObject CardOf(TextClassificationModel model)
    {
        var card = (JsonObject)model.Card.DeepClone();
        card[MaxTokensKey] = model.Scorer.MaxTokens;
        return card;
    }

    private static byte[] Text(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(Json) + "\n");

    private static SafetensorsEntry Entry(string name, Parameter parameter)
    {
        Tensor? onCpu = null;
        return new SafetensorsEntry(name, CheckpointDtype.F32, parameter.shape, (offset, count) =>
        {
            onCpu ??= parameter.detach().cpu();
            ReadOnlySpan<byte> bytes = onCpu.bytes.Slice((int)offset, count);
            return bytes;
        });
    }
}
