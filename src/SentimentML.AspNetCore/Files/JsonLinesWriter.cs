using System.Buffers;
using System.Text.Json;
using SentimentML.AspNetCore.Requests;
using SentimentML.Predictions;

namespace SentimentML.AspNetCore.Files;

/// <summary>
/// A JSON object a line: the file's other columns, then text, label, score, probabilities and sentiment as the tool's <c>predict</c> writes
/// them; nulls and missing_text for a row without a text.
/// </summary>
internal sealed class JsonLinesWriter(IBufferWriter<byte> buffer, IReadOnlyList<string> columns, PredictionFields fields) : IPredictionWriter
{
    public void Write(FileRow row, SentimentPrediction? prediction)
    {
        using (var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            for (int i = 0; i < columns.Count; i++)
                json.WriteString(columns[i], row.Columns[i]);
            fields.Write(json, new PredictedRow(new TextRow(row.Text, [], []), prediction));
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
    }
}
