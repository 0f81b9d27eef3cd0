namespace SentimentML.Preprocessing;

/// <summary>
/// Shortens laughter: a run of the letters j and a, inside a word or not, in which "aj" stands behind two or more of them and
/// before one or more.
/// </summary>
internal static class Laughter
{
    public static void Shorten(ref TextRewriter text)
    {
        ReadOnlySpan<char> chars = text.Text;
        for (int at = 0; chars[at..].IndexOf("aj", StringComparison.Ordinal) is >= 0 and int found;)
        {
            int start = at + found, end = start + 2;
            while (start > at && chars[start - 1] is 'j' or 'a')
                start--;
            while (end < chars.Length && chars[end] is 'j' or 'a')
                end++;
            at = end;
            if (end - start >= 5 && chars[(start + 2)..(end - 1)].IndexOf("aj", StringComparison.Ordinal) >= 0)
                text.Replace(start, end, "jaja");
        }
        text.EndStep();
    }
}
