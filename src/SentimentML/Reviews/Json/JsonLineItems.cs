namespace SentimentML.Reviews;

/// <summary>The lines of a file with a JSON object on each. Blank lines are passed over, and counted.</summary>
internal sealed class JsonLineItems(Stream text, string path) : JsonItems
{
    private readonly LineReader _lines = new(text, path, "one JSON object a line");

    public override ReadOnlySpan<byte> Item => _lines.Line;

    public override string Place => $"line {_lines.Number}";

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
