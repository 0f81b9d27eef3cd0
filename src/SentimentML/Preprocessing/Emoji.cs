using System.Buffers;

namespace SentimentML.Preprocessing;

/// <summary>
/// Replaces emoji with their names, as pysentimiento does with Python's emoji package: each emoji becomes its name between
/// vertical bars, then all text between two vertical bars is wrapped, including text whose bars the user typed.
/// </summary>
internal static class Emoji
{
    private const int Joiner = 0x200D;
    private const char Keycap = '\u20E3', TextStyle = '\uFE0E', EmojiStyle = '\uFE0F';

    /// <summary>An emoji has one of these units, and without one the text stays as it is.</summary>
    private static readonly SearchValues<char> Signs = SearchValues.Create(
    [
        .. Enumerable.Range('\x80', char.MaxValue - '\x80').Select(c => (char)c).Where(c => EmojiNames.Spanish.Child(0, c) > 0),
        Keycap, '\uD83C', '\uD83D', '\uD83E', TextStyle, EmojiStyle,
    ]);

    /// <summary>
    /// Writes emoji as |name|, with underscores for the name's spaces, and removes variation selectors that stand alone. Of an
    /// emoji's beginning only the longest is tried: one that ends nowhere stays, unless a joiner stands where it broke off.
    /// </summary>
    public static void ToNames(ref TextRewriter text)
    {
        if (!text.Text.ContainsAny(Signs))
            return;
        ReadOnlySpan<char> chars = text.Text;
        EmojiNames names = EmojiNames.Spanish;
        var window = new Window();
        int plainJoiner = -1; // a joiner that is known to join nothing
        for (int at = 0; at < chars.Length;)
        {
            int codePoint = WordCharacters.CodePointAt(chars, at, out int length);
            if (at == plainJoiner)
            {
                window.Add(ref text, new Part(at, at + 1, null, false));
                at++;
            }
            else if (names.Child(0, codePoint) is > 0 and int root)
            {
                Part part = Longest(chars, names, at, plainJoiner) ?? new Part(at, at + length, null, names.Name(root) is not null);
                window.Add(ref text, part);
                at = part.End;
            }
            else if (codePoint == Joiner && window.Last is { IsEmoji: true } last && names.Child(0, WordCharacters.CodePointBefore(chars, at, out _)) > 0)
            {
                // The emoji before it is read again up to the joiner; a skin tone together with what it colors.
                plainJoiner = at;
                bool colors = EmojiNames.IsComponent(WordCharacters.CodePointAt(chars, last.Start, out int size)) && size == last.End - last.Start;
                at = window.TakeBack(chars, colors);
            }
            else
            {
                window.Flush(ref text);
                if (codePoint is TextStyle or EmojiStyle)
                    text.Replace(at, at + 1, "");
                else
                    window.Add(ref text, new Part(at, at + length, null, false));
                at += length;
            }
        }
        window.Flush(ref text);
        text.EndStep();
    }

    /// <summary>Wraps what stands between two vertical bars, and writes spaces for its underscores.</summary>
    public static void WrapNames(ref TextRewriter text, string wrapper)
    {
        ReadOnlySpan<char> chars = text.Text;
        for (int open = chars.IndexOf('|'); open >= 0 && chars[(open + 1)..].IndexOf('|') is >= 0 and int length;)
        {
            int close = open + 1 + length;
            if (length == 0)
            {
                open = close;
                continue;
            }
            text.Replace(open, open + 1, wrapper);
            for (int i = open + 1; i < close; i++)
                if (chars[i] == '_')
                    text.Replace(i, i + 1, " ");
            text.Replace(close, close + 1, wrapper);
            int next = chars[(close + 1)..].IndexOf('|');
            open = next < 0 ? -1 : close + 1 + next;
        }
        text.EndStep();
    }

    /// <summary>The emoji at a place, if the longest beginning of one is a whole one.</summary>
    private static Part? Longest(ReadOnlySpan<char> chars, EmojiNames names, int start, int plainJoiner)
    {
        int node = 0, end = start;
        while (end < chars.Length && end != plainJoiner && names.Child(node, WordCharacters.CodePointAt(chars, end, out int length)) is > 0 and int next)
        {
            node = next;
            end += length;
        }
        return names.Name(node) is { } name ? new Part(start, end, name, true) : null;
    }

    /// <summary>A part of the text: an emoji with its name, or one code point that stays.</summary>
    /// <param name="Start">The first unit.</param>
    /// <param name="End">The unit behind the last.</param>
    /// <param name="Name">The name to write; null if the part stays.</param>
    /// <param name="IsEmoji">Whether its characters are an emoji, written as a name or not.</param>
    private readonly record struct Part(int Start, int End, string? Name, bool IsEmoji);

    /// <summary>The last two parts, which a joiner may take back; those before them are written.</summary>
    private ref struct Window
    {
        private Part? _first;

        public Part? Last { get; private set; }

        public void Add(ref TextRewriter text, Part part)
        {
            Write(ref text, _first);
            (_first, Last) = (Last, part);
        }

        /// <summary>Takes back the last part, or the last two if it colors the one before it, and says from where to read again.</summary>
        public int TakeBack(ReadOnlySpan<char> chars, bool colors)
        {
            int start = colors && _first is { } colored && chars[colored.Start] != Joiner ? colored.Start : Last!.Value.Start;
            (_first, Last) = (null, start < Last!.Value.Start ? null : _first);
            return start;
        }

        public void Flush(ref TextRewriter text)
        {
            Write(ref text, _first);
            Write(ref text, Last);
            (_first, Last) = (null, null);
        }

        private static void Write(ref TextRewriter text, Part? part)
        {
            if (part is { Name: { } name } emoji)
                text.Replace(emoji.Start, emoji.End, $"|{name}|");
        }
    }
}
