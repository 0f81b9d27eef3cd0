using System.Buffers;

namespace SentimentML.Preprocessing;

/// <summary>Replaces or removes the characters that pysentimiento's models never saw.</summary>
internal static class RareCharacters
{
    private const int Candle = 0x1F56F, Satellite = 0x1F6F0;

    private static readonly SearchValues<char> Replaced = SearchValues.Create(
        "~£¥¨©«°´¶·º»×ا–—‘’“”•…‼€™●☠☹☺☻♀♂♡♥⚰⛱⛹✈✓❤ー\uD83D");

    public static void Replace(ref TextRewriter text)
    {
        ReadOnlySpan<char> chars = text.Text;
        for (int at = 0; chars[at..].IndexOfAny(Replaced) is >= 0 and int found;)
        {
            int start = at + found;
            int codePoint = WordCharacters.CodePointAt(chars, start, out int length);
            at = start + length;
            if (length == 1 && !char.IsSurrogate((char)codePoint) || codePoint is Candle or Satellite)
                text.Replace(start, at, ReplacementOf(codePoint));
        }
        text.EndStep();
    }

    private static string ReplacementOf(int codePoint) => codePoint switch
    {
        '¨' or '«' or '»' or '“' or '”' => "\"",
        '‼' => "!",
        '€' => "$",
        '☻' => "😃",
        '♡' or '♥' => "❤\uFE0F",
        _ => "",
    };
}
