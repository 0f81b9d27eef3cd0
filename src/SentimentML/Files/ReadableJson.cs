using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace SentimentML.Files;

/// <summary>
/// Leaves every character of JSON as it is that may stay so: System.Text.Json's own encoders write emoji, which reviews are full of, as a pair of
/// escapes. For files and terminals: what goes into a web page must be escaped there.
/// </summary>
internal sealed unsafe class ReadableJson : JavaScriptEncoder
{
    public static readonly ReadableJson Encoder = new();

    private ReadableJson()
    {
    }

    public override int MaxOutputCharactersPerInputCharacter => UnsafeRelaxedJsonEscaping.MaxOutputCharactersPerInputCharacter;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar <= char.MaxValue && UnsafeRelaxedJsonEscaping.WillEncode(unicodeScalar);

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var all = new ReadOnlySpan<char>(text, textLength);
        for (int at = 0; at < textLength;)
        {
            // Half of a pair is not a character, and is escaped.
            if (Rune.DecodeFromUtf16(all[at..], out Rune rune, out int length) != OperationStatus.Done || WillEncode(rune.Value))
                return at;
            at += length;
        }
        return -1;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        UnsafeRelaxedJsonEscaping.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
}
