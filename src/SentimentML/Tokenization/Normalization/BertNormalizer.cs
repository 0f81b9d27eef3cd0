namespace SentimentML.Tokenization;

/// <summary>
/// BERT's: cleans the text of control characters and makes all white space spaces, sets Chinese characters apart, takes
/// off accents (NFD without nonspacing marks), and makes the text lower case.
/// </summary>
internal sealed class BertNormalizer : Normalizer
{
    private const int LatinEnd = 0x250;
    private const char Removed = '\uFFFF', NotOneCharacter = '\uFFFE';

    private readonly bool _cleanText, _handleChineseCharacters, _stripAccents, _lowercase;
    private readonly Normalizer _decompose = new UnicodeNormalizer(compatible: false, compose: false);

    /// <summary>What becomes of a Latin character: Spanish text is made of them, and takes one pass.</summary>
    private readonly char[] _latin = new char[LatinEnd];

    public BertNormalizer(bool cleanText, bool handleChineseCharacters, bool stripAccents, bool lowercase)
    {
        (_cleanText, _handleChineseCharacters, _stripAccents, _lowercase) = (cleanText, handleChineseCharacters, stripAccents, lowercase);
        for (int c = 0; c < LatinEnd; c++)
        {
            AlignedText text = AlignedText.Of([(char)c], 0, track: false);
            NormalizeInSteps(text);
            _latin[c] = text.Length switch { 0 => Removed, 1 => text.Characters[0], _ => NotOneCharacter };
        }
    }

    public override void Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters;
        int same = 0;
        while (same < characters.Length && characters[same] < LatinEnd && _latin[characters[same]] == characters[same])
            same++;
        if (same == characters.Length)
            return;
        if (!IsLatin(characters[same..]))
        {
            NormalizeInSteps(text);
            return;
        }
        text.BeginEdit();
        while (text.Read < text.Length)
        {
            int start = text.Read, end = start;
            while (end < characters.Length && _latin[characters[end]] != Removed)
                end++;
            Span<char> rewritten = text.Rewrite(end - start);
            for (int i = 0; i < rewritten.Length; i++)
                rewritten[i] = _latin[rewritten[i]];
            if (end < characters.Length)
                text.Drop(1);
        }
        text.EndEdit();
    }

    private bool IsLatin(ReadOnlySpan<char> characters)
    {
        foreach (char c in characters)
        {
            if (c >= LatinEnd || _latin[c] == NotOneCharacter)
                return false;
        }
        return true;
    }

    private void NormalizeInSteps(AlignedText text)
    {
        if (_cleanText)
            Clean(text);
        if (_handleChineseCharacters)
            SetChineseApart(text);
        if (_stripAccents)
        {
            _decompose.Normalize(text);
            text.Remove(CharacterTraits.NonspacingMark);
        }
        if (_lowercase)
            LowercaseNormalizer.Lower(text);
    }

    private static void Clean(AlignedText text)
    {
        UnicodeData unicode = UnicodeData.Instance;
        text.BeginEdit();
        while (text.Read < text.Length)
        {
            int codePoint = text.CodePointAt(text.Read, out int width);
            CharacterTraits traits = unicode[codePoint];
            if ((traits & CharacterTraits.WhiteSpace) != 0 && codePoint is '\t' or '\n' or '\r')
                text.Put(' ', 0);
            else if (codePoint is 0 or 0xFFFD || (traits & CharacterTraits.Other) != 0)
                text.Drop(width);
            else if ((traits & CharacterTraits.WhiteSpace) != 0)
                text.Put(' ', 0);
            else
                text.Keep(width);
        }
        text.EndEdit();
    }

    private static void SetChineseApart(AlignedText text)
    {
        int at = text.IndexOf(CharacterTraits.Chinese, 0);
        if (at < 0)
            return;
        text.BeginEdit();
        for (; at >= 0; at = text.IndexOf(CharacterTraits.Chinese, text.Read))
        {
            text.Keep(at - text.Read);
            int codePoint = text.CodePointAt(at, out _);
            text.Put(' ', 0);
            text.Put(codePoint, 1);
            text.Put(' ', 1);
        }
        text.EndEdit();
    }
}
