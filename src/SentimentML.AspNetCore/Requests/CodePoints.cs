namespace SentimentML.AspNetCore.Requests;

/// <summary>Places in texts as clients count them, which are not all programs of UTF-16 units.</summary>
internal static class CodePoints
{
    public static int Count(string text) => text.EnumerateRunes().Count();

    /// <summary>For each UTF-16 unit, and for the end, the number of the code point that it belongs to.</summary>
    public static int[] Before(string text)
    {
        int[] before = new int[text.Length + 1];
        for (int i = 0, codePoints = -1; i <= text.Length; i++)
        {
            bool isSecondHalf = i > 0 && i < text.Length && char.IsSurrogatePair(text[i - 1], text[i]);
            before[i] = isSecondHalf ? codePoints : ++codePoints;
        }
        return before;
    }
}
