using System.Text;

namespace SentimentML.Files;

/// <summary>What a hostile file holds, fit for a message: in quotes, cut, without control characters.</summary>
internal static class Quoted
{
    /// <summary>Characters of a name.</summary>
    private const int MaxLength = 200;

    /// <summary>Characters of a value, which may be a whole text.</summary>
    private const int MaxValueLength = 40;

    public static string Name(string name) => Cut(name, MaxLength);

    public static string Name(ReadOnlySpan<byte> utf8) => Cut(Start(utf8, MaxLength), MaxLength);

    public static string Value(string value) => Cut(value, MaxValueLength);

    public static string Value(ReadOnlySpan<byte> utf8) => Cut(Start(utf8, MaxValueLength), MaxValueLength);

    private static string Start(ReadOnlySpan<byte> utf8, int length) =>
        Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, (length + 1) * 4)]);

    private static string Cut(string value, int length)
    {
        var text = new StringBuilder("'");
        foreach (Rune rune in value.AsSpan().EnumerateRunes())
        {
            if (text.Length > length)
                return text.Append("…'").ToString();
            text.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar ? "?" : rune.ToString());
        }
        return text.Append('\'').ToString();
    }
}
