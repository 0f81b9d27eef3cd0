namespace SentimentML.Tokenization;

/// <summary>A part of a template: special tokens, or one of the texts.</summary>
/// <param name="Text">0 for the first text, 1 for the second; -1 for special tokens.</param>
/// <param name="SpecialTokens">The special tokens' ids.</param>
/// <param name="Type">The tokens' type, 0 or 1.</param>
internal readonly record struct TemplatePart(int Text, int[] SpecialTokens, int Type)
{
    public static TemplatePart OfText(int text, int type) => new(text, [], type);

    public static TemplatePart OfTokens(int type, params int[] ids) => new(-1, ids, type);
}

/// <summary>What stands around a text, or around and between the texts of a pair, and which token types they have.</summary>
internal sealed class Template
{
    private readonly int _partsOfTypeZero;

    /// <param name="parts">The parts, each text once and in its place, tokens of type 0 before those of type 1.</param>
    /// <exception cref="FormatException">They are not.</exception>
    public Template(IReadOnlyList<TemplatePart> parts)
    {
        int[] texts = [.. parts.Where(part => part.Text >= 0).Select(part => part.Text)];
        if (!texts.SequenceEqual(Enumerable.Range(0, texts.Length)) || texts.Length is not (1 or 2))
            throw new FormatException("its texts are not A, or A and B, each once and in this order");
        while (_partsOfTypeZero < parts.Count && parts[_partsOfTypeZero].Type == 0)
            _partsOfTypeZero++;
        if (_partsOfTypeZero == 0 || parts.Skip(_partsOfTypeZero).Any(part => part.Type != 1))
            throw new FormatException($"its token types are {string.Join(' ', parts.Select(part => part.Type))}, expected 0 … 0 or 0 … 0 1 … 1");
        Parts = parts;
        SpecialTokenCount = parts.Sum(part => part.SpecialTokens.Length);
        IEnumerable<TemplatePart> before = parts.TakeWhile(part => part.Text < 0);
        Before = [.. before.SelectMany(part => part.SpecialTokens)];
        After = [.. parts.Reverse().TakeWhile(part => part.Text < 0).Reverse().SelectMany(part => part.SpecialTokens)];
    }

    public IReadOnlyList<TemplatePart> Parts { get; }

    public int SpecialTokenCount { get; }

    /// <summary>The special tokens in front of all text.</summary>
    public int[] Before { get; }

    /// <summary>The special tokens behind all text.</summary>
    public int[] After { get; }

    /// <summary>Where the tokens of type 1 begin; 0 if there are none.</summary>
    public int PairStart(int ofFirst, int ofSecond)
    {
        int start = 0;
        for (int i = 0; i < _partsOfTypeZero; i++)
            start += Parts[i].Text switch { 0 => ofFirst, 1 => ofSecond, _ => Parts[i].SpecialTokens.Length };
        return start == SpecialTokenCount + ofFirst + ofSecond ? 0 : start;
    }
}

/// <summary>What is done with a text's tokens when all are found: the templates, and which offsets lose the white space of their tokens.</summary>
internal sealed record PostProcessor
{
    public required Template Single { get; init; }

    public required Template Pair { get; init; }

    /// <summary>Whether offsets leave out the white space that a token begins or ends with.</summary>
    public bool TrimOffsets { get; init; }

    /// <summary>Where offsets are trimmed, whether a single space at the very beginning stays.</summary>
    public bool KeepsPrefixSpace { get; init; }

    /// <summary>No special tokens; a second text is of type 1.</summary>
    public static PostProcessor None { get; } = new()
    {
        Single = new Template([TemplatePart.OfText(0, 0)]),
        Pair = new Template([TemplatePart.OfText(0, 0), TemplatePart.OfText(1, 1)]),
    };

    /// <summary>BERT's: [CLS] A [SEP] and [CLS] A [SEP] B [SEP], the second text of type 1.</summary>
    public static PostProcessor Bert(int cls, int sep) => new()
    {
        Single = new Template([TemplatePart.OfTokens(0, cls), TemplatePart.OfText(0, 0), TemplatePart.OfTokens(0, sep)]),
        Pair = new Template([TemplatePart.OfTokens(0, cls), TemplatePart.OfText(0, 0), TemplatePart.OfTokens(0, sep), TemplatePart.OfText(1, 1),
            TemplatePart.OfTokens(1, sep)]),
    };

    /// <summary>RoBERTa's: &lt;s&gt; A &lt;/s&gt; and &lt;s&gt; A &lt;/s&gt;&lt;/s&gt; B &lt;/s&gt;, all of type 0.</summary>
    public static PostProcessor Roberta(int cls, int sep) => new()
    {
        Single = new Template([TemplatePart.OfTokens(0, cls), TemplatePart.OfText(0, 0), TemplatePart.OfTokens(0, sep)]),
        Pair = new Template([TemplatePart.OfTokens(0, cls), TemplatePart.OfText(0, 0), TemplatePart.OfTokens(0, sep, sep), TemplatePart.OfText(1, 0),
            TemplatePart.OfTokens(0, sep)]),
    };
}
