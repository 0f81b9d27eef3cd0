using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Evaluation;
using SentimentML.Inference;

namespace SentimentML.Persistence;

/// <summary>The model folder's README.md, with the metadata block that the Hugging Face hub reads.</summary>
internal static class ModelCard
{
    private const string Name = "A Spanish sentiment model";

    public static string Write(TextClassificationModel model)
    {
        JsonObject card = model.Card;
        JsonObject[] evaluations = card["evaluations"] is JsonArray list ? [.. list.OfType<JsonObject>()] : [];
        var text = new StringBuilder();
        WriteMetadata(text, card, Best(card, evaluations));
        text.AppendLine(CultureInfo.InvariantCulture, $"# {Name}\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"Labels: {string.Join(", ", model.Scorer.Labels.Select(Plain))}. Texts are cut to {model.Scorer.MaxTokens} tokens.\n");
        WriteUse(text);
        if (card["training"] is JsonObject training)
        {
            text.AppendLine("## Training\n");
            foreach ((string key, JsonNode? value) in training.Where(fact => fact.Value is not null))
                text.AppendLine(CultureInfo.InvariantCulture, $"- {Plain(key)}: {Plain(value!.ToString())}");
            text.AppendLine();
        }
        if (evaluations.Length > 0)
        {
            text.AppendLine("## Validation\n\n| epoch | accuracy | macro-F1 | loss |\n| --- | --- | --- | --- |");
            foreach (JsonObject e in evaluations)
                text.AppendLine(CultureInfo.InvariantCulture, $"| {Number(e, "epoch"):0.##} | {Number(e, "accuracy"):0.0000} | {Number(e, "macro_f1"):0.0000} | {Number(e, "loss"):0.0000} |");
            text.AppendLine();
        }
        if (SavedTemperature.Read(card) is { } calibration)
            text.AppendLine(CultureInfo.InvariantCulture, $"Divided by the temperature {calibration.Temperature:0.####} before the softmax, the logits give calibrated probabilities.\n");
        text.AppendLine("Made with SentimentML.");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void WriteMetadata(StringBuilder text, JsonObject card, JsonObject? best)
    {
        text.AppendLine("---");
        text.AppendLine("language: es");
        // A licence is the owner's to give; the hub shows none until there is one.
        text.AppendLine("# license: the model's owner says it here, as apache-2.0");
        text.AppendLine("pipeline_tag: text-classification");
        text.AppendLine("library_name: transformers");
        if (card["backbone"]?.ToString() is { } backbone && IsHubId(backbone))
            text.AppendLine(CultureInfo.InvariantCulture, $"base_model: {Quote(backbone)}");
        text.AppendLine("tags:\n- sentiment\n- sentimentml");
        if (best is not null)
        {
            text.AppendLine("metrics:\n- accuracy\n- f1");
            WriteModelIndex(text, best);
        }
        text.AppendLine("---\n");
    }

    /// <summary>The figures as the hub reads them: those of the weights that were kept.</summary>
    private static void WriteModelIndex(StringBuilder text, JsonObject best)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"model-index:\n- name: {Quote(Name)}\n  results:\n  - task:\n      type: text-classification\n      name: Text Classification");
        text.AppendLine("    dataset:\n      type: reviews\n      name: Validation set\n      split: validation\n    metrics:");
        foreach ((string type, string key, string name) in (ReadOnlySpan<(string, string, string)>)[("accuracy", "accuracy", "Accuracy"), ("f1", "macro_f1", "Macro F1"), ("loss", "loss", "Loss")])
        {
            if (double.IsFinite(Number(best, key)))
                text.AppendLine(CultureInfo.InvariantCulture, $"    - type: {type}\n      name: {name}\n      value: {Number(best, key):0.######}");
        }
    }

    private static void WriteUse(StringBuilder text) => text.AppendLine(
        """
        ## Use

        ```csharp
        using var classifier = SentimentClassifier.Load("this folder");
        SentimentPrediction prediction = classifier.Classify("la mesa tiene las patas bonitas");
        ```

        ```python
        from transformers import pipeline
        pipeline("text-classification", model="this folder")("la mesa tiene las patas bonitas")
        ```

        """);

    /// <summary>The evaluation that the kept weights come from: the best by what the training chose by, after the first step.</summary>
    private static JsonObject? Best(JsonObject card, JsonObject[] evaluations)
    {
        IEnumerable<JsonObject> trained = evaluations.Where(e => Number(e, "step") > 0);
        return (card["training"] as JsonObject)?["best_model_by"]?.ToString() switch
        {
            "MacroF1" => trained.MaxBy(e => Number(e, "macro_f1")),
            "Loss" => trained.MinBy(e => Number(e, "loss")),
            _ => trained.MaxBy(e => Number(e, "accuracy")),
        };
    }

    /// <summary>A number of the card, whether it was just written or read from a file; NaN where there is none.</summary>
    private static double Number(JsonObject json, string key) => json[key] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)
        : double.NaN;

    /// <summary>"organization/name", and no folder of this machine.</summary>
    private static bool IsHubId(string name) =>
        name.Split('/') is [{ Length: > 0 } organization, { Length: > 0 } model]
        && (organization + model).All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && organization[0] != '.' && !Directory.Exists(name);

    /// <summary>On one line, and without what Markdown reads as more than text.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (char c in text)
        {
            if (char.IsControl(c))
                plain.Append(' ');
            else if (c is '\\' or '`' or '*' or '[' or ']' or '<' or '|' or '#')
                plain.Append('\\').Append(c);
            else
                plain.Append(c);
        }
        return plain.ToString();
    }

    private static string Quote(string yaml) => "\"" + yaml.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
