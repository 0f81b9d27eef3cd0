using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>
/// The properties of all rows of a JSON file. Every property's name ends before a colon: the names in a row are compared as bytes with
/// those known so far, and only a row with another one is parsed. Rows with objects inside them, whose names look like the rows' own, are
/// parsed each.
/// </summary>
internal sealed class JsonKeys(JsonItems items, string path)
{
    private readonly List<string> _columns = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<byte[]> _quoted = []; // the names as they are written, with their quotes
    private bool _isNested;

    /// <summary>The properties that are objects where they first appear.</summary>
    public HashSet<string> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>The properties that are arrays where they first appear, and not a text in pieces.</summary>
    public HashSet<string> Lists { get; } = new(StringComparer.Ordinal);

    /// <summary>The properties that are null wherever they were looked at: of rows without objects inside, only where they first appear.</summary>
    public HashSet<string> Nulls { get; } = new(StringComparer.Ordinal);

    /// <param name="maxRows">The most rows to look at.</param>
    /// <param name="firstRows">The rows whose faults are reported; later ones end the search.</param>
    /// <param name="maxColumns">The most properties.</param>
    /// <exception cref="SentimentMLException">The file has no rows, or one of the first is no JSON object.</exception>
    public List<string> Find(long maxRows, int firstRows, int maxColumns)
    {
        using (items)
        {
            for (long row = 0; row < maxRows; row++)
            {
                try
                {
                    if (!items.Read())
                    {
                        if (row == 0)
                            throw new SentimentMLException($"{path}: the file is empty, expected JSON objects, one a line or in an array.");
                        break;
                    }
                    if (_isNested || HasNewKey(items.Item))
                        Parse();
                }
                catch (SentimentMLException) when (row >= firstRows)
                {
                    break; // reported where the row is read, after those before it
                }
                if (_columns.Count > maxColumns)
                    throw new SentimentMLException(
                        $"{path}, {items.Place}: the rows have more than {maxColumns} different properties, expected the properties of a review.");
            }
            return _columns;
        }
    }

    private bool HasNewKey(ReadOnlySpan<byte> row)
    {
        int next = 0, colon;
        for (int from = 0; (colon = row[from..].IndexOf((byte)':')) >= 0; from += colon + 1)
        {
            ReadOnlySpan<byte> before = row[..(from + colon)];
            if (before.IsEmpty || before[^1] != '"')
                before = before.TrimEnd(" \t\r\n"u8);
            if (before.IsEmpty || before[^1] != '"')
                continue;
            if (next < _quoted.Count && before.EndsWith(_quoted[next]))
            {
                next++; // rows of one file have their properties in one order
                continue;
            }
            int open = before[..^1].LastIndexOf((byte)'"');
            if (open < 0)
                continue;
            if (before.Length > 1 && before[^2] == '\\')
                return true; // a quote in a text, or a name that ends in a backslash
            ReadOnlySpan<byte> name = before[(open + 1)..^1];
            ReadOnlySpan<byte> earlier = before[..open].TrimEnd(" \t\r\n"u8);
            if (earlier.IsEmpty || earlier[^1] is not ((byte)'{' or (byte)',' or (byte)'\\'))
                continue; // a text that begins with a colon
            if (!IsKnown(name, ref next))
                return true;
        }
        return false;
    }

    private bool IsKnown(ReadOnlySpan<byte> name, ref int next)
    {
        for (int i = 0; i < _quoted.Count; i++)
        {
            if (!_quoted[i].AsSpan()[1..^1].SequenceEqual(name))
                continue;
            next = i + 1;
            return true;
        }
        return false;
    }

    private void Parse() => JsonRow.Parse(items, path, (ref Utf8JsonReader json, ReadOnlySpan<byte> row) =>
    {
        ReadOnlySpan<byte> written = json.ValueSpan;
        string name = json.GetString()!;
        bool isNew = _known.Add(name);
        if (isNew)
        {
            _columns.Add(name);
            _quoted.Add([(byte)'"', .. written, (byte)'"']);
        }
        json.Read();
        if (isNew && json.TokenType == JsonTokenType.StartObject)
            Objects.Add(name);
        if (isNew && json.TokenType == JsonTokenType.Null)
            Nulls.Add(name);
        else if (json.TokenType != JsonTokenType.Null)
            Nulls.Remove(name);
        bool isList = json.TokenType == JsonTokenType.StartArray;
        int start = (int)json.TokenStartIndex;
        bool mayBeNested = json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        json.Skip();
        if (isNew && isList && JsonText.Joined(row[start..(int)json.BytesConsumed]) is null)
            Lists.Add(name);
        _isNested |= mayBeNested && row[start..(int)json.BytesConsumed].Contains((byte)'{');
    });
}
