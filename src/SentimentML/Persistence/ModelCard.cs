using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Backbones;
using SentimentML.Training;

namespace SentimentML.Persistence;

/// <summary>The model folder's README.md, with the metadata block that the Hugging Face hub reads.</summary>
internal static class ModelCard
{
    private const string Name = "A Spanish sentiment model";

    /// <param name="record">What it is made from.</param>
    /// <param name="labels">The labels' names, in the order of the logits.</param>
    /// <param name="adapterOf">The model that the folder's adapter changes; null if the folder holds a whole model.</param>
    public static string Write(ModelRecord record, IReadOnlyList<string> labels, string? adapterOf = null)
    {
        var text = new StringBuilder();
        WriteMetadata(text, record, adapterOf);
        text.AppendLine(CultureInfo.InvariantCulture, $"# {Name}\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"Labels: {string.Join(", ", labels.Select(Plain))}. Texts are cut to {record.MaxTokens} tokens.\n");
        WriteUse(text, labels.Count, adapterOf);
        if (record.Preprocessing is not null)
            text.AppendLine($"Texts are rewritten before they are tokenized, as `preprocessing` in {ModelRecord.FileName} says. SentimentML does it by itself. "
                + "In Python do it first: the keys are arguments of pysentimiento's `preprocess_tweet`; `lower_capitals` lowercases words in capitals, "
                + "`remove_exclamations` removes exclamation marks.\n");
        if (record.Training is not null)
        {
            text.AppendLine("## Training\n");
            foreach ((string key, JsonNode? value) in JsonSerializer.SerializeToNode(record, RecordJson.Options)!["training"]!.AsObject())
                text.AppendLine(CultureInfo.InvariantCulture, $"- {Plain(key)}: {Plain(value!.ToString())}");
            text.AppendLine();
        }
        if (record.Evaluations.Count > 0)
        {
            text.AppendLine("## Validation\n\n| epoch | accuracy | macro-F1 | loss |\n| --- | --- | --- | --- |");
            foreach (TrainingEvaluation e in record.Evaluations)
                text.AppendLine(CultureInfo.InvariantCulture, $"| {e.Epoch:0.##} | {e.Accuracy:0.0000} | {e.MacroF1:0.0000} | {e.Loss:0.0000} |");
            text.AppendLine();
        }
        if (record.Temperature is { } temperature)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"Divided by the temperature {temperature:0.####} before the softmax, the logits give calibrated probabilities.\n");
        text.AppendLine("Made with SentimentML.");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void WriteMetadata(StringBuilder text, ModelRecord record, string? adapterOf)
    {
        text.AppendLine("---");
        text.AppendLine("language: es");
        // A licence is the owner's to give; the hub shows none until there is one.
        text.AppendLine(CultureInfo.InvariantCulture,
            $"# license: the model's owner says it here, as apache-2.0{(record.License is { } license ? $"; the backbone's is {Plain(license)}" : "")}");
        text.AppendLine("pipeline_tag: text-classification");
        text.AppendLine(adapterOf is null ? "library_name: transformers" : "library_name: peft");
        if ((adapterOf ?? record.Backbone) is { } backbone && IsHubId(backbone))
            text.AppendLine(CultureInfo.InvariantCulture, $"base_model: {Quote(backbone)}");
        text.AppendLine("tags:\n- sentiment\n- sentimentml");
        if ((record.Training?.BestModelBy ?? BestModelMetric.Accuracy).Best(record.Evaluations) is { } best)
        {
            text.AppendLine("metrics:\n- accuracy\n- f1");
            WriteModelIndex(text, best);
        }
        text.AppendLine("---\n");
    }

    /// <summary>The figures as the hub reads them: those of the weights that were kept.</summary>
    private static void WriteModelIndex(StringBuilder text, TrainingEvaluation best)
    {
        text.AppendLine(CultureInfo.InvariantCulture,
            $"model-index:\n- name: {Quote(Name)}\n  results:\n  - task:\n      type: text-classification\n      name: Text Classification");
        text.AppendLine("    dataset:\n      type: reviews\n      name: Validation set\n      split: validation\n    metrics:");
        foreach ((string type, string name, double value) in (
            ReadOnlySpan<(string, string, double)>)[("accuracy", "Accuracy", best.Accuracy), ("f1", "Macro F1", best.MacroF1), ("loss", "Loss", best.Loss)])
        {
            if (double.IsFinite(value))
                text.AppendLine(CultureInfo.InvariantCulture, $"    - type: {type}\n      name: {name}\n      value: {value:0.######}");
        }
    }

    private static void WriteUse(StringBuilder text, int labels, string? adapterOf)
    {
        text.AppendLine(
            """
            ## Use

            ```csharp
            using var classifier = SentimentClassifier.Load("this folder");
            SentimentPrediction prediction = classifier.Classify("la mesa tiene las patas bonitas");
            ```

            """);
        text.AppendLine(adapterOf switch
        {
            null =>
                """
                ```python
                from transformers import pipeline
                pipeline("text-classification", model="this folder")("la mesa tiene las patas bonitas")
                ```

                """,
            _ when EmbeddedBackbones.IsName(adapterOf) =>
                $"It is an adapter of the encoder inside the NuGet package {adapterOf}, which your application must reference. Python has no such encoder: "
                    + "save the whole model to use it there.\n",
            _ => $"It is an adapter of {Plain(adapterOf)}. Python reads it with peft's `AutoPeftModelForSequenceClassification` (`num_labels={labels}`).\n",
        });
    }

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

    private static string Quote(string yaml) =>
        "\"" + yaml.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
