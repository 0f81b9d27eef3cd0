namespace SentimentML.Preprocessing;

/// <summary>Removes exclamation marks. How loud a text is says little of its sentiment, and a model may learn that it does.</summary>
internal static class Exclamations
{
    public static void Remove(ref TextRewriter text)
    {
        ReadOnlySpan<char> chars = text.Text;
        for (int start = 0; start < chars.Length;)
        {
            int end = start;
            while (end < chars.Length && chars[end] is ('!' or '¡' or '！')) // the last one is wide
                end++;
            if (end > start)
                text.Replace(start, end, IsOfWord(chars, start - 1) && IsOfWord(chars, end) ? " " : "");
            start = end + 1;
        }
        text.EndStep();
    }

    private static bool IsOfWord(ReadOnlySpan<char> chars, int at) => at >= 0 && at < chars.Length && char.IsLetterOrDigit(chars[at]);
}
