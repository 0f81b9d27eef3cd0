namespace SentimentML.Preprocessing;

/// <summary>Shortens runs of one character, whatever it is but a line feed.</summary>
internal static class Repeats
{
    public static void Shorten(ref TextRewriter text, int most)
    {
        ReadOnlySpan<char> chars = text.Text;
        for (int start = 0; start < chars.Length;)
        {
            if (start + 1 < chars.Length && chars[start] != chars[start + 1] && !char.IsHighSurrogate(chars[start]))
            {
                start++;
                continue;
            }
            WordCharacters.CodePointAt(chars, start, out int length);
            ReadOnlySpan<char> character = chars.Slice(start, length);
            int end = start + length;
            while (chars[end..].StartsWith(character))
                end += length;
            int last = start + (int)Math.Min((most - 1L) * length, end - start);
            // The last one that stays stands for the rest.
            if (end - last > length && character[0] != '\n')
                text.Replace(last, end, character);
            start = end;
        }
        text.EndStep();
    }
}
