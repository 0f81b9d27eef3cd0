namespace SentimentML.Preprocessing;

/// <summary>Replaces users' handles. One has at most 15 characters; what follows them stays.</summary>
internal static class UserHandles
{
    private const int MaxLength = 15;

    public static void Replace(ref TextRewriter text, string token)
    {
        ReadOnlySpan<char> chars = text.Text;
        for (int at = 0; chars[at..].IndexOf('@') is >= 0 and int found;)
        {
            int start = at + found;
            at = start + 1;
            while (at < chars.Length && at - start <= MaxLength && (char.IsAsciiLetterOrDigit(chars[at]) || chars[at] == '_'))
                at++;
            text.Replace(start, at, token);
        }
        text.EndStep();
    }
}
