using System.Buffers;
using System.Globalization;
using System.Text;

namespace SentimentML.AspNetCore.Files;

/// <summary>
/// Comma-separated values (RFC 4180): the file's other columns, then text, label, score, sentiment and a column for each label's probability.
/// </summary>
internal sealed class CsvWriter(IBufferWriter<byte> buffer, IReadOnlyList<string> columns) : IPredictionWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    private bool _hasHead;

    public void Write(FileRow row, SentimentPrediction prediction)
    {
        if (!_hasHead)
            Line([.. columns, "text", "label", "score", "sentiment", .. prediction.Labels.Select(label => $"probability_{label}")]);
        _hasHead = true;
        Line([.. row.Columns, row.Text, prediction.Label, Number(prediction.Score), prediction.Sentiment?.ToString().ToLowerInvariant()
            ?? "", .. prediction.Probabilities.Select(Number)]);
    }

    private void Line(IEnumerable<string> fields)
    {
        Encoding.UTF8.GetBytes(string.Join(',', fields.Select(Field)), buffer);
        buffer.Write("\r\n"u8);
    }

    private static string Number(float number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Field(string text) => text.AsSpan().ContainsAny(Special) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
