using System.Buffers;
using System.Text.Json;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>The items of several arrays of a JSON file, one array after the other; an array's name comes along as the label of its items.</summary>
/// <param name="open">Opens the file's UTF-8.</param>
/// <param name="arrays">The properties that lead to each array; the last is the label.</param>
/// <param name="shape">What the items are.</param>
/// <param name="path">For messages.</param>
internal sealed class JsonLabelItems(Func<Stream> open, IReadOnlyList<string[]> arrays, JsonShape shape, string path) : JsonItems
{
    private readonly ArrayBufferWriter<byte> _made = new();
    private JsonArrayItems? _items; // of the current array
    private int _next;

    public override ReadOnlySpan<byte> Item => _made.WrittenSpan;

    public override string PlaceIn(ReportText text) => $"'{arrays[Math.Max(0, _next - 1)][^1]}', {_items?.PlaceIn(text)}";

    public override bool Read()
    {
        while (_items?.Read() != true)
        {
            if (_next == arrays.Count)
                return false;
            _items?.Dispose();
            _items = new JsonArrayItems(open(), arrays[_next++], path, shape);
        }
        _made.ResetWrittenCount();
        string label = arrays[_next - 1][^1];
        JsonShape.Add(_made, _items.Item, "label"u8, [(byte)'"', .. JsonEncodedText.Encode(label).EncodedUtf8Bytes, (byte)'"']);
        return true;
    }

    public override void Dispose() => _items?.Dispose();
}
