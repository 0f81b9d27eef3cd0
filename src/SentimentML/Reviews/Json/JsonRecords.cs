using System.Text;
using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>
/// Rows of a file with one JSON object a line. Its columns are the properties of its first rows; one that a later row lacks is
/// missing there, one that only later rows have is not read. Numbers, booleans and nested values are their JSON text.
/// </summary>
internal sealed class JsonRecords : RecordReader
{
    private const int RowsThatDecide = 100;
    private const int MaxColumns = 1000;

    private readonly Utf8Lines _lines;
    private readonly string[] _columns;
    private readonly byte[][] _names;
    private readonly bool[] _needed;
    private readonly string?[] _values;

    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="columns">What <see cref="FindColumns"/> gave.</param>
    /// <param name="needed">Which of the columns will be asked for.</param>
    /// <param name="path">For messages.</param>
    public JsonRecords(Stream text, IReadOnlyList<string> columns, bool[] needed, string path)
        : base(path)
    {
        _lines = new Utf8Lines(text, path);
        _columns = [.. columns];
        _names = Array.ConvertAll(_columns, Encoding.UTF8.GetBytes);
        _needed = needed;
        _values = new string?[_columns.Length];
    }

    public override IReadOnlyList<string> Columns => _columns;

    public override string Place => $"line {_lines.Number}";

    /// <summary>The properties of the first rows, in the order in which they appear.</summary>
    /// <exception cref="SentimentMLException">The file has no rows, or one of the first is no JSON object.</exception>
    public static List<string> FindColumns(Stream text, string path)
    {
        using var records = new JsonRecords(text, [], [], path);
        var columns = new List<string>();
        var known = new HashSet<string>();
        int rows = 0;
        while (rows < RowsThatDecide && records._lines.Read())
        {
            rows++;
            records.Parse((ref Utf8JsonReader json) =>
            {
                string name = json.GetString()!;
                if (known.Add(name))
                    columns.Add(name);
                if (columns.Count > MaxColumns)
                    throw records.Error($"the first rows have more than {MaxColumns} different properties, expected the properties of a review.");
                json.Skip();
            });
        }
        if (rows == 0)
            throw new SentimentMLException($"{path}: the file is empty, expected one JSON object a line.");
        return columns;
    }

    public override bool Read()
    {
        if (!_lines.Read())
            return false;
        Array.Clear(_values);
        int next = 0;
        Parse((ref Utf8JsonReader json) =>
        {
            int column = Find(ref json, next);
            if (column < 0)
            {
                json.Skip();
                return;
            }
            next = column + 1;
            json.Read();
            if (_needed[column])
                _values[column] = Text(ref json);
            else
                json.Skip();
        });
        return true;
    }

    public override string? Value(int column) => _values[column];

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _lines.Dispose();
    }

    private delegate void PropertyReader(ref Utf8JsonReader json);

    /// <summary>Goes through the line's object; the reader stands on a property's name and is to be left at its value's end.</summary>
    private void Parse(PropertyReader property)
    {
        var json = new Utf8JsonReader(_lines.Line);
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                throw Error(json.TokenType == JsonTokenType.StartArray
                    ? "a JSON array was found; one JSON object a line was expected, without brackets around them."
                    : "one JSON object was expected.");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                property(ref json);
            json.Read(); // what follows the object is an error
        }
        catch (JsonException e)
        {
            throw new SentimentMLException($"{Path}, {Place}: broken JSON at byte {e.BytePositionInLine + 1} of the line, expected one JSON object. {Reason(e)}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new SentimentMLException($"{Path}, {Place}: a JSON string holds half of a surrogate pair (an escape such as \\ud83d alone), which is no character. Take it out, or write U+FFFD in its place.", e);
        }
    }

    // Rows of one file have their properties in one order: the next one is tried first.
    private int Find(ref Utf8JsonReader json, int next)
    {
        if (next < _names.Length && json.ValueTextEquals(_names[next]))
            return next;
        for (int i = 0; i < _names.Length; i++)
        {
            if (json.ValueTextEquals(_names[i]))
                return i;
        }
        return -1;
    }

    private string? Text(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return json.GetString();
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                int start = (int)json.TokenStartIndex;
                json.Skip();
                return Encoding.UTF8.GetString(_lines.Line[start..(int)json.BytesConsumed]);
            default:
                return Encoding.UTF8.GetString(json.ValueSpan);
        }
    }

    private static string Reason(JsonException e)
    {
        int position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position > 0 ? e.Message[..position] : e.Message;
    }
}
