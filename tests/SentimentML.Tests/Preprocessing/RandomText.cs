using System.Text;

namespace SentimentML.Tests.Preprocessing;

/// <summary>Short texts of the parts that the preprocessing of tweets looks for, in any order, and of any other character.</summary>
internal static class RandomText
{
    private static readonly string[] Parts =
    [
        "#", "#Una", "Palabra", "@", "@ana_1", "http://", "https://", ".", "com", "es", "a.b.com", "/", "|", "_",
        "aj", "ja", "jajaja", " ", "\n", "\x1C", "ooooo", "!!!!",
        "😂", "🤷", "👩", "👨", "❤", "♂", "♥", "☻", "«", "€",
        "\uFE0F", "\uFE0E", "\u200D", "\u20E3", "1", "\U0001F3FB", "\U0001F3FF", "\U0001F1EA", "\U0001F1F8", "🏴",
        "\U000E0067", "🦰", "é", "Σ", "İ", "ʰ", "𐐀", "\u0301", "\uD83D", "\uDE00", "\uD83C",
    ];

    public static string Of(Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(12); i > 0; i--)
            text.Append(random.Next(5) == 0 ? ((char)random.Next(0x10000)).ToString() : Parts[random.Next(Parts.Length)]);
        return text.ToString();
    }
}
