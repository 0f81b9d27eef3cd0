namespace SentimentML.Reviews;

/// <summary>The lines of a file with a JSON object on each. Blank lines are passed over, and counted.</summary>
/// <param name="text">The file's UTF-8; owned.</param>
/// <param name="path">For messages.</param>
/// <param name="linesBefore">The file's lines before the text. The default value is 0.</param>
internal sealed class JsonLineItems(Stream text, string path, long linesBefore = 0) : JsonItems
{
    private readonly LineReader _lines = new(text, path, "one JSON object a line", linesBefore);

    public override ReadOnlySpan<byte> Item => _lines.Line;

    public override string Place => $"line {_lines.Number}";

    public override RowStart? Start => _lines.Start;

    public override bool Read()
    {
        while (_lines.Read())
        {
            if (!_lines.Line.Trim(" \t\r"u8).IsEmpty)
                return true;
        }
        return false;
    }

    public override void Dispose() => _lines.Dispose();
}
