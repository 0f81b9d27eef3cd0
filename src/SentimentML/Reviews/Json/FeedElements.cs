using System.Buffers;
using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>
/// Elements of XML that were made objects, as feeds of the App Store have them: the text is "label", beside "attributes" where the element has some. In a
/// row with such objects each is its text, under the element's name without a prefix; what its attributes say is left out.
/// </summary>
internal static class FeedElements
{
    private static ReadOnlySpan<byte> TextName => "label"u8;

    private static ReadOnlySpan<byte> AttributesName => "attributes"u8;

    /// <summary>Whether a row has such objects. One with a label alone may be another thing, and does not show it.</summary>
    public static bool AreIn(JsonElement row) => row.ValueKind == JsonValueKind.Object
        && row.EnumerateObject().Any(property => IsElement(property.Value) && property.Value.TryGetProperty(AttributesName, out _));

    /// <summary>Writes a row with the texts in place of the objects. Writes nothing if it has none, or is broken: the reader of the row reports that.</summary>
    /// <exception cref="SentimentMLException">A text holds half of a surrogate pair.</exception>
    public static void Write(ReadOnlySpan<byte> item, ArrayBufferWriter<byte> made, string path, string place)
    {
        try
        {
            using JsonDocument row = JsonDocument.Parse(JsonText.WithoutNaN(item) ?? item.ToArray());
            if (!AreIn(row.RootElement))
                return;
            using var json = new Utf8JsonWriter(made);
            Write(row.RootElement, json);
        }
        catch (JsonException)
        {
            made.ResetWrittenCount();
        }
        catch (InvalidOperationException e)
        {
            throw JsonRow.HalfPair(e, path, place);
        }
    }

    private static void Write(JsonElement value, Utf8JsonWriter json)
    {
        if (IsElement(value))
        {
            value.GetProperty(TextName).WriteTo(json);
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject();
            foreach (JsonProperty property in value.EnumerateObject())
            {
                string local = property.Name[(property.Name.IndexOf(':', StringComparison.Ordinal) + 1)..];
                json.WritePropertyName(value.TryGetProperty(local, out _) ? property.Name : local);
                Write(property.Value, json);
            }
            json.WriteEndObject();
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (JsonElement inside in value.EnumerateArray())
                Write(inside, json);
            json.WriteEndArray();
        }
        else
        {
            value.WriteTo(json);
        }
    }

    private static bool IsElement(JsonElement value) => value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty(TextName, out JsonElement text) && text.ValueKind == JsonValueKind.String
        && value.EnumerateObject().All(property => property.NameEquals(TextName)
            || (property.NameEquals(AttributesName) && property.Value.ValueKind == JsonValueKind.Object));
}
