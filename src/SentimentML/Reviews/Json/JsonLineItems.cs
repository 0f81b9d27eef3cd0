using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// The lines of a file with a JSON value on each. Blank lines are passed over, and counted; so are those on which Elasticsearch's bulk format says where the
/// object of the next line goes.
/// </summary>
/// <param name="text">The file's UTF-8; owned.</param>
/// <param name="path">For messages.</param>
/// <param name="shape">What is on a line.</param>
/// <param name="linesBefore">The file's lines before the text. The default value is 0.</param>
internal sealed partial class JsonLineItems(Stream text, string path, JsonShape shape, long linesBefore = 0) : JsonItems
{
    private readonly LineReader _lines = new(text, path, "one JSON object a line", linesBefore);
    private readonly ArrayBufferWriter<byte> _made = new(); // an item that the file does not have so
    private bool _hasHeader = shape.HasHeader;

    public override ReadOnlySpan<byte> Item => _made.WrittenCount > 0 ? _made.WrittenSpan : _lines.Line;

    public override string PlaceIn(ReportText text) => $"{text.Say("línea", "line")} {_lines.Number}";

    public override RowStart? Start => _lines.Start;

    public override bool Read()
    {
        while (_lines.Read())
        {
            ReadOnlySpan<byte> item = _lines.Line.Trim(" \t\r"u8);
            if (item.IsEmpty || IsBulkAction(item))
                continue;
            if (_hasHeader)
            {
                _hasHeader = false;
                continue;
            }
            if (shape != JsonShape.Objects && !shape.Begins(item[0]))
                throw new SentimentMLException($"{path}, {Place}: {Quoted.Value(item)} was found, expected {shape.Expected}.");
            _made.ResetWrittenCount();
            shape.Write(item, _made, path, Place);
            return true;
        }
        return false;
    }

    public override void Dispose() => _lines.Dispose();

    /// <summary>Whether a line is nothing but an action and the names that Elasticsearch begins with "_".</summary>
    private static bool IsBulkAction(ReadOnlySpan<byte> line)
    {
        const int MaxLength = 2000, MaxStart = 20;
        ReadOnlySpan<byte> start = line[..Math.Min(line.Length, MaxStart)];
        return line.Length < MaxLength && (start.IndexOf("\"index\""u8) >= 0 || start.IndexOf("\"create\""u8) >= 0)
            && BulkAction().IsMatch(Encoding.UTF8.GetString(line));
    }

    [GeneratedRegex("""^\{\s*"(?:index|create)"\s*:\s*\{\s*(?:"_[^{}]*)?\}\s*\}$""", RegexOptions.CultureInvariant)]
    private static partial Regex BulkAction();
}
