using System.Buffers;
using System.Text;

namespace SentimentML.Files;

/// <summary>JSON as Python's json module writes it: with NaN, Infinity and -Infinity, which are not in the standard.</summary>
internal static class PythonJson
{
    private static readonly SearchValues<byte> QuoteOrNumber = SearchValues.Create("\"NI"u8), QuoteOrEscape = SearchValues.Create("\"\\"u8);

    private static readonly (byte[] Written, byte[] Plain)[] Numbers =
        [("NaN"u8.ToArray(), "null"u8.ToArray()), ("Infinity"u8.ToArray(), "1e999"u8.ToArray())]; // a number that is larger than any: infinite when it is read

    /// <summary>The same in the standard's words; all else stays as it is.</summary>
    public static string ToPlain(string json) => Encoding.UTF8.GetString(ToPlain(Encoding.UTF8.GetBytes(json)).Span);

    /// <inheritdoc cref="ToPlain(string)"/>
    public static ReadOnlyMemory<byte> ToPlain(ReadOnlyMemory<byte> json)
    {
        ReadOnlySpan<byte> text = json.Span;
        ArrayBufferWriter<byte>? plain = null; // nothing is copied where nothing is replaced
        int copied = 0;
        for (int at = 0; text[at..].IndexOfAny(QuoteOrNumber) is >= 0 and int next;)
        {
            at += next;
            ReadOnlySpan<byte> rest = text[at..];
            (byte[]? written, byte[]? replacement) = (null, null);
            foreach ((byte[] Written, byte[] Plain) number in Numbers)
                if (rest.StartsWith(number.Written))
                    (written, replacement) = number;
            if (written is null)
            {
                at += rest[0] == '"' ? LengthOfText(rest) : 1;
                continue;
            }
            plain ??= new ArrayBufferWriter<byte>(text.Length);
            plain.Write(text[copied..at]);
            plain.Write(replacement);
            copied = at += written.Length;
        }
        if (plain is null)
            return json;
        plain.Write(text[copied..]);
        return plain.WrittenMemory;
    }

    /// <summary>With both quotes; what is left where the second one is missing.</summary>
    private static int LengthOfText(ReadOnlySpan<byte> text)
    {
        for (int at = 1; at < text.Length && text[at..].IndexOfAny(QuoteOrEscape) is >= 0 and int next;)
        {
            at += next + 1;
            if (text[at - 1] == '"')
                return at;
            at++; // what is escaped
        }
        return text.Length;
    }
}
