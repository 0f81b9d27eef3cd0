using System.Text.Json.Nodes;

namespace SentimentML.Encoders;

/// <summary>The kinds of encoders that this library knows.</summary>
internal static class Architectures
{
    private const string Classifier = "ForSequenceClassification";

    /// <summary>How the names of transformers' classes of these encoders end, and what stands before them in those for TensorFlow and Flax.</summary>
    private static readonly string[] Ends =
    [
        "Model", "LMHeadModel", "PreTrainedModel", "ForPreTraining", "ForMaskedLM", "ForCausalLM", Classifier, "ForTokenClassification",
        "ForQuestionAnswering", "ForMultipleChoice", "ForNextSentencePrediction",
    ], Frameworks = ["", "TF", "Flax"];

    private static readonly IReadOnlyList<Architecture> All =
    [
        new RobertaArchitecture("roberta", "RobertaForSequenceClassification"),
        new RobertaArchitecture("xlm-roberta", "XLMRobertaForSequenceClassification"),
        new RobertaArchitecture("camembert", "CamembertForSequenceClassification"),
        new BertArchitecture(),
        new DistilBertArchitecture(),
        new ModernBertArchitecture(),
    ];

    /// <summary>
    /// The model type of a config.json: its model_type or, if that is missing, the type that a transformers class in its architectures implies
    /// (BertForMaskedLM). Files without model_type are in use, because loading a model by its class does not need it. Null if neither is there.
    /// </summary>
    public static string? TypeOf(ConfigReader json)
    {
        if (json.Json.TryGetPropertyValue("model_type", out JsonNode? stated) && stated is not null)
            return json.Text("model_type") ?? stated.ToJsonString();
        string[] named = [.. (json.Json["architectures"] as JsonArray ?? []).Select(name => name?.ToString() ?? "")];
        return All.FirstOrDefault(architecture => architecture.ClassifierName[..^Classifier.Length] is var own
            && named.Any(name => name == own + "Model" || name.StartsWith(own + "For", StringComparison.Ordinal)))?.ModelTypes[0];
    }

    /// <summary>
    /// The class that a config.json's architectures name if it is none of transformers' classes of these encoders, such as a program's own; null if one is, or
    /// none is named.
    /// </summary>
    public static string? OwnClass(JsonObject json)
    {
        string[] named = [.. (json["architectures"] as JsonArray ?? []).Select(name => name?.ToString() ?? "")];
        return named.Any(name => All.Any(architecture => architecture.ClassifierName[..^Classifier.Length] is var own
            && Frameworks.Any(framework => Ends.Any(end => name == framework + own + end)))) ? null : named.FirstOrDefault();
    }

    /// <exception cref="FormatException">There is none for this model type.</exception>
    public static Architecture For(string? modelType) => All.FirstOrDefault(a => a.ModelTypes.Contains(modelType)) ?? throw new FormatException(
        $"model_type is {(modelType is null ? "missing" : $"'{modelType}'")}, expected one of {string.Join(", ", All.SelectMany(a => a.ModelTypes))}. "
            + (modelType is null ? "Write there which the weights are of, as transformers' save_pretrained does." : "Take a model of one of these kinds."));
}
