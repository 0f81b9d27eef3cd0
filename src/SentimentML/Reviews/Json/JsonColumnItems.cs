using System.Buffers;
using System.Text.Json;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// The rows of a JSON file that holds a list for each column, or an object with a value for each row, as pandas writes a table by default. Each
/// column is read by a stream of its own, so that none of them has to be kept.
/// </summary>
internal sealed class JsonColumnItems : JsonItems
{
    private readonly List<JsonArrayItems> _columns = [];
    private readonly byte[][] _names;
    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _made = new();

    /// <param name="open">Opens the file's UTF-8.</param>
    /// <param name="columns">The properties that lead to each column; the last is its name.</param>
    /// <param name="path">For messages.</param>
    public JsonColumnItems(Func<Stream> open, IReadOnlyList<string[]> columns, string path)
    {
        _path = path;
        _names = [.. columns.Select(column => JsonEncodedText.Encode(column[^1]).EncodedUtf8Bytes.ToArray())];
        try
        {
            foreach (string[] column in columns)
                _columns.Add(new JsonArrayItems(open(), column, path, JsonShape.Values));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override ReadOnlySpan<byte> Item => _made.WrittenSpan;

    public override string PlaceIn(ReportText text) => _columns[0].PlaceIn(text);

    public override bool Read()
    {
        _made.ResetWrittenCount();
        bool isRow = _columns[0].Read();
        for (int i = 1; i < _columns.Count; i++)
            if (_columns[i].Read() != isRow || !_columns[i].Name.SequenceEqual(_columns[0].Name))
                throw new SentimentMLException($"{_path}, {Place}: the columns have not the same rows, expected a value for each row in each. "
                    + "Get the file again.");
        if (!isRow)
            return false;
        for (int i = 0; i < _columns.Count; i++)
        {
            _made.Write(i == 0 ? "{\""u8 : ",\""u8);
            _made.Write(_names[i]);
            _made.Write("\":"u8);
            _made.Write(_columns[i].Item);
        }
        if (!_columns[0].Name.IsEmpty)
        {
            _made.Write(",\"key\":"u8);
            _made.Write(_columns[0].Name);
        }
        _made.Write("}"u8);
        return true;
    }

    public override void Dispose()
    {
        foreach (JsonArrayItems column in _columns)
            column.Dispose();
    }
}
