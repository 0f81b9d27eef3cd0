using System.Buffers;
using System.Globalization;
using System.Text;
using SentimentML.Predictions;

namespace SentimentML.AspNetCore.Files;

/// <summary>
/// Comma-separated values (RFC 4180): the file's other columns, then text, label, score, sentiment and a column for each label's
/// probability; a row without a text has an empty answer.
/// </summary>
internal sealed class CsvWriter(IBufferWriter<byte> buffer, IReadOnlyList<string> columns, IReadOnlyList<string> labels) : IPredictionWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    private bool _hasHead;

    public void Write(FileRow row, SentimentPrediction? prediction)
    {
        if (!_hasHead)
            Line([.. columns, "text", "label", "score", "sentiment", .. labels.Select(label => $"probability_{label}")]);
        _hasHead = true;
        IEnumerable<string> answer = prediction is null
            ? Enumerable.Repeat("", 3 + labels.Count)
            : [PredictionFields.LabelOf(prediction)!, Number(prediction.Score), prediction.Sentiment?.Word() ?? "",
                .. prediction.Probabilities.Select(Number)];
        Line([.. row.Columns, row.Text, .. answer]);
    }

    private void Line(IEnumerable<string> fields)
    {
        Encoding.UTF8.GetBytes(string.Join(',', fields.Select(Field)), buffer);
        buffer.Write("\r\n"u8);
    }

    private static string Number(float number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Field(string text) => text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
