using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace SentimentML.Reviews;

/// <summary>Values of a columnar file as text: numbers and dates as invariant text, a list as JSON.</summary>
internal static partial class ColumnText
{
    public static string Of(bool value) => value ? "true" : "false";

    public static string Of(DateTime value) => value.ToString("O", CultureInfo.InvariantCulture);

    public static string Of(DateOnly value) => value.ToString("O", CultureInfo.InvariantCulture);

    public static string Of<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>Bytes that are UTF-8 are text: not every writer marks its texts as such.</summary>
    public static string Of(ReadOnlySpan<byte> value) => Utf8.IsValid(value)
        ? Encoding.UTF8.GetString(value)
        : throw new InvalidDataException("Its bytes are not UTF-8, expected text.");

    /// <summary>A row's list as a JSON array, without the values that are missing; null if none is left.</summary>
    /// <param name="values">Its values as text.</param>
    /// <param name="areJson">Whether the values are JSON as they are.</param>
    public static string? OfList(IEnumerable<string?> values, bool areJson)
    {
        string[] present = [.. values.OfType<string>()];
        return present.Length == 0 ? null : areJson ? $"[{string.Join(", ", present)}]" : JsonSerializer.Serialize(present, ListJson.Readable.StringArray);
    }

    [JsonSerializable(typeof(string[]))]
    private sealed partial class ListJson : JsonSerializerContext
    {
        public static ListJson Readable { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
