using System.Collections.Frozen;
using System.IO.Compression;

namespace SentimentML.Tokenization;

/// <summary>What a tokenizer has to know of a character.</summary>
[Flags]
internal enum CharacterTraits : ushort
{
    None = 0,
    Other = 1 << 0,
    NonspacingMark = 1 << 1,
    Punctuation = 1 << 2,
    CombiningMark = 1 << 3,
    Number = 1 << 4,

    /// <summary>"\w" of Rust's expressions.</summary>
    Word = 1 << 5,
    WhiteSpace = 1 << 6,

    /// <summary>Has a lower case of its own.</summary>
    Cased = 1 << 7,
    Chinese = 1 << 8,

    /// <summary>Not the same in the form, or joined with what precedes it: text without such a character is in the form.</summary>
    ChangesInNfd = 1 << 9,
    ChangesInNfc = 1 << 10,
    ChangesInNfkd = 1 << 11,
    ChangesInNfkc = 1 << 12,
}

/// <summary>
/// Unicode's data in the versions that huggingface/tokenizers is built on: categories of Unicode 8 in BertNormalizer and
/// BertPreTokenizer, decompositions of Unicode 9, lower case and numbers of Rust's standard library. .NET's own data is
/// newer in parts and older in others, and its normalization needs ICU, which is not everywhere. UnicodeData.bin.br was
/// made by asking tokenizers 0.23 about every code point; the tests ask it again.
/// </summary>
internal sealed class UnicodeData
{
    private const int CodePoints = 0x110000, PageSize = 256;
    private const int HangulBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28;

    private static readonly Lazy<UnicodeData> Loaded = new(Load);

    private readonly byte[] _pageOf = new byte[CodePoints / PageSize];
    private readonly CharacterTraits[] _pages;
    private readonly FrozenDictionary<int, int> _lowerCase;
    private readonly FrozenDictionary<int, byte> _combiningClasses;
    private readonly FrozenDictionary<int, int[]> _canonical;
    private readonly FrozenDictionary<int, int[]> _compatible; // those that are not the canonical ones
    private readonly FrozenDictionary<long, int> _compositions;

    private UnicodeData(Reader reader)
    {
        var traits = new CharacterTraits[CodePoints];
        foreach (CharacterTraits trait in (ReadOnlySpan<CharacterTraits>)[CharacterTraits.Other, CharacterTraits.NonspacingMark, CharacterTraits.Punctuation,
            CharacterTraits.CombiningMark, CharacterTraits.Number, CharacterTraits.Word])
            reader.Ranges((first, last) => Mark(traits, first, last, trait));
        _combiningClasses = reader.Map(_ => (byte)reader.Number()).ToFrozenDictionary();
        _lowerCase = reader.Map(codePoint => codePoint + reader.SignedNumber()).ToFrozenDictionary();
        _canonical = reader.Map(_ => reader.Numbers()).ToFrozenDictionary();
        _compatible = reader.Map(_ => reader.Numbers()).ToFrozenDictionary();
        _compositions = reader.Compositions().ToFrozenDictionary();

        foreach ((int first, int last) in (ReadOnlySpan<(int, int)>)[(0x9, 0xD), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680),
            (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)])
            Mark(traits, first, last, CharacterTraits.WhiteSpace);
        foreach ((int first, int last) in (ReadOnlySpan<(int, int)>)[(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
            (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)])
            Mark(traits, first, last, CharacterTraits.Chinese);
        foreach (int cased in _lowerCase.Keys)
            traits[cased] |= CharacterTraits.Cased;
        traits[0x130] |= CharacterTraits.Cased; // İ: two characters in lower case
        MarkForms(traits);
        _pages = Pages(traits);
    }

    public static UnicodeData Instance => Loaded.Value;

    public CharacterTraits this[int codePoint] => _pages[_pageOf[codePoint >> 8] << 8 | codePoint & 0xFF];

    public bool Is(int codePoint, CharacterTraits trait) => (this[codePoint] & trait) != 0;

    /// <summary>The lower case of a character; of İ (U+0130), which has two, the first.</summary>
    public int LowerCase(int codePoint) => codePoint == 0x130 ? 'i' : _lowerCase.GetValueOrDefault(codePoint, codePoint);

    public byte CombiningClass(int codePoint) => _combiningClasses.GetValueOrDefault(codePoint);

    /// <summary>Writes the whole decomposition of a character.</summary>
    /// <returns>How many characters it has, at most 18.</returns>
    public int Decompose(int codePoint, bool compatible, Span<int> destination)
    {
        int syllable = codePoint - HangulBase;
        if ((uint)syllable < LCount * VCount * TCount)
        {
            destination[0] = LBase + syllable / (VCount * TCount);
            destination[1] = VBase + syllable % (VCount * TCount) / TCount;
            destination[2] = TBase + syllable % TCount;
            return syllable % TCount == 0 ? 2 : 3;
        }
        if ((compatible && _compatible.TryGetValue(codePoint, out int[]? parts)) || _canonical.TryGetValue(codePoint, out parts))
        {
            parts.CopyTo(destination);
            return parts.Length;
        }
        destination[0] = codePoint;
        return 1;
    }

    /// <summary>The character that two make together, or -1.</summary>
    public int Compose(int first, int second)
    {
        int l = first - LBase, v = second - VBase, lv = first - HangulBase, t = second - TBase;
        if ((uint)l < LCount && (uint)v < VCount)
            return HangulBase + (l * VCount + v) * TCount;
        if ((uint)lv < LCount * VCount * TCount && lv % TCount == 0 && t > 0 && t < TCount)
            return first + t;
        return _compositions.GetValueOrDefault((long)first << 32 | (uint)second, -1);
    }

    private static void Mark(CharacterTraits[] traits, int first, int last, CharacterTraits trait)
    {
        for (int c = first; c <= last; c++)
            traits[c] |= trait;
    }

    private void MarkForms(CharacterTraits[] traits)
    {
        const CharacterTraits All = CharacterTraits.ChangesInNfd | CharacterTraits.ChangesInNfc | CharacterTraits.ChangesInNfkd | CharacterTraits.ChangesInNfkc;
        const CharacterTraits Composed = CharacterTraits.ChangesInNfc | CharacterTraits.ChangesInNfkc;
        var seconds = new HashSet<int>(_compositions.Keys.Select(pair => (int)pair));
        seconds.UnionWith(Enumerable.Range(VBase, VCount));
        seconds.UnionWith(Enumerable.Range(TBase + 1, TCount - 1));
        foreach (int c in _combiningClasses.Keys)
            traits[c] |= All;
        foreach (int c in seconds)
            traits[c] |= Composed;
        Mark(traits, HangulBase, HangulBase + LCount * VCount * TCount - 1, CharacterTraits.ChangesInNfd | CharacterTraits.ChangesInNfkd);
        foreach ((int c, int[] parts) in _canonical)
        {
            traits[c] |= CharacterTraits.ChangesInNfd | CharacterTraits.ChangesInNfkd;
            if (Recomposed(parts) != c || traits[parts[0]].HasFlag(CharacterTraits.ChangesInNfc))
                traits[c] |= Composed;
        }
        foreach (int c in _compatible.Keys)
            traits[c] |= CharacterTraits.ChangesInNfkd | CharacterTraits.ChangesInNfkc;
    }

    /// <summary>The one character that parts compose to, or -1.</summary>
    private int Recomposed(int[] parts)
    {
        int composed = parts[0];
        foreach (int part in parts.AsSpan(1))
            composed = composed < 0 ? -1 : Compose(composed, part);
        return composed;
    }

    private CharacterTraits[] Pages(CharacterTraits[] traits)
    {
        var pages = new List<CharacterTraits[]>();
        for (int page = 0; page < _pageOf.Length; page++)
        {
            Span<CharacterTraits> characters = traits.AsSpan(page * PageSize, PageSize);
            int same = 0;
            while (same < pages.Count && !characters.SequenceEqual(pages[same]))
                same++;
            if (same == pages.Count)
                pages.Add(characters.ToArray());
            _pageOf[page] = checked((byte)same);
        }
        return [.. pages.SelectMany(page => page)];
    }

    private static UnicodeData Load()
    {
        using Stream resource = typeof(UnicodeData).Assembly.GetManifestResourceStream("SentimentML.UnicodeData.bin.br")!;
        using var stream = new BrotliStream(resource, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return new UnicodeData(new Reader(bytes.ToArray()));
    }

    /// <summary>Numbers of seven bits a byte, code points as the distance to the one before.</summary>
    private sealed class Reader(byte[] bytes)
    {
        private int _at;

        public void Ranges(Action<int, int> add)
        {
            int at = 0;
            for (int count = Number(); count > 0; count--)
            {
                int first = at + Number();
                at = first + Number();
                add(first, at);
            }
        }

        /// <summary>Code points with a value each, which <paramref name="readValue"/> reads.</summary>
        public Dictionary<int, T> Map<T>(Func<int, T> readValue)
        {
            var map = new Dictionary<int, T>();
            foreach (int codePoint in CodePoints())
                map.Add(codePoint, readValue(codePoint));
            return map;
        }

        public Dictionary<long, int> Compositions()
        {
            var map = new Dictionary<long, int>();
            foreach (int first in CodePoints())
            {
                long pair = (long)first << 32 | (uint)Number();
                map.Add(pair, Number());
            }
            return map;
        }

        public int[] Numbers()
        {
            var numbers = new int[Number()];
            for (int i = 0; i < numbers.Length; i++)
                numbers[i] = Number();
            return numbers;
        }

        public int SignedNumber()
        {
            int number = Number();
            return number >> 1 ^ -(number & 1);
        }

        public int Number()
        {
            int value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = bytes[_at++];
                value |= (next & 0x7F) << shift;
                if (next < 0x80)
                    return value;
            }
        }

        /// <summary>The code points of a list. The caller reads what belongs to one before it asks for the next.</summary>
        private IEnumerable<int> CodePoints()
        {
            int codePoint = 0;
            for (int count = Number(); count > 0; count--)
                yield return codePoint += Number();
        }
    }
}
