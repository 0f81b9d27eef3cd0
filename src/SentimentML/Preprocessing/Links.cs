namespace SentimentML.Preprocessing;

/// <summary>
/// Replaces links. A link is, after a character that is not an ASCII letter or digit: http:// or https:// and up to five labels;
/// or a label of ASCII letters and digits and up to five more; or, at the start of a word, up to five labels. A label is a
/// run of word characters with a dot behind it. A top-level domain follows, which need not end its word, then a path.
/// </summary>
/// <remarks>
/// The reference searches with a regular expression, which tries every start. All starts of a link lie before the dot of its
/// first label, at three places at most, so going from dot to dot finds the same links in linear time.
/// </remarks>
internal static class Links
{
    private const int MaxLabels = 5;

    public static void Replace(ref TextRewriter text, string token)
    {
        ReadOnlySpan<char> chars = text.Text;
        int free = 0; // behind the last link
        for (int at = 0; chars[at..].IndexOf('.') is >= 0 and int found;)
        {
            int dot = at + found;
            at = dot + 1;
            if (Find(chars, free, dot) is not { } link)
                continue;
            text.Replace(link.Start, link.End, token);
            at = free = link.End;
        }
        text.EndStep();
    }

    /// <summary>The link whose first label ends at a dot.</summary>
    private static (int Start, int End)? Find(ReadOnlySpan<char> text, int free, int dot)
    {
        int label = WordCharacters.RunStart(text, dot);
        if (label == dot)
            return null;
        Span<int> ends = stackalloc int[MaxLabels + 1]; // of the labels, behind their dots
        int labels = Labels(text, dot, ends);
        int ascii = dot;
        while (ascii > label && char.IsAsciiLetterOrDigit(text[ascii - 1]))
            ascii--;
        int withScheme = label - SchemeLength(text[..label]);

        if (withScheme < label && CanStart(text, free, withScheme) && End(text, ends, 1, Math.Min(labels, MaxLabels)) is { } end)
            return (withScheme, end);
        if (ascii == label && CanStart(text, free, label) && End(text, ends, 2, labels) is { } further)
            return (label, further);
        if (CanStart(text, free, label) && End(text, ends, 1, Math.Min(labels, MaxLabels)) is { } own)
            return (label, own);
        if (ascii > label && ascii < dot && CanStart(text, free, ascii) && End(text, ends, 2, labels) is { } tail)
            return (ascii, tail);
        return null;
    }

    /// <summary>The ends of the label with this dot and of those directly behind it.</summary>
    private static int Labels(ReadOnlySpan<char> text, int dot, Span<int> ends)
    {
        ends[0] = dot + 1;
        int count = 1;
        while (count < ends.Length)
        {
            int end = WordCharacters.RunEnd(text, ends[count - 1]);
            if (end == ends[count - 1] || end == text.Length || text[end] != '.')
                break;
            ends[count++] = end + 1;
        }
        return count;
    }

    private static int SchemeLength(ReadOnlySpan<char> before) =>
        before.EndsWith("https://", StringComparison.Ordinal) ? 8 : before.EndsWith("http://", StringComparison.Ordinal) ? 7 : 0;

    /// <summary>A link follows a character, so it cannot start a text.</summary>
    private static bool CanStart(ReadOnlySpan<char> text, int free, int start) =>
        start >= free && start > 0 && !char.IsAsciiLetterOrDigit(text[start - 1]);

    /// <summary>The end of a link with as many labels as possible.</summary>
    private static int? End(ReadOnlySpan<char> text, ReadOnlySpan<int> ends, int least, int most)
    {
        for (int labels = most; labels >= least; labels--)
        {
            int end = ends[labels - 1];
            if (DomainLength(text[end..]) is > 0 and int length)
                return PathEnd(text, end + length);
        }
        return null;
    }

    /// <summary>The length of the top-level domain that a text starts with; 0 if it starts with none.</summary>
    private static int DomainLength(ReadOnlySpan<char> text) => text switch
    {
        ['c', 'o', 'm', ..] or ['o', 'r', 'g', ..] or ['e', 'd', 'u', ..] or ['g', 'o', 'v', ..] or ['n', 'e', 't', ..] or ['m', 'i', 'l', ..] => 3,
        ['c', 'o' or 'a' or 'h', ..] or ['u', 'k' or 's', ..] or ['d', 'e', ..] or ['j', 'p', ..] or ['f', 'r', ..] or ['a', 'u' or 'c', ..]
            or ['r', 'u', ..] or ['i', 't' or 'q' or 'o', ..] or ['n', 'l' or 'o', ..] or ['s', 'e' or 'm', ..] or ['e', 's', ..] or ['l', 'y', ..] => 2,
        _ => 0,
    };

    private static int PathEnd(ReadOnlySpan<char> text, int at)
    {
        while (at + 1 < text.Length && text[at] == '/' && char.IsAsciiLetterOrDigit(text[at + 1]))
        {
            at++;
            while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
                at++;
        }
        return at;
    }
}
