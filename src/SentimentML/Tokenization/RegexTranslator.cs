using System.Globalization;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>
/// Writes a regular expression of Oniguruma (Ruby's syntax, UTF-8), which huggingface/tokenizers uses, as one of .NET that
/// finds the same. What has no equal in .NET, or is unknown here, is rejected.
/// https://github.com/kkos/oniguruma/blob/master/doc/RE
/// </summary>
internal ref struct RegexTranslator
{
    /// <summary>The longest expression in characters: those of published tokenizers have some hundreds.</summary>
    public const int MaxLength = 1 << 14;

    private const int MaxNesting = 64;
    private const string WordSet = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}\u24B6-\u24E9";

    /// <summary>Outside of brackets, "\w" takes Latin-1's superscripts and fractions too.</summary>
    private const string LatinWordSet = WordSet + @"\u00B2\u00B3\u00B9\u00BC-\u00BE";
    private const string SpaceSet = @"\t-\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000";

    private static readonly HashSet<string> Properties = new(StringComparer.Ordinal)
    {
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Co", "Cn",
    };

    private static readonly Dictionary<string, string> LongProperties = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L", ["Uppercase_Letter"] = "Lu", ["Lowercase_Letter"] = "Ll", ["Mark"] = "M", ["Number"] = "N", ["Decimal_Number"] = "Nd",
        ["Punctuation"] = "P", ["Symbol"] = "S", ["Separator"] = "Z", ["Other"] = "C",
    };

    private readonly string _pattern;
    private readonly StringBuilder _translated = new();
    private readonly StringBuilder _run = new(); // literal characters that every match has side by side
    private string _literal = "";
    private bool _needsBacktracking;
    private bool _ignoreCase;
    private int _at;
    private int _nesting;

    private RegexTranslator(string pattern) => _pattern = pattern;

    /// <returns>The expression, a string that every match has (empty if none is known), and whether it needs .NET's backtracking engine.</returns>
    /// <exception cref="FormatException">The expression is damaged or has what is not supported.</exception>
    public static (string Pattern, string Literal, bool NeedsBacktracking) Translate(string pattern)
    {
        var translator = new RegexTranslator(pattern);
        bool hasAlternatives = translator.Alternatives();
        if (translator._at < pattern.Length)
            throw translator.Damaged("a ')' without its '('");
        translator.EndRun();
        return (translator._translated.ToString(), hasAlternatives ? "" : translator._literal, translator._needsBacktracking);
    }

    private readonly bool AtEnd => _at >= _pattern.Length;

    private readonly FormatException Damaged(string what) => new($"{what} at character {_at + 1}");

    private readonly FormatException NotSupported(string what) => new($"{what} at character {_at + 1} is not supported");

    /// <summary>Up to the end or a closing parenthesis.</summary>
    private bool Alternatives()
    {
        if (++_nesting > MaxNesting)
            throw Damaged("parentheses nested too deeply");
        bool ignoreCase = _ignoreCase, hasAlternatives = false;
        while (!AtEnd && _pattern[_at] != ')')
        {
            if (_pattern[_at] == '|')
            {
                hasAlternatives = true;
                EndRun();
                _translated.Append('|');
                _at++;
                continue;
            }
            Quantified();
        }
        _ignoreCase = ignoreCase;
        _nesting--;
        return hasAlternatives;
    }

    private void Quantified()
    {
        int start = _translated.Length, literal = _run.Length;
        bool isLiteral = Atom();
        int length = _translated.Length - start;
        bool isQuantified = false;
        while (!AtEnd && Quantifier() is { } quantifier)
        {
            if (length == 0)
                throw Damaged("a quantifier of nothing");
            // an optional part is not in the literal; one repeated at least n times is in it n times, and ends it
            string repeated = isLiteral ? _run.ToString(literal, _run.Length - literal) : "";
            _run.Length = literal;
            for (int i = 0; i < Math.Min(quantifier.Min, 8); i++)
                _run.Append(repeated);
            EndRun();
            isLiteral = false;

            // a quantifier of a quantified part is one of a group here, as there
            if (isQuantified)
                _translated.Insert(start, "(?:").Append(')');
            _translated.Append(quantifier.Text);
            isQuantified = !quantifier.IsPossessive;
            if (quantifier.IsPossessive)
            {
                _needsBacktracking = true;
                _translated.Insert(start, "(?>").Append(')');
            }
        }
        if (!isLiteral)
            EndRunBefore(literal);
    }

    private (string Text, int Min, bool IsPossessive)? Quantifier()
    {
        int from = _at, min;
        string text;
        switch (_pattern[_at])
        {
            case '*':
                (text, min) = ("*", 0);
                _at++;
                break;
            case '+':
                (text, min) = ("+", 1);
                _at++;
                break;
            case '?':
                (text, min) = ("?", 0);
                _at++;
                break;
            case '{':
                if (Interval() is not { } interval)
                    return null;
                (text, min) = interval;
                break;
            default:
                return null;
        }
        bool isInterval = _pattern[from] == '{';
        if (!AtEnd && _pattern[_at] == '?')
        {
            // "{n}?" is not reluctant in Ruby's syntax but an optional n times
            if (isInterval && !text.Contains(',', StringComparison.Ordinal))
                throw NotSupported("'{n}?'");
            _at++;
            return (text + "?", min, false);
        }
        if (!AtEnd && _pattern[_at] == '+' && !isInterval)
        {
            _at++;
            return (text, min, true);
        }
        return (text, min, false);
    }

    /// <summary>"{n}", "{n,}", "{,m}", "{n,m}"; a brace that is none of them is a brace.</summary>
    private (string Text, int Min)? Interval()
    {
        int close = _pattern.IndexOf('}', _at);
        if (close < 0)
            return null;
        string[] bounds = _pattern[(_at + 1)..close].Split(',');
        bool isInterval = bounds.Length <= 2 && bounds.Any(bound => bound.Length > 0) && bounds.All(bound => bound.All(char.IsAsciiDigit));
        if (!isInterval)
            return null;
        if (bounds.Any(bound => bound.Length > 5))
            throw Damaged("too large a repetition");
        int min = bounds[0].Length > 0 ? int.Parse(bounds[0], CultureInfo.InvariantCulture) : 0;
        int? max = bounds.Length == 1 ? min : bounds[1].Length > 0 ? int.Parse(bounds[1], CultureInfo.InvariantCulture) : null;
        if (max < min || min > 1000 || max > 1000)
            throw Damaged("a repetition out of range");
        _at = close + 1;
        return (bounds.Length == 1 ? $"{{{min}}}" : $"{{{min},{max}}}", min);
    }

    /// <returns>Whether it is a literal character, in the run too.</returns>
    private bool Atom()
    {
        char c = _pattern[_at++];
        switch (c)
        {
            case '(':
                Group();
                return false;
            case '[':
                _translated.Append(Set());
                return false;
            case '.':
                _translated.Append("[^\\n]");
                return false;
            case '^':
                _needsBacktracking = true;
                _translated.Append("(?:\\A|(?<=\\n)(?!\\z))");
                return false;
            case '$':
                _needsBacktracking = true;
                _translated.Append("(?=\\n|\\z)");
                return false;
            case '\\':
                return Escape();
            case '*' or '+' or '?':
                throw Damaged("a quantifier of nothing");
            default:
                return Literal(c);
        }
    }

    private bool Literal(char c)
    {
        if (char.IsSurrogate(c))
            throw NotSupported("a character beyond U+FFFF");
        if (_ignoreCase && Cases(c) is { } cases)
        {
            _translated.Append('[').Append(cases).Append(']');
            return false;
        }
        AppendEscaped(_translated, c);
        _run.Append(c);
        return true;
    }

    /// <summary>The characters that are the same in all cases, by Unicode's case folding; null for one alone.</summary>
    private readonly string? Cases(char c)
    {
        if (c is 's' or 'S')
            return "sS\u017F";
        if (c is 'k' or 'K')
            return "kK\u212A";
        char lower = char.ToLowerInvariant(c), upper = char.ToUpperInvariant(c);
        if (lower == upper)
            return null;
        return char.IsAscii(c) ? $"{lower}{upper}" : throw NotSupported($"'{c}' without regard to case");
    }

    private bool Escape()
    {
        if (AtEnd)
            throw Damaged("a '\\' at the end");
        char c = _pattern[_at];
        switch (c)
        {
            case 'w' or 'W' or 's' or 'S' or 'd' or 'D' or 'h' or 'H' or 'p' or 'P':
                string set = ClassEscape(out bool isNegated);
                _translated.Append(isNegated ? "[^" : "[").Append(set == WordSet ? LatinWordSet : set).Append(']');
                return false;
            case 'A' or 'z' or 'Z':
                _at++;
                _needsBacktracking = true;
                _translated.Append('\\').Append(c);
                return false;
            case 'b' or 'B':
                _at++;
                _needsBacktracking = true;
                string before = $"(?<=[{LatinWordSet}])", after = $"(?=[{LatinWordSet}])", notBefore = $"(?<![{LatinWordSet}])",
                    notAfter = $"(?![{LatinWordSet}])";
                _translated.Append(c == 'b' ? $"(?:{before}{notAfter}|{notBefore}{after})" : $"(?:{before}{after}|{notBefore}{notAfter})");
                return false;
            default:
                return Literal(CharacterEscape());
        }
    }

    /// <summary>The content of a set that "\w" and its like stand for.</summary>
    private string ClassEscape(out bool isNegated)
    {
        char c = _pattern[_at++];
        isNegated = char.IsUpper(c);
        switch (char.ToLowerInvariant(c))
        {
            case 'w':
                return WordSet;
            case 's':
                return SpaceSet;
            case 'd':
                return "\\p{Nd}";
            case 'h':
                return "0-9a-fA-F";
        }
        int close = _at < _pattern.Length && _pattern[_at] == '{' ? _pattern.IndexOf('}', _at) : -1;
        if (close < 0)
            throw Damaged("a property without its braces");
        string name = _pattern[(_at + 1)..close];
        if (name.StartsWith('^'))
        {
            isNegated = !isNegated;
            name = name[1..];
        }
        name = LongProperties.GetValueOrDefault(name, name);
        if (!Properties.Contains(name))
            throw NotSupported($"the property '{name}'");
        _at = close + 1;
        return $"\\p{{{name}}}";
    }

    private char CharacterEscape()
    {
        char c = _pattern[_at++];
        switch (c)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 'f':
                return '\f';
            case 'v':
                return '\v';
            case 'a':
                return '\a';
            case 'e':
                return '\u001B';
            case 'u':
                return Hexadecimal(4, 4);
            case 'x' when !AtEnd && _pattern[_at] == '{':
                int close = _pattern.IndexOf('}', _at);
                if (close < 0)
                    throw Damaged("'\\x{' without its '}'");
                _at++;
                char value = Hexadecimal(1, close - _at);
                _at = close + 1;
                return value;
            case 'x':
                return Hexadecimal(1, 2);
        }
        if (char.IsAsciiLetterOrDigit(c))
            throw NotSupported($"'\\{c}'");
        return c;
    }

    private char Hexadecimal(int min, int max)
    {
        int length = 0;
        while (length < max && _at + length < _pattern.Length && char.IsAsciiHexDigit(_pattern[_at + length]))
            length++;
        if (length < min || length > 8
            || !int.TryParse(_pattern.AsSpan(_at, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
            throw Damaged("not a hexadecimal number");
        _at += length;
        return value < 0xD800 ? (char)value : throw NotSupported("a character beyond U+D7FF by its number");
    }

    /// <summary>"[…]", behind its bracket.</summary>
    private string Set()
    {
        var set = new StringBuilder("[");
        if (!AtEnd && _pattern[_at] == '^')
        {
            set.Append('^');
            _at++;
        }
        bool isFirst = true;
        while (true)
        {
            if (AtEnd)
                throw Damaged("a '[' without its ']'");
            char c = _pattern[_at];
            if (c == ']' && !isFirst)
            {
                _at++;
                return set.Append(']').ToString();
            }
            if (c == '[' || (c == ']' && isFirst))
                throw NotSupported("a bracket inside of brackets");
            if (c == '&' && _at + 1 < _pattern.Length && _pattern[_at + 1] == '&')
                throw NotSupported("an intersection");
            isFirst = false;
            if (c == '\\' && _at + 1 < _pattern.Length && _pattern[_at + 1] is 'w' or 'W' or 's' or 'S' or 'd' or 'D' or 'h' or 'H' or 'p' or 'P')
            {
                _at++;
                string content = ClassEscape(out bool isNegated);
                set.Append(!isNegated ? content : content.StartsWith("\\p", StringComparison.Ordinal) && content.Count(x => x == '\\') == 1
                    ? $"\\P{content[2..]}" : Negated(content));
                continue;
            }
            char first = SetCharacter();
            if (!AtEnd && _pattern[_at] == '-' && _at + 1 < _pattern.Length && _pattern[_at + 1] != ']')
            {
                _at++;
                char last = SetCharacter();
                if (last < first)
                    throw Damaged("a range that ends before it begins");
                if (_ignoreCase && !IsCaseless(first, last))
                    throw NotSupported("a range without regard to case");
                AppendEscaped(set, first);
                set.Append('-');
                AppendEscaped(set, last);
            }
            else if (_ignoreCase && Cases(first) is { } cases)
            {
                set.Append(cases);
            }
            else
            {
                AppendEscaped(set, first);
            }
        }
    }

    private readonly string Negated(string content) => content switch
    {
        SpaceSet => "\\S",
        WordSet => throw NotSupported("'\\W' inside of brackets"),
        _ => throw NotSupported("a negated set inside of brackets"),
    };

    private static bool IsCaseless(char first, char last)
    {
        for (int c = first; c <= last; c++)
        {
            if (char.ToLowerInvariant((char)c) != char.ToUpperInvariant((char)c))
                return false;
        }
        return true;
    }

    private char SetCharacter()
    {
        char c = _pattern[_at++];
        if (c == '\\' && AtEnd)
            throw Damaged("a '\\' at the end");
        if (c == '\\' && _pattern[_at] == 'b')
            throw NotSupported("'\\b' inside of brackets");
        if (c == '\\')
            c = CharacterEscape();
        return char.IsSurrogate(c) ? throw NotSupported("a character beyond U+FFFF") : c;
    }

    private void Group()
    {
        EndRun();
        string open = "(?:";
        if (!AtEnd && _pattern[_at] == '?')
        {
            _at++;
            (open, bool isDone) = GroupKind();
            if (isDone)
                return;
        }
        int run = _run.Length;
        string literal = _literal;
        bool ignoreCase = _ignoreCase;
        if (open == "(?i:")
        {
            open = "(?:";
            _ignoreCase = true;
        }
        _translated.Append(open);
        Alternatives();
        if (AtEnd)
            throw Damaged("a '(' without its ')'");
        _at++;
        _translated.Append(')');
        _ignoreCase = ignoreCase;
        _run.Length = run;
        _literal = literal; // what is inside of a group may be missing
    }

    /// <returns>How the group begins; done where it is only an option for what follows.</returns>
    private (string Open, bool IsDone) GroupKind()
    {
        string rest = _pattern[_at..];
        foreach (string kind in (ReadOnlySpan<string>)["=", "!", "<=", "<!", ">"])
        {
            if (rest.StartsWith(kind, StringComparison.Ordinal))
            {
                _at += kind.Length;
                _needsBacktracking = true;
                return ($"(?{kind}", false);
            }
        }
        if (rest.StartsWith(':'))
        {
            _at++;
            return ("(?:", false);
        }
        if (rest.StartsWith("i:", StringComparison.Ordinal))
        {
            _at += 2;
            return ("(?i:", false);
        }
        if (rest.StartsWith("i)", StringComparison.Ordinal))
        {
            _at += 2;
            _ignoreCase = true;
            return ("", true);
        }
        int close = rest.StartsWith('<') ? rest.IndexOf('>', StringComparison.Ordinal) : -1;
        if (close > 1)
        {
            _at += close + 1;
            return ("(?:", false);
        }
        throw NotSupported($"'(?{(rest.Length > 0 ? rest[..1] : "")}'");
    }

    /// <summary>A run of literals ends; the longest stays.</summary>
    private void EndRun()
    {
        if (_run.Length > _literal.Length)
            _literal = _run.ToString();
        _run.Clear();
    }

    /// <summary>Ends the run of literals before a part that is not a literal.</summary>
    private void EndRunBefore(int length)
    {
        if (_run.Length >= length)
            EndRun();
    }

    private static void AppendEscaped(StringBuilder to, char c)
    {
        if (char.IsAsciiLetterOrDigit(c))
            to.Append(c);
        else
            to.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
    }
}
