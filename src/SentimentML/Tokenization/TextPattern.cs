using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace SentimentML.Tokenization;

/// <summary>What a pattern found, in UTF-16 units.</summary>
internal readonly record struct PatternMatch(int Start, int End);

/// <summary>What a normalizer replaces or a pre-tokenizer cuts at: a string, or a regular expression with the meaning that the reference's has.</summary>
internal abstract class TextPattern
{
    /// <summary>Whether it is worth looking: false where what every match has is not in the text.</summary>
    public abstract bool MayMatch(ReadOnlySpan<char> text);

    /// <summary>The matches from left to right.</summary>
    public abstract List<PatternMatch> Matches(ReadOnlySpan<char> text);
}

internal sealed class StringPattern(string value) : TextPattern
{
    public override bool MayMatch(ReadOnlySpan<char> text) => text.Contains(value, StringComparison.Ordinal);

    public override List<PatternMatch> Matches(ReadOnlySpan<char> text)
    {
        var matches = new List<PatternMatch>();
        if (value.Length == 0)
            return matches;
        for (int from = 0; text[from..].IndexOf(value) is >= 0 and int distance;)
        {
            matches.Add(new PatternMatch(from + distance, from + distance + value.Length));
            from += distance + value.Length;
        }
        return matches;
    }
}

/// <summary>A regular expression of the reference's library, run by .NET's. It finds the same or is rejected (<see cref="RegexTranslator"/>).</summary>
internal sealed class RegexPattern : TextPattern
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    /// <summary>
    /// .NET's expressions see the two units of a character beyond U+FFFF one by one. They are shown one unit in its place, of
    /// the same category; these are those, in the order of UnicodeCategory.
    /// </summary>
    private const string StandIns = "Åþǅʶⵣ\u0336\u0982\u20DD٧Ⅷ፼\u2008\u2028\u2029\u0086\u200E\uD800\uE0FF‿‐⁅⁆‹›‽∁₠˂⌀\u0378";

    private readonly Regex _regex;
    private readonly string _literal;
    private readonly string _source;

    private RegexPattern(string source, Regex regex, string literal) => (_source, _regex, _literal) = (source, regex, literal);

    /// <exception cref="FormatException">The expression is damaged, or uses a feature that .NET's expressions lack.</exception>
    public static RegexPattern Of(string pattern)
    {
        (string translated, string literal, bool needsBacktracking) = RegexTranslator.Translate(pattern);
        const RegexOptions Options = RegexOptions.CultureInvariant;
        try
        {
            if (!needsBacktracking)
                return new RegexPattern(pattern, new Regex(translated, Options | RegexOptions.NonBacktracking, MaxTime), literal);
        }
        catch (NotSupportedException)
        {
            // too large an automaton: the backtracking engine takes it, with a limit to its time
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
        try
        {
            return new RegexPattern(pattern, new Regex(translated, Options, MaxTime), literal);
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    public override bool MayMatch(ReadOnlySpan<char> text) => _literal.Length == 0 || text.Contains(_literal, StringComparison.Ordinal);

    /// <exception cref="SentimentMLException">The expression takes too long on the text.</exception>
    public override List<PatternMatch> Matches(ReadOnlySpan<char> text)
    {
        var matches = new List<PatternMatch>();
        try
        {
            if (text.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
            {
                foreach (ValueMatch match in _regex.EnumerateMatches(text))
                    Add(matches, match.Index, match.Index + match.Length);
                return matches;
            }
            var units = new List<int>();
            string shown = Shown(text, units);
            foreach (ValueMatch match in _regex.EnumerateMatches(shown))
                Add(matches, units[match.Index], units[match.Index + match.Length]);
            return matches;
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new SentimentMLException(
                $"The tokenizer's regular expression {_source} takes more than {MaxTime.TotalSeconds} seconds on a text of {text.Length} characters. "
                + "It backtracks without end: get the tokenizer's files again, or classify shorter texts.", e);
        }
    }

    /// <summary>An empty match right behind another is none, in the reference.</summary>
    private static void Add(List<PatternMatch> matches, int start, int end)
    {
        if (start < end || matches.Count == 0 || matches[^1].End != start)
            matches.Add(new PatternMatch(start, end));
    }

    private static string Shown(ReadOnlySpan<char> text, List<int> units)
    {
        var shown = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            units.Add(i);
            if (char.IsHighSurrogate(text[i]))
            {
                UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(text[i], text[i + 1]));
                shown.Append(StandIns[(int)category]);
                i++;
            }
            else
            {
                shown.Append(text[i]);
            }
        }
        units.Add(text.Length);
        return shown.ToString();
    }
}
