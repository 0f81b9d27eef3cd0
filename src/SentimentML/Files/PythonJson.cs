using System.Buffers;
using System.Text;

namespace SentimentML.Files;

/// <summary>JSON as Python's json module writes it: with NaN, Infinity and -Infinity, which are not in the standard.</summary>
internal static class PythonJson
{
    private static readonly (byte[] Written, byte[] Plain)[] Numbers =
        [("NaN"u8.ToArray(), "null"u8.ToArray()), ("Infinity"u8.ToArray(), "1e999"u8.ToArray())]; // a number that is larger than any: infinite when it is read

    /// <summary>The same in the standard's words; all else stays as it is.</summary>
    public static string ToPlain(string json) => Encoding.UTF8.GetString(ToPlain(Encoding.UTF8.GetBytes(json)).Span);

    /// <inheritdoc cref="ToPlain(string)"/>
    public static ReadOnlyMemory<byte> ToPlain(ReadOnlyMemory<byte> json)
    {
        ReadOnlySpan<byte> rest = json.Span;
        if (!Numbers.Any(number => json.Span.IndexOf(number.Written) >= 0))
            return json;
        var plain = new ArrayBufferWriter<byte>(rest.Length);
        while (rest.Length > 0)
        {
            int length = rest[0] == '"' ? LengthOfText(rest) : 1;
            ReadOnlySpan<byte> next = rest[..length];
            foreach ((byte[] written, byte[] replacement) in Numbers)
            {
                if (!rest.StartsWith(written))
                    continue;
                next = replacement;
                length = written.Length;
            }
            plain.Write(next);
            rest = rest[length..];
        }
        return plain.WrittenMemory;
    }

    /// <summary>With both quotes; what is left where the second one is missing.</summary>
    private static int LengthOfText(ReadOnlySpan<byte> text)
    {
        for (int i = 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '"')
                return i + 1;
        }
        return text.Length;
    }
}
