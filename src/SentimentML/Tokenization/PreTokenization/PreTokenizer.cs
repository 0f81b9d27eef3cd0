namespace SentimentML.Tokenization;

/// <summary>Cuts a text's pieces into smaller ones, the words of the model. Each follows the pre-tokenizer of its name in huggingface/tokenizers.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Whether the result depends on where a piece begins in the user's text.</summary>
    public virtual bool NeedsOffsets => false;

    public abstract void Cut(AlignedText text);
}

internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> preTokenizers) : PreTokenizer
{
    public IReadOnlyList<PreTokenizer> Parts => preTokenizers;

    public override bool NeedsOffsets => preTokenizers.Any(part => part.NeedsOffsets);

    public override void Cut(AlignedText text)
    {
        foreach (PreTokenizer preTokenizer in preTokenizers)
            preTokenizer.Cut(text);
    }
}

/// <summary>A pre-tokenizer that leaves the characters alone.</summary>
internal abstract class Splitter : PreTokenizer
{
    public sealed override void Cut(AlignedText text)
    {
        text.BeginCut();
        foreach (Piece piece in text.Pieces)
        {
            if (piece.TokenId >= 0)
                text.AddPiece(piece.Start, piece.End, piece.TokenId);
            else
                Cut(text, piece.Start, piece.End);
        }
        text.EndCut();
    }

    protected abstract void Cut(AlignedText text, int start, int end);
}

/// <summary>Cuts at white space, which goes.</summary>
internal sealed class WhitespaceSplitter : Splitter
{
    protected override void Cut(AlignedText text, int start, int end)
    {
        ReadOnlySpan<char> characters = text.Characters;
        int word = start;
        for (int i = start; i < end; i++)
        {
            if (char.IsWhiteSpace(characters[i]))
            {
                text.AddPiece(word, i);
                word = i + 1;
            }
        }
        text.AddPiece(word, end);
    }
}

/// <summary>BERT's: cuts at white space, which goes, and makes each punctuation character a word.</summary>
internal sealed class BertPreTokenizer : Splitter
{
    private enum Kind : byte
    {
        Word,
        WhiteSpace,
        Punctuation,
    }

    private static readonly Kind[] Latin = [.. Enumerable.Range(0, 0x250).Select(KindOf)];

    protected override void Cut(AlignedText text, int start, int end)
    {
        ReadOnlySpan<char> characters = text.Characters;
        int word = start;
        for (int i = start; i < end; i++)
        {
            int width = 1;
            char c = characters[i];
            Kind kind = c < Latin.Length ? Latin[c] : KindOf(text.CodePointAt(i, out width));
            if (kind != Kind.Word)
            {
                text.AddPiece(word, i);
                word = i + width;
                if (kind == Kind.Punctuation)
                    text.AddPiece(i, word);
            }
            i += width - 1;
        }
        text.AddPiece(word, end);
    }

    private static Kind KindOf(int codePoint)
    {
        CharacterTraits traits = UnicodeData.Instance[codePoint];
        return (traits & CharacterTraits.WhiteSpace) != 0 ? Kind.WhiteSpace
            : (traits & CharacterTraits.Punctuation) != 0 ? Kind.Punctuation : Kind.Word;
    }
}

/// <summary>What becomes of the delimiters that a text is cut at.</summary>
internal enum DelimiterBehavior
{
    Removed,
    Isolated,
    MergedWithPrevious,
    MergedWithNext,
    Contiguous,
}

/// <summary>Cuts at what a pattern finds.</summary>
/// <param name="pattern">What is a delimiter; where inverted, what is not.</param>
/// <param name="behavior">What becomes of the delimiters.</param>
/// <param name="invert">Whether the delimiters are what lies between the pattern's matches.</param>
internal sealed class PatternSplitter(TextPattern pattern, DelimiterBehavior behavior, bool invert) : Splitter
{
    protected override void Cut(AlignedText text, int start, int end)
    {
        ReadOnlySpan<char> characters = text.Characters[start..end];
        var pieces = new DelimitedPieces(text, start, behavior);
        int at = 0;
        if (pattern.MayMatch(characters))
        {
            foreach (PatternMatch match in pattern.Matches(characters))
            {
                if (match.Start > at)
                    pieces.Add(at, match.Start, invert);
                pieces.Add(match.Start, match.End, !invert);
                at = match.End;
            }
        }
        if (at < characters.Length)
            pieces.Add(at, characters.Length, invert);
        pieces.End();
    }
}

/// <summary>Cuts at characters with some trait, each a delimiter of its own.</summary>
internal sealed class TraitSplitter(CharacterTraits trait, DelimiterBehavior behavior) : Splitter
{
    protected override void Cut(AlignedText text, int start, int end)
    {
        var pieces = new DelimitedPieces(text, start, behavior);
        int at = start;
        for (int i = start, width; i < end; i += width)
        {
            if (!UnicodeData.Instance.Is(text.CodePointAt(i, out width), trait))
                continue;
            if (i > at)
                pieces.Add(at - start, i - start, isDelimiter: false);
            at = i + width;
            pieces.Add(i - start, at - start, isDelimiter: true);
        }
        if (at < end)
            pieces.Add(at - start, end - start, isDelimiter: false);
        pieces.End();
    }
}

/// <summary>Cuts into pieces of as many characters (code points); the last may have fewer.</summary>
internal sealed class FixedLengthSplitter(int length) : Splitter
{
    protected override void Cut(AlignedText text, int start, int end)
    {
        for (int at = start; at < end; start = at)
        {
            for (int count = 0; count < length && at < end; count++)
            {
                text.CodePointAt(at, out int width);
                at += width;
            }
            text.AddPiece(start, at);
        }
    }
}

/// <summary>"\w+|[^\w\s]+": words and runs of symbols; white space goes.</summary>
internal sealed class WordSplitter : Splitter
{
    protected override void Cut(AlignedText text, int start, int end)
    {
        int word = start;
        CharacterTraits current = CharacterTraits.WhiteSpace;
        for (int i = start, width; i < end; i += width)
        {
            CharacterTraits traits = UnicodeData.Instance[text.CodePointAt(i, out width)] & (CharacterTraits.Word | CharacterTraits.WhiteSpace);
            if (traits == current)
                continue;
            if (current != CharacterTraits.WhiteSpace)
                text.AddPiece(word, i);
            word = i;
            current = traits;
        }
        if (current != CharacterTraits.WhiteSpace)
            text.AddPiece(word, end);
    }
}

/// <summary>Takes the parts of a text, delimiters and what lies between them, from left to right, and cuts the text by a behavior.</summary>
internal ref struct DelimitedPieces(AlignedText text, int origin, DelimiterBehavior behavior)
{
    private int _start;
    private int _end = -1; // of a piece that may go on; -1 if there is none
    private bool _endsWithDelimiter;

    public void Add(int start, int end, bool isDelimiter)
    {
        switch (behavior)
        {
            case DelimiterBehavior.Removed:
                if (!isDelimiter)
                    text.AddPiece(origin + start, origin + end);
                return;
            case DelimiterBehavior.Isolated:
                text.AddPiece(origin + start, origin + end);
                return;
        }
        bool joins = _end >= 0 && behavior switch
        {
            DelimiterBehavior.Contiguous => isDelimiter == _endsWithDelimiter,
            DelimiterBehavior.MergedWithPrevious => isDelimiter && !_endsWithDelimiter,
            _ => !isDelimiter && _endsWithDelimiter,
        };
        if (!joins)
        {
            End();
            _start = start;
        }
        _end = end;
        _endsWithDelimiter = isDelimiter;
    }

    public void End()
    {
        if (_end >= 0)
            text.AddPiece(origin + _start, origin + _end);
        _end = -1;
    }
}

/// <summary>Which words get a mark in front that they do not have.</summary>
internal enum PrependScheme
{
    Never,

    /// <summary>The piece that begins the text.</summary>
    First,

    /// <summary>Every piece that comes in.</summary>
    Always,
}

/// <summary>SentencePiece's: spaces become a mark ('▁'), which begins a word.</summary>
internal sealed class MetaspacePreTokenizer(string mark, PrependScheme scheme, bool split) : PreTokenizer
{
    public PrependScheme Scheme => scheme;

    public MetaspacePreTokenizer With(PrependScheme other) => other == scheme ? this : new MetaspacePreTokenizer(mark, other, split);

    public override bool NeedsOffsets => scheme == PrependScheme.First;

    public override void Cut(AlignedText text)
    {
        text.BeginEdit();
        text.BeginCut();
        foreach (Piece piece in text.Pieces)
        {
            text.Drop(piece.Start - text.Read);
            int start = text.Written;
            if (piece.TokenId >= 0)
            {
                text.Keep(piece.End - piece.Start);
                text.AddPiece(start, text.Written, piece.TokenId);
                continue;
            }
            ReadOnlySpan<char> characters = text.Characters[piece.Start..piece.End];
            bool isMarked = characters[0] == ' ' || characters.StartsWith(mark);
            if (!isMarked && (scheme == PrependScheme.Always || (scheme == PrependScheme.First && text.OriginalStart(piece.Start) == 0)))
                text.PutInFront(mark);
            Replace(text, piece.End, ref start);
            text.AddPiece(start, text.Written);
        }
        text.EndEditAndCut();
    }

    private void Replace(AlignedText text, int end, ref int start)
    {
        while (text.Read < end)
        {
            ReadOnlySpan<char> rest = text.Characters[text.Read..end];
            int space = rest.IndexOfAny(' ', mark[0]);
            text.Keep(space < 0 ? rest.Length : space);
            if (space < 0)
                return;
            bool isSpace = rest[space] == ' ';
            if (split && (isSpace || rest[space..].StartsWith(mark)))
            {
                text.AddPiece(start, text.Written);
                start = text.Written;
            }
            if (isSpace && mark.Length == 1)
            {
                text.Rewrite(1)[0] = mark[0];
            }
            else if (isSpace)
            {
                text.Drop(1);
                text.PutAll(mark);
            }
            else
            {
                text.Keep(1);
            }
        }
    }
}

/// <summary>
/// GPT-2's: a space in front if wanted, and words by its expression. The bytes of the words become characters in the
/// model (<see cref="BpeModel"/>), so this must be the last.
/// </summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool splitsWords) : PreTokenizer
{
    public bool AddPrefixSpace => addPrefixSpace;

    public bool SplitsWords => splitsWords;

    public override void Cut(AlignedText text)
    {
        if (addPrefixSpace)
            PutSpaceInFront(text);
        if (!splitsWords)
            return;
        text.BeginCut();
        foreach (Piece piece in text.Pieces)
        {
            if (piece.TokenId >= 0)
            {
                text.AddPiece(piece.Start, piece.End, piece.TokenId);
                continue;
            }
            ReadOnlySpan<char> characters = text.Characters[..piece.End];
            for (int start = piece.Start, end; start < piece.End; start = end)
            {
                end = Gpt2Splitter.EndOfWord(characters, start);
                text.AddPiece(start, end);
            }
        }
        text.EndCut();
    }

    private static void PutSpaceInFront(AlignedText text)
    {
        text.BeginEdit();
        text.BeginCut();
        foreach (Piece piece in text.Pieces)
        {
            text.Drop(piece.Start - text.Read);
            int start = text.Written;
            if (piece.TokenId < 0 && text.Characters[piece.Start] != ' ')
                text.PutInFront(" ");
            text.Keep(piece.End - text.Read);
            text.AddPiece(start, text.Written, piece.TokenId);
        }
        text.EndEditAndCut();
    }
}
