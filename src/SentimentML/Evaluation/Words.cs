using System.Text;
using SentimentML.Numerics;

namespace SentimentML.Evaluation;

/// <summary>A text's words, as runs of letters and digits: enough to count, compare and guess a language by.</summary>
internal static class Words
{
    private const string Accented = "áàâäãåéèêëíìîïóòôöõúùûüýÿç", Plain = "aaaaaaeeeeiiiiooooouuuuyyc";

    /// <summary>How many words a text has.</summary>
    public static int Count(string text)
    {
        int count = 0;
        bool inWord = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool isPart = Rune.IsLetterOrDigit(rune);
            if (isPart && !inWord)
                count++;
            inWord = isPart;
        }
        return count;
    }

    /// <summary>The text's words in lower case.</summary>
    /// <param name="text">The text.</param>
    /// <param name="max">Words beyond these are left out.</param>
    public static List<string> Of(string text, int max)
    {
        List<string> words = [];
        StringBuilder word = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                Rune lower = Rune.ToLowerInvariant(rune);
                if (lower.IsBmp)
                    word.Append((char)lower.Value);
                else
                    word.Append(lower.ToString());
                continue;
            }
            if (Flush())
                return words;
        }
        Flush();
        return words;

        bool Flush()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
            return words.Count >= max;
        }
    }

    /// <summary>A 64-bit number for a word, the same for "está" and "esta"; ñ stays a letter of its own.</summary>
    public static ulong Hash(string word)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in word)
        {
            int at = letter < 0x80 ? -1 : Accented.IndexOf(letter, StringComparison.Ordinal);
            hash = (hash ^ (at < 0 ? letter : Plain[at])) * 0x100000001B3;
        }
        return SplitMix64.Mix(hash);
    }
}
