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
        (EncoderConfig.FileName, Text(ConfigOf(model.Config))),
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

    /// <summary>The backbone's config.json with what makes it a classifier, keys in order, as transformers writes it.</summary>
    private static JsonObject ConfigOf(EncoderConfig config)
    {
        var json = (JsonObject)config.Source.DeepClone();
        json["architectures"] = new JsonArray("RobertaForSequenceClassification");
        json["id2label"] = new JsonObject(config.Labels.Select((name, id) => KeyValuePair.Create(Invariant(id), (JsonNode?)name)));
        json["label2id"] = new JsonObject(config.Labels.Select((name, id) => (name, id)).OrderBy(l => l.name, StringComparer.Ordinal).Select(l => KeyValuePair.Create(l.name, (JsonNode?)l.id)));
        json["problem_type"] = "single_label_classification";
        json.Remove("num_labels");
        json.Remove("torch_dtype"); // the older name of dtype
        json["dtype"] = "float32";
        return new JsonObject(json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
    }

    private static string Invariant(int id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

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
