using System.Text;

namespace SentimentML.Tokenization;

/// <summary>Rewrites a text before it is cut. Each follows the normalizer of its name in huggingface/tokenizers.</summary>
internal abstract class Normalizer
{
    public abstract void Normalize(AlignedText text);

    /// <summary>A text that stands alone, normalized: an added token's content.</summary>
    public string Normalize(string text)
    {
        AlignedText aligned = AlignedText.Of(text, 0, track: false);
        Normalize(aligned);
        return aligned.Characters.ToString();
    }
}

internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> normalizers) : Normalizer
{
    public override void Normalize(AlignedText text)
    {
        foreach (Normalizer normalizer in normalizers)
            normalizer.Normalize(text);
    }
}

/// <summary>Each character in lower case.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    public override void Normalize(AlignedText text) => Lower(text);

    public static void Lower(AlignedText text)
    {
        UnicodeData unicode = UnicodeData.Instance;
        int at = text.IndexOf(CharacterTraits.Cased, 0);
        if (at < 0)
            return;
        text.BeginEdit();
        for (; at >= 0; at = text.IndexOf(CharacterTraits.Cased, text.Read))
        {
            text.Keep(at - text.Read);
            int codePoint = text.CodePointAt(at, out _);
            text.Put(unicode.LowerCase(codePoint), 0);
            if (codePoint == 0x130)
                text.Put(0x307, 1);
        }
        text.EndEdit();
    }
}

/// <summary>Takes out combining marks.</summary>
internal sealed class StripAccentsNormalizer : Normalizer
{
    public override void Normalize(AlignedText text) => text.Remove(CharacterTraits.CombiningMark);
}

/// <summary>Takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters;
        int start = 0, end = characters.Length;
        while (left && start < end && char.IsWhiteSpace(characters[start]))
            start++;
        while (right && end > start && char.IsWhiteSpace(characters[end - 1]))
            end--;
        if (start == 0 && end == characters.Length)
            return;
        int rest = characters.Length - end;
        text.BeginEdit();
        text.Drop(start);
        text.Keep(end - start);
        text.Drop(rest);
        text.EndEdit();
    }
}

/// <summary>Puts characters in front of a text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override void Normalize(AlignedText text)
    {
        if (text.Length == 0 || prefix.Length == 0)
            return;
        text.BeginEdit();
        text.PutInFront(prefix);
        text.EndEdit();
    }
}

/// <summary>SentencePiece's "nmt" rules: control characters go, other kinds of space become spaces.</summary>
internal sealed class NmtNormalizer : Normalizer
{
    public override void Normalize(AlignedText text)
    {
        text.BeginEdit();
        while (text.Read < text.Length)
        {
            int codePoint = text.CodePointAt(text.Read, out int width);
            switch (codePoint)
            {
                case (>= 0x1 and <= 0x8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F:
                    text.Drop(1);
                    break;
                case 0x9 or 0xA or 0xC or 0xD or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD:
                    text.Put(' ', 0);
                    break;
                default:
                    text.Keep(width);
                    break;
            }
        }
        text.EndEdit();
    }
}

/// <summary>Each byte of the text in UTF-8 as its character of the byte-level alphabet, of which the model's tokens then are.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    public override void Normalize(AlignedText text)
    {
        Span<byte> bytes = stackalloc byte[4];
        text.BeginEdit();
        while (text.Read < text.Length)
        {
            int count = new Rune(text.CodePointAt(text.Read, out _)).EncodeToUtf8(bytes);
            for (int i = 0; i < count; i++)
                text.Put(ByteLevelAlphabet.CharacterOf(bytes[i]), i == 0 ? 0 : 1);
        }
        text.EndEdit();
    }
}

/// <summary>Replaces what a pattern finds.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    /// <summary>Twice the longest row of a file. A few replacements that each double a text would fill the memory.</summary>
    internal const int MaxGrownLength = 1 << 25;

    public override void Normalize(AlignedText text)
    {
        if (!pattern.MayMatch(text.Characters))
            return;
        bool isEdited = false;
        long grown = 0;
        foreach (PatternMatch match in pattern.Matches(text.Characters))
        {
            if (!isEdited)
                text.BeginEdit();
            isEdited = true;
            text.Keep(match.Start - text.Read);
            text.Drop(match.End - match.Start);
            text.PutAll(content);
            grown += content.Length - (match.End - match.Start);
            if (grown > 0 && text.Length + grown > MaxGrownLength)
                throw new SentimentMLException($"The tokenizer's normalizer makes a text of more than {MaxGrownLength} characters, by a replacement of "
                    + $"{content.Length} characters. Its tokenizer.json is damaged: download it again.");
        }
        if (isEdited)
            text.EndEdit();
    }
}

internal static class TextTraits
{
    /// <summary>The first character from a unit on that has one of the traits; -1 if none has.</summary>
    public static int IndexOf(this AlignedText text, CharacterTraits traits, int from)
    {
        UnicodeData unicode = UnicodeData.Instance;
        ReadOnlySpan<char> characters = text.Characters;
        for (int i = from; i < characters.Length; i++)
        {
            int codePoint = characters[i];
            if (char.IsHighSurrogate((char)codePoint))
                codePoint = char.ConvertToUtf32((char)codePoint, characters[i + 1]);
            if (unicode.Is(codePoint, traits))
                return i;
            if (codePoint > char.MaxValue)
                i++;
        }
        return -1;
    }

    /// <summary>Takes out the characters with one of the traits.</summary>
    public static void Remove(this AlignedText text, CharacterTraits traits)
    {
        int at = text.IndexOf(traits, 0);
        if (at < 0)
            return;
        text.BeginEdit();
        for (; at >= 0; at = text.IndexOf(traits, text.Read))
        {
            text.Keep(at - text.Read);
            text.CodePointAt(at, out int width);
            text.Drop(width);
        }
        text.EndEdit();
    }
}
