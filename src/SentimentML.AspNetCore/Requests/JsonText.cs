using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace SentimentML.AspNetCore.Requests;

/// <summary>Reads and writes the JSON of requests and answers.</summary>
internal static class JsonText
{
    private const int MaxDepth = 16;

    /// <summary>Letters as they are: the answers are no part of a page.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <exception cref="RequestFault">It is not JSON, or deeper than any request, or no object.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            throw RequestFault.Malformed("The request's body is empty, expected a JSON object.");
        if (!Utf8.IsValid(body.Span)) // some clients, PowerShell's among them, write another encoding unless the type names this one
            throw RequestFault.Malformed("The request's body is not UTF-8, expected JSON in UTF-8: Content-Type: application/json; charset=utf-8.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body, Options);
        }
        catch (JsonException e)
        {
            string where = e.LineNumber is null ? "" : $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: ";
            throw RequestFault.Malformed($"The request's body is not JSON: {where}{RequestFault.Shown(e.Message.Split(". ")[0])}");
        }
        catch (InvalidOperationException) // half of a surrogate pair
        {
            throw RequestFault.Malformed("The request's body is not JSON: a name in it is not valid Unicode.");
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        throw RequestFault.Invalid("The request's body is not a JSON object.");
    }

    /// <summary>A member that is there and not null.</summary>
    public static bool Has(this JsonElement json, string name, out JsonElement value) =>
        json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    /// <exception cref="RequestFault">It is missing.</exception>
    public static JsonElement Required(this JsonElement json, string name) =>
        json.Has(name, out JsonElement value) ? value : throw RequestFault.Invalid($"`{name}` is missing.");

    /// <exception cref="RequestFault">It is not text, or not valid Unicode.</exception>
    public static string Text(this JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.String)
            throw RequestFault.Invalid($"`{name}` has a {Kind(json)}, expected a string.");
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException) // half of a surrogate pair
        {
            throw RequestFault.Invalid($"`{name}` has a string that is not valid Unicode: half of a surrogate pair.");
        }
    }

    /// <exception cref="RequestFault">The member is there and not true or false.</exception>
    public static bool? Boolean(this JsonElement json, string name) => !json.Has(name, out JsonElement value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw RequestFault.Invalid($"`{name}` is a {Kind(value)}, expected true or false."),
    };

    /// <exception cref="RequestFault">The member is there and no whole number of that range.</exception>
    public static int? Whole(this JsonElement json, string name, int min, int max)
    {
        if (!json.Has(name, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max
            ? number
            : throw RequestFault.Invalid($"`{name}` is not a whole number of {min} to {max}.");
    }

    /// <summary>One of a few words.</summary>
    /// <exception cref="RequestFault">The member is there and none of them.</exception>
    public static string? Choice(this JsonElement json, string name, params string[] words)
    {
        if (!json.Has(name, out JsonElement value))
            return null;
        string given = value.Text(name);
        return words.FirstOrDefault(word => word.Equals(given, StringComparison.OrdinalIgnoreCase))
            ?? throw RequestFault.Invalid($"`{name}` is '{RequestFault.Shown(given)}', expected {string.Join(", ", words)}.");
    }

    /// <exception cref="RequestFault">It is not an array.</exception>
    public static JsonElement.ArrayEnumerator Items(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : throw RequestFault.Invalid($"`{name}` is a {Kind(json)}, expected an array.");

    public static string Kind(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "JSON object",
        JsonValueKind.Array => "JSON array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
