using System.Globalization;

namespace SentimentML.Preprocessing;

/// <summary>
/// Lowercases words in capitals: runs of letters with two or more capitals and no small letter. A model of cased text has seldom seen
/// them, and its vocabulary breaks them into pieces.
/// </summary>
internal static class Capitals
{
    public static void Lower(ref TextRewriter text)
    {
        ReadOnlySpan<char> chars = text.Text;
        for (int start = 0, end; start < chars.Length; start = end + 1)
        {
            int capitals = 0, small = 0;
            for (end = start; end < chars.Length && IsOfWord(chars[end]); end++)
            {
                if (char.IsUpper(chars[end]))
                    capitals++;
                else if (char.IsLower(chars[end]))
                    small++;
            }
            for (int at = start; capitals > 1 && small == 0 && at < end; at++)
                text.Replace(at, at + 1, [char.ToLowerInvariant(chars[at])]);
        }
        text.EndStep();
    }

    /// <summary>A letter, or an accent that stands behind its letter.</summary>
    private static bool IsOfWord(char character) =>
        char.IsLetter(character) || char.GetUnicodeCategory(character) == UnicodeCategory.NonSpacingMark;
}
