using System.Buffers;
using System.Text.Json;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.Files;

/// <summary>
/// A JSON object a line: the file's other columns, then text, label, score, probabilities and sentiment as the tool's <c>predict</c> writes
/// them; nulls and missing_text for a row without a text.
/// </summary>
internal sealed class JsonLinesWriter(IBufferWriter<byte> buffer, IReadOnlyList<string> columns) : IPredictionWriter
{
    private static readonly string[] Own = ["text", "label", "score", "probabilities", "sentiment", "missing_text"];

    public void Write(FileRow row, SentimentPrediction? prediction)
    {
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            for (int i = 0; i < columns.Count; i++)
                if (!Own.Contains(columns[i], StringComparer.Ordinal))
                    json.WriteString(columns[i], row.Columns[i]);
            json.WriteString("text", row.Text);
            if (prediction is null)
                WriteMissing(json);
            else
                WriteAnswer(json, prediction);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
    }

    private static void WriteMissing(Utf8JsonWriter json)
    {
        foreach (string name in (string[])["label", "score", "probabilities", "sentiment"])
            json.WriteNull(name);
        json.WriteBoolean("missing_text", true);
    }

    private static void WriteAnswer(Utf8JsonWriter json, SentimentPrediction prediction)
    {
        json.WriteString("label", prediction.Label);
        json.WriteNumber("score", prediction.Score);
        json.WriteStartObject("probabilities");
        for (int i = 0; i < prediction.Labels.Count; i++)
            json.WriteNumber(prediction.Labels[i], prediction.Probabilities[i]);
        json.WriteEndObject();
        json.WriteString("sentiment", prediction.Sentiment?.ToString().ToLowerInvariant());
    }
}
