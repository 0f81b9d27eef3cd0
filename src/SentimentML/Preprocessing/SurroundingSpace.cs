namespace SentimentML.Preprocessing;

/// <summary>Removes white space at the ends, as Python's <c>str.strip</c> does: .NET's and the four information separators of ASCII.</summary>
internal static class SurroundingSpace
{
    public static void Remove(ref TextRewriter text)
    {
        ReadOnlySpan<char> chars = text.Text;
        int start = 0, end = chars.Length;
        while (start < end && IsSpace(chars[start]))
            start++;
        while (end > start && IsSpace(chars[end - 1]))
            end--;
        text.Replace(0, start, "");
        text.Replace(end, chars.Length, "");
        text.EndStep();
    }

    private static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1C' and <= '\x1F';
}
