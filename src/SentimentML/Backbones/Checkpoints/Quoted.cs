using System.Text;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>A name out of a hostile file, fit for a message: in quotes, cut, without control characters.</summary>
internal static class Quoted
{
    private const int MaxLength = 120;

    public static string Name(string name)
    {
        var text = new StringBuilder("'");
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, MaxLength)))
            text.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return text.Append(name.Length > MaxLength ? "…'" : "'").ToString();
    }

    public static string Name(ReadOnlySpan<byte> utf8) =>
        Name(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxLength + 1)]));
}
