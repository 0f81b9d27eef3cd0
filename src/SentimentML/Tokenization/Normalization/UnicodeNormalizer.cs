namespace SentimentML.Tokenization;

/// <summary>
/// Unicode's normalization forms: characters are decomposed, put in canonical order and, for NFC and NFKC, composed again.
/// https://www.unicode.org/reports/tr15/; where composed and added characters come from follows the reference's
/// unicode-normalization-alignments.
/// </summary>
/// <param name="compatible">NFKC and NFKD.</param>
/// <param name="compose">NFC and NFKC.</param>
internal sealed class UnicodeNormalizer(bool compatible, bool compose) : Normalizer
{
    private readonly CharacterTraits _changes = (compatible, compose) switch
    {
        (false, false) => CharacterTraits.ChangesInNfd,
        (false, true) => CharacterTraits.ChangesInNfc,
        (true, false) => CharacterTraits.ChangesInNfkd,
        (true, true) => CharacterTraits.ChangesInNfkc,
    };

    /// <summary>A character under way, with its combining class and how it changes the text (see <see cref="AlignedText.Put"/>).</summary>
    private record struct Part(int CodePoint, int Change, byte CombiningClass);

    public override void Normalize(AlignedText text)
    {
        int at = text.IndexOf(_changes, 0);
        if (at < 0)
            return;
        var parts = new List<Part>();
        text.BeginEdit();
        for (; at >= 0; at = text.IndexOf(_changes, text.Read))
        {
            // the character before may be what this one is composed with
            int start = at;
            if (start > text.Read)
                start -= start > text.Read + 1 && char.IsLowSurrogate(text.Characters[start - 1]) ? 2 : 1;
            text.Keep(start - text.Read);
            int end = start;
            do
                end += Decompose(text.CodePointAt(end, out int width), width, parts);
            while (end < text.Length && (end <= at || UnicodeData.Instance.Is(text.CodePointAt(end, out _), _changes)));
            Order(parts);
            Emit(parts, text);
            parts.Clear();
        }
        text.EndEdit();
    }

    private int Decompose(int codePoint, int width, List<Part> parts)
    {
        Span<int> decomposed = stackalloc int[18];
        int count = UnicodeData.Instance.Decompose(codePoint, compatible, decomposed);
        for (int i = 0; i < count; i++)
            parts.Add(new Part(decomposed[i], i == 0 ? 0 : 1, UnicodeData.Instance.CombiningClass(decomposed[i])));
        return width;
    }

    /// <summary>Canonical order: marks by their classes, those of one class as they came.</summary>
    private static void Order(List<Part> parts)
    {
        for (int start = 0; start < parts.Count; start++)
        {
            int end = start;
            while (end < parts.Count && parts[end].CombiningClass != 0)
                end++;
            if (end - start > 1)
            {
                Part[] marks = [.. parts[start..end].OrderBy(mark => mark.CombiningClass)];
                for (int i = 0; i < marks.Length; i++)
                    parts[start + i] = marks[i];
            }
            start = end;
        }
    }

    private void Emit(List<Part> parts, AlignedText text)
    {
        if (!compose)
        {
            foreach (Part part in parts)
                text.Put(part.CodePoint, part.Change);
            return;
        }
        int starter = -1, left = 0; // where in what is left of the parts
        byte lastClass = 0;
        for (int i = 0; i < parts.Count; i++)
        {
            Part part = parts[i];
            bool isBlocked = starter >= 0 && left - 1 > starter && lastClass >= part.CombiningClass;
            int composed = starter < 0 || isBlocked ? -1 : UnicodeData.Instance.Compose(parts[starter].CodePoint, part.CodePoint);
            if (composed >= 0)
            {
                parts[starter] = parts[starter] with { CodePoint = composed, Change = parts[starter].Change + part.Change - 1 };
                continue;
            }
            if (part.CombiningClass == 0)
                starter = left;
            lastClass = part.CombiningClass;
            parts[left++] = part;
        }
        for (int i = 0; i < left; i++)
            text.Put(parts[i].CodePoint, parts[i].Change);
    }
}
