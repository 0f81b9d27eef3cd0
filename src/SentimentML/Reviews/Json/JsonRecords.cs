using System.Text;
using System.Text.Json;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>Rows of a JSON file. Numbers, booleans and nested values are their JSON text; NaN is missing.</summary>
internal sealed class JsonRecords : RecordReader
{
    private readonly JsonItems _items;
    private readonly JsonLayout _layout;
    private readonly byte[][] _names;
    private readonly bool[] _needed;
    private readonly string?[] _values;
    private readonly bool[] _isJson;
    private readonly JsonRow.PropertyReader _readProperty;
    private JsonDocument? _item;
    private IEnumerator<JsonElement[]>? _rows; // of the item
    private int _next, _row;

    /// <param name="open">Opens the file's UTF-8.</param>
    /// <param name="layout">What <see cref="JsonLayout.Find"/> gave.</param>
    /// <param name="needed">Which of the columns will be asked for.</param>
    /// <param name="path">For messages.</param>
    /// <param name="linesBefore">The file's lines before the text. The default value is 0.</param>
    public JsonRecords(Func<Stream> open, JsonLayout layout, bool[] needed, string path, long linesBefore = 0)
        : base(path)
    {
        _items = layout.Place.Open(open, path, linesBefore);
        _layout = layout;
        _names = [.. layout.Columns.Select(Encoding.UTF8.GetBytes)];
        _needed = needed;
        _values = new string?[layout.Columns.Count];
        _isJson = new bool[_values.Length];
        _readProperty = ReadProperty;
    }

    public override IReadOnlyList<string> Columns => _layout.Columns;

    public override string PlaceIn(ReportText text) => _layout.Rows is { } rows
        ? $"{_items.PlaceIn(text)}, {text.Say("objeto", "object")} {_row} {text.Say("de", "in")} '{string.Join('.', rows)}'" : _items.PlaceIn(text);

    public override RowStart? Start => _layout.Rows is null ? _items.Start : null;

    public override bool Read()
    {
        Array.Clear(_values);
        if (_layout.Paths is { } paths)
        {
            try
            {
                return ReadNested(paths);
            }
            catch (InvalidOperationException e)
            {
                throw JsonRow.HalfPair(e, Path, Place);
            }
        }
        if (!_items.Read())
            return false;
        _next = 0;
        JsonRow.Parse(_items, Path, _readProperty);
        return true;
    }

    public override string? Value(int column) =>
        _layout.Labels?.GetValueOrDefault(column) is { } labels ? labels.NameOf(_values[column]) : _values[column];

    public override bool IsJson(int column) => _isJson[column] && _layout.Labels?.ContainsKey(column) != true;

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _item?.Dispose();
        _items.Dispose();
    }

    private void ReadProperty(ref Utf8JsonReader json, ReadOnlySpan<byte> row)
    {
        int column = Find(ref json);
        if (column >= 0)
            _next = column + 1;
        json.Read();
        if (column < 0 || !_needed[column])
        {
            json.Skip();
            return;
        }
        _isJson[column] = json.TokenType != JsonTokenType.String;
        _values[column] = JsonText.Value(ref json, row);
    }

    // Rows of one file have their properties in one order: the next one is tried first.
    private int Find(ref Utf8JsonReader json)
    {
        if (_next < _names.Length && json.ValueTextEquals(_names[_next]))
            return _next;
        for (int i = 0; i < _names.Length; i++)
        {
            if (json.ValueTextEquals(_names[i]))
                return i;
        }
        return -1;
    }

    private bool ReadNested(IReadOnlyList<string[]> paths)
    {
        while (_rows?.MoveNext() != true)
        {
            if (!_items.Read())
                return false;
            JsonRow.Parse(_items, Path, (ref Utf8JsonReader json, ReadOnlySpan<byte> _) => json.Skip()); // faults are reported as elsewhere
            _item?.Dispose();
            _item = JsonDocument.Parse(JsonText.WithoutNaN(_items.Item) ?? _items.Item.ToArray());
            _rows = JsonLeaves.Rows(_item.RootElement, _layout.Rows ?? []).GetEnumerator();
            _row = 0;
        }
        _row++;
        for (int i = 0; i < paths.Count; i++)
        {
            if (_needed[i])
                _values[i] = JsonLeaves.Value(_rows.Current, _layout.Rows, paths[i]);
        }
        return true;
    }
}
