using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>Goes through one row's object.</summary>
internal static class JsonRow
{
    /// <summary>Stands on a property's name and is to be left at its value's end.</summary>
    public delegate void PropertyReader(ref Utf8JsonReader json, ReadOnlySpan<byte> row);

    public static void Parse(JsonItems items, string path, PropertyReader property)
    {
        try
        {
            try
            {
                Parse(items.Item, property, items, path);
            }
            catch (JsonException) when (JsonText.WithoutNaN(items.Item) is { } mended)
            {
                Parse(mended, property, items, path);
            }
        }
        catch (JsonException e)
        {
            throw Broken(e, items, path);
        }
        catch (InvalidOperationException e)
        {
            throw HalfPair(e, path, items.Place);
        }
    }

    public static SentimentMLException HalfPair(InvalidOperationException e, string path, string place) =>
        new($"{path}, {place}: a JSON string holds half of a surrogate pair (an escape such as \\ud83d alone), which is no character. Take it out, or write "
            + "U+FFFD in its place.", e);

    private static void Parse(ReadOnlySpan<byte> row, PropertyReader property, JsonItems items, string path)
    {
        var json = new Utf8JsonReader(row);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            string found = json.TokenType == JsonTokenType.StartArray ? "a JSON array" : "another JSON value";
            throw new SentimentMLException($"{path}, {items.Place}: {found} was found, expected one JSON object.");
        }
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            property(ref json, row);
        json.Read(); // what follows the object is an error
    }

    private static SentimentMLException Broken(JsonException e, JsonItems items, string path) =>
        new($"{path}, {items.Place}: broken JSON at byte {e.BytePositionInLine + 1} of {(items is JsonLineItems ? "the line" : "its line")}, expected one "
            + $"JSON object. {Reason(e)}", e);

    private static string Reason(JsonException e)
    {
        int position = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position > 0 ? e.Message[..position] : e.Message;
    }
}
