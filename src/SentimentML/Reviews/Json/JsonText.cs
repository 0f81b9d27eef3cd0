using System.Text;
using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>JSON as programs write it: Python writes NaN and Infinity, which JSON does not have, for missing numbers.</summary>
internal static class JsonText
{
    private static readonly byte[][] NotNumbers = ["NaN"u8.ToArray(), "-Infinity"u8.ToArray(), "Infinity"u8.ToArray()];

    /// <summary>The text with null in place of NaN and Infinity; null if it has none outside its strings.</summary>
    public static byte[]? WithoutNaN(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("NaN"u8) < 0 && json.IndexOf("Infinity"u8) < 0)
            return null;
        var mended = new List<byte>(json.Length);
        bool isChanged = false;
        while (!json.IsEmpty)
        {
            int length = json[0] == '"' ? StringLength(json) : 1;
            foreach (byte[] word in NotNumbers)
            {
                if (!json.StartsWith(word))
                    continue;
                mended.AddRange("null"u8);
                json = json[word.Length..];
                isChanged = true;
                length = 0;
                break;
            }
            mended.AddRange(json[..length]);
            json = json[length..];
        }
        return isChanged ? [.. mended] : null;
    }

    /// <summary>The same of a list's JSON.</summary>
    public static string? Joined(ReadOnlySpan<byte> json)
    {
        if (json[0] != '[' || json.IndexOf("\"text\""u8) < 0)
            return null;
        using JsonDocument list = JsonDocument.Parse(json.ToArray());
        return Joined(list.RootElement);
    }

    /// <summary>A list's values as text; null for what is no list, or broken.</summary>
    public static string[]? Values(ReadOnlySpan<byte> json)
    {
        try
        {
            using JsonDocument list = JsonDocument.Parse(WithoutNaN(json) ?? json.ToArray());
            return list.RootElement.ValueKind == JsonValueKind.Array ? [.. list.RootElement.EnumerateArray().Select(value => value.ToString())] : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // the reader of the row reports it
        }
    }

    /// <summary>What a string says; null for what is no string, or broken.</summary>
    /// <exception cref="InvalidOperationException">It holds half of a surrogate pair.</exception>
    public static string? Decoded(ReadOnlySpan<byte> json)
    {
        try
        {
            using JsonDocument text = JsonDocument.Parse(json.ToArray());
            return text.RootElement.ValueKind == JsonValueKind.String ? text.RootElement.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // the reader of the row reports it
        }
    }

    /// <summary>The length of the string at the start, quotes included; the whole rest where it is not closed.</summary>
    public static int StringLength(ReadOnlySpan<byte> json)
    {
        int position = 1;
        while (position < json.Length && json[position..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and int found)
        {
            position += found + 1;
            if (json[position - 1] == '"')
                return position;
            position++; // the escaped character
        }
        return json.Length;
    }

    /// <summary>
    /// The text that a list of pieces makes, as Telegram writes one with links or bold words: strings, and objects with a type and a text. Null for
    /// other lists.
    /// </summary>
    public static string? Joined(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().All(piece => piece.ValueKind != JsonValueKind.Object))
            return null;
        var text = new StringBuilder();
        foreach (JsonElement piece in list.EnumerateArray())
        {
            if (piece.ValueKind == JsonValueKind.String)
                text.Append(piece.GetString());
            else if (piece.ValueKind == JsonValueKind.Object && piece.TryGetProperty("type", out _)
                && piece.TryGetProperty("text", out JsonElement part) && part.ValueKind == JsonValueKind.String)
                text.Append(part.GetString());
            else
                return null;
        }
        return text.ToString();
    }

    /// <summary>A value as text: what a string or a list of pieces says, null for null, the JSON of anything else.</summary>
    /// <param name="json">Stands on the value, and is left at its end.</param>
    /// <param name="text">What is read.</param>
    public static string? Value(ref Utf8JsonReader json, ReadOnlySpan<byte> text)
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
                ReadOnlySpan<byte> value = text[start..(int)json.BytesConsumed];
                return Joined(value) ?? Encoding.UTF8.GetString(value);
            default:
                return Encoding.UTF8.GetString(json.ValueSpan);
        }
    }
}
