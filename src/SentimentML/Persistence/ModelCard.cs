using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SentimentML.Inference;

namespace SentimentML.Persistence;

/// <summary>The model folder's README.md, with the metadata block that the Hugging Face hub reads.</summary>
internal static class ModelCard
{
    public static string Write(TextClassificationModel model)
    {
        JsonObject card = model.Card;
        var text = new StringBuilder();
        text.AppendLine("---");
        text.AppendLine("language: es");
        text.AppendLine("pipeline_tag: text-classification");
        text.AppendLine("library_name: transformers");
        if (card["backbone"]?.ToString() is { } backbone)
            text.AppendLine(CultureInfo.InvariantCulture, $"base_model: {Quote(backbone)}");
        text.AppendLine("tags:\n- sentiment\n- sentimentml");
        text.AppendLine("---\n");
        text.AppendLine("# A Spanish sentiment model\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"Labels: {string.Join(", ", model.Scorer.Labels)}. Texts are cut to {model.Scorer.MaxTokens} tokens.\n");
        if (card["training"] is JsonObject training)
        {
            text.AppendLine("## Training\n");
            foreach ((string key, JsonNode? value) in training)
                text.AppendLine(CultureInfo.InvariantCulture, $"- {key}: {value}");
            text.AppendLine();
        }
        if (card["evaluations"] is JsonArray { Count: > 0 } evaluations)
        {
            text.AppendLine("## Validation\n\n| epoch | accuracy | macro-F1 | loss |\n| --- | --- | --- | --- |");
            foreach (JsonNode? e in evaluations)
                text.AppendLine(CultureInfo.InvariantCulture, $"| {e!["epoch"]} | {e["accuracy"]:0.0000} | {e["macro_f1"]:0.0000} | {e["loss"]:0.0000} |");
            text.AppendLine();
        }
        text.AppendLine("Made with SentimentML. Loads with `SentimentClassifier.Load` in .NET and `AutoModelForSequenceClassification.from_pretrained` in Python.");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Quote(string yaml) => "\"" + yaml.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
