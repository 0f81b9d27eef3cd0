using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>
/// Byte-pair encoding (arXiv 1508.07909): a word's characters, or its UTF-8 bytes, are the first symbols, and the pair of
/// neighbours with the lowest rank merges (the leftmost of equal ones) until none does.
/// </summary>
internal sealed class BpeModel : TokenModel
{
    private const int LongestScannedWord = 128; // symbols; longer ones go through a queue

    private readonly int[] _byteTokens = new int[256]; // of a byte's character in the byte-level alphabet, or of <0x00> to <0xFF>
    private readonly int[] _characterTokens = []; // of characters up to U+FFFF that are alone in a word or have no affix
    private readonly JoinFilter? _joins; // null where a word is not encoded in parts
    private readonly bool _isByteLevel;
    private readonly int? _unknownId;

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="merges">The merges.</param>
    /// <param name="options">How words are read.</param>
    public BpeModel(Dictionary<string, int> vocabulary, MergeTable merges, BpeModelOptions options)
        : base(vocabulary)
    {
        Merges = merges;
        Options = options;
        _isByteLevel = options.IsByteLevel;
        _unknownId = options.UnknownToken is null ? null : vocabulary[options.UnknownToken];
        for (int b = 0; b < 256; b++)
        {
            string token = _isByteLevel ? ByteLevelAlphabet.CharacterOf((byte)b).ToString() : string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>");
            _byteTokens[b] = vocabulary.GetValueOrDefault(token, -1);
        }
        HasAllBytes = Array.IndexOf(_byteTokens, -1) < 0;
        if (_isByteLevel)
            return;
        if (!options.IgnoreMerges && options.ContinuingPrefix.Length + options.EndSuffix.Length == 0)
            _joins = new JoinFilter(vocabulary, merges);
        _characterTokens = new int[char.MaxValue + 1];
        Array.Fill(_characterTokens, -1);
        foreach ((string token, int id) in vocabulary)
        {
            if (token.Length == 1)
                _characterTokens[token[0]] = id;
        }
    }

    public MergeTable Merges { get; }

    public BpeModelOptions Options { get; }

    public override string? UnknownToken => Options.UnknownToken;

    /// <summary>Whether every byte has a token, so that no text is unknown.</summary>
    public bool HasAllBytes { get; }

    protected override EncodedWord EncodeNew(ReadOnlySpan<char> word, string text) =>
        _isByteLevel ? EncodeBytes(word, text) : EncodeCharacters(word, text);

    [SkipLocalsInit]
    private EncodedWord EncodeBytes(ReadOnlySpan<char> word, string text)
    {
        int longest = checked(word.Length * 3);
        byte[]? rented = null;
        Span<byte> bytes = longest <= LongestScannedWord * 3
            ? stackalloc byte[LongestScannedWord * 3]
            : rented = ArrayPool<byte>.Shared.Rent(longest);
        bytes = bytes[..Encoding.UTF8.GetBytes(word, bytes)];
        EncodedWord encoded = Options.IgnoreMerges && WholeWord(bytes) is { } whole
            ? new EncodedWord(text, [whole], [0], [word.Length])
            : Located(Merge(ByteSymbols(bytes)), word, text);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return encoded;
    }

    private int? WholeWord(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
            characters[i] = ByteLevelAlphabet.CharacterOf(bytes[i]);
        return TryGetId(characters, out int id) ? id : null;
    }

    /// <summary>One symbol a byte. A byte that the vocabulary lacks becomes the unknown token, or is left out if the model has none.</summary>
    private Symbol[] ByteSymbols(ReadOnlySpan<byte> bytes)
    {
        var symbols = new SymbolList(bytes.Length, Options.FuseUnknown);
        bool isGone = false;
        foreach (byte value in bytes)
        {
            int id = _byteTokens[value];
            if (id >= 0)
                symbols.Add(id, 1);
            else if (_unknownId is { } unknown)
                symbols.AddUnknown(unknown, 1);
            else
                isGone = true;
        }
        symbols.AddWaiting();
        return isGone ? AsTheReferenceCounts(bytes) : symbols.ToArray();
    }

    /// <summary>
    /// Where bytes vanish, the reference counts what is left, in bytes of the byte-level alphabet, of which a part takes two:
    /// tokens behind seem to come from further in front.
    /// </summary>
    private Symbol[] AsTheReferenceCounts(ReadOnlySpan<byte> bytes)
    {
        var ofByte = new List<int>(); // which byte each byte of the alphabet's text belongs to
        for (int i = 0; i < bytes.Length; i++)
        {
            ofByte.Add(i);
            if (ByteLevelAlphabet.CharacterOf(bytes[i]) >= 0x80)
                ofByte.Add(i);
        }
        var symbols = new List<Symbol>();
        int at = 0;
        foreach (byte value in bytes)
        {
            if (_byteTokens[value] < 0)
                continue;
            int next = at + (ByteLevelAlphabet.CharacterOf(value) < 0x80 ? 1 : 2);
            symbols.Add(new Symbol { Id = _byteTokens[value], Start = ofByte[at], End = ofByte[next - 1] + 1 });
            at = next;
        }
        return [.. symbols];
    }

    private EncodedWord EncodeCharacters(ReadOnlySpan<char> word, string text)
    {
        if (Options.IgnoreMerges && TryGetId(word, out int whole))
            return new EncodedWord(text, [whole], [0], [word.Length]);
        return _joins is not null && word.Length > LongestKeptWord && EncodeInParts(word, _joins) is { } encoded
            ? encoded
            : Located(Merge(CharacterSymbols(word)), word, text);
    }

    /// <summary>
    /// Cuts a long word, which may be a whole text, where no merge can reach across: the parts' tokens are the word's, and
    /// the parts are words that come again and again. Null where it cannot be cut, or where characters vanish: where their
    /// neighbours come from depends on all that is before (<see cref="Located"/>).
    /// </summary>
    private EncodedWord? EncodeInParts(ReadOnlySpan<char> word, JoinFilter joins)
    {
        bool vanishes = _unknownId is null && !(Options.ByteFallback && HasAllBytes);
        var ids = new List<int>(word.Length / 2);
        var starts = new List<int>(word.Length / 2);
        var ends = new List<int>(word.Length / 2);
        int start = 0;
        bool isKnown = false; // the character before
        for (int i = 0, width; i < word.Length; i += width)
        {
            width = char.IsHighSurrogate(word[i]) ? 2 : 1;
            bool isNextKnown = IdOf(word.Slice(i, width), isFirst: false, isLast: false) >= 0;
            if (vanishes && !isNextKnown)
                return null;
            if (isKnown && isNextKnown && !joins.MayJoin(word[i - 1], word[i]))
                Add(word, ref start, i);
            isKnown = isNextKnown;
        }
        if (start == 0)
            return null;
        Add(word, ref start, word.Length);
        return new EncodedWord("", [.. ids], [.. starts], [.. ends]);

        void Add(ReadOnlySpan<char> word, ref int start, int end)
        {
            ReadOnlySpan<char> characters = word[start..end];
            EncodedWord part = characters.Length <= LongestKeptWord ? Encode(characters) : Located(Merge(CharacterSymbols(characters)), characters, "");
            ids.AddRange(part.Ids);
            for (int i = 0; i < part.Ids.Length; i++)
            {
                starts.Add(start + part.Starts[i]);
                ends.Add(start + part.Ends[i]);
            }
            start = end;
        }
    }

    /// <summary>One symbol a character, or one each of its bytes where the vocabulary lacks it.</summary>
    private Symbol[] CharacterSymbols(ReadOnlySpan<char> word)
    {
        var symbols = new SymbolList(word.Length, Options.FuseUnknown);
        for (int i = 0, width; i < word.Length; i += width)
        {
            char c = word[i];
            width = char.IsHighSurrogate(c) ? 2 : 1;
            int bytes = c < 0x80 ? 1 : c < 0x800 ? 2 : width == 1 ? 3 : 4;
            int id = IdOf(word.Slice(i, width), isFirst: i == 0, isLast: i + width == word.Length);
            if (id >= 0)
                symbols.Add(id, bytes);
            else if (Options.ByteFallback && TryAddBytes(word.Slice(i, width), ref symbols))
                continue;
            else if (_unknownId is { } unknown)
                symbols.AddUnknown(unknown, bytes);
        }
        symbols.AddWaiting();
        return symbols.ToArray();
    }

    private int IdOf(ReadOnlySpan<char> character, bool isFirst, bool isLast)
    {
        string prefix = isFirst ? "" : Options.ContinuingPrefix, suffix = isLast ? Options.EndSuffix : "";
        if (prefix.Length + suffix.Length > 0)
            return TryGetId(string.Concat(prefix, character, suffix), out int affixed) ? affixed : -1;
        return character.Length == 1 ? _characterTokens[character[0]] : TryGetId(character, out int id) ? id : -1;
    }

    private bool TryAddBytes(ReadOnlySpan<char> character, ref SymbolList symbols)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..Encoding.UTF8.GetBytes(character, bytes)];
        foreach (byte value in bytes)
        {
            if (_byteTokens[value] < 0)
                return false;
        }
        foreach (byte value in bytes)
            symbols.AddInFrontOfWaiting(_byteTokens[value], 1);
        return true;
    }

    private Symbol[] Merge(Symbol[] symbols)
    {
        int count = symbols.Length <= LongestScannedWord
            ? BytePairMerging.ByScanning(symbols, Merges)
            : BytePairMerging.ByQueue(symbols, Merges);
        return count == symbols.Length ? symbols : symbols[..count];
    }

    /// <summary>The symbols as tokens, at the characters that their bytes are of.</summary>
    private static EncodedWord Located(Symbol[] symbols, ReadOnlySpan<char> word, string text)
    {
        int[] ids = new int[symbols.Length], starts = new int[symbols.Length], ends = new int[symbols.Length];
        int at = 0, bytes = 0; // the character at hand, and where it begins in the word's UTF-8
        for (int i = 0; i < symbols.Length; i++)
        {
            GoTo(symbols[i].Start, word, ref at, ref bytes);
            int last = at, lastBytes = bytes;
            GoTo(symbols[i].End - 1, word, ref last, ref lastBytes);
            (ids[i], starts[i], ends[i]) = (symbols[i].Id, at, last + (char.IsHighSurrogate(word[last]) ? 2 : 1));
        }
        return new EncodedWord(text, ids, starts, ends);
    }

    /// <summary>Advances to the character that contains the byte.</summary>
    private static void GoTo(int toByte, ReadOnlySpan<char> word, ref int at, ref int bytes)
    {
        while (true)
        {
            char c = word[at];
            bool isPair = char.IsHighSurrogate(c);
            int length = c < 0x80 ? 1 : c < 0x800 ? 2 : isPair ? 4 : 3;
            if (bytes + length > toByte)
                return;
            at += isPair ? 2 : 1;
            bytes += length;
        }
    }

    /// <summary>
    /// The first symbols of a word. An unknown character waits for the next known one, as in the reference: unknown ones
    /// side by side become one token where they are fused, and byte tokens go in front of one that waits.
    /// </summary>
    private struct SymbolList(int capacity, bool fuse)
    {
        private Symbol[] _symbols = new Symbol[capacity];
        private int _count, _at;
        private int _waitingId = -1, _waitingLength;

        public void Add(int id, int length)
        {
            AddWaiting();
            AddInFrontOfWaiting(id, length);
        }

        public void AddUnknown(int id, int length)
        {
            if (_waitingId >= 0 && fuse)
            {
                _waitingLength += length;
                return;
            }
            AddWaiting();
            (_waitingId, _waitingLength) = (id, length);
        }

        public void AddWaiting()
        {
            if (_waitingId >= 0)
                AddInFrontOfWaiting(_waitingId, _waitingLength);
            _waitingId = -1;
        }

        public void AddInFrontOfWaiting(int id, int length)
        {
            if (_count == _symbols.Length)
                Array.Resize(ref _symbols, _count * 2 + 4);
            _symbols[_count++] = new Symbol { Id = id, Start = _at, End = _at + length };
            _at += length;
        }

        public readonly Symbol[] ToArray() => _count == _symbols.Length ? _symbols : _symbols[.._count];
    }
}

/// <summary>
/// Which characters merges put side by side: the last of a left token and the first of a right one. Says of some others too
/// that they may join, never of one of these that it may not.
/// </summary>
internal sealed class JoinFilter
{
    private const int Bits = 20;
    private readonly ulong[] _pairs = new ulong[1 << (Bits - 6)];

    public JoinFilter(Dictionary<string, int> vocabulary, MergeTable merges)
    {
        var tokens = new Dictionary<int, string>(vocabulary.Count);
        foreach ((string token, int id) in vocabulary)
            tokens[id] = token;
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (int left, int right) = merges.PairOf(rank);
            if (tokens[left] is { Length: > 0 } first && tokens[right] is { Length: > 0 } second)
            {
                int bit = BitOf(first[^1], second[0]);
                _pairs[bit >> 6] |= 1UL << bit;
            }
        }
    }

    public bool MayJoin(char left, char right)
    {
        int bit = BitOf(left, right);
        return (_pairs[bit >> 6] >> bit & 1) != 0;
    }

    private static int BitOf(char left, char right) => (int)(((uint)left << 16 | right) * 0x9E3779B1u >> (32 - Bits));
}

/// <summary>How byte-pair encoding reads words.</summary>
internal sealed record BpeModelOptions
{
    /// <summary>Whether the first symbols are bytes, written in the byte-level alphabet.</summary>
    public bool IsByteLevel { get; init; }

    /// <summary>What a character becomes that the vocabulary lacks; null where such a character is left out. In the vocabulary.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Whether unknown characters side by side become one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether a character that the vocabulary lacks becomes its bytes, written &lt;0x00&gt; to &lt;0xFF&gt;.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is itself in the vocabulary is taken whole.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>What is in front of every character of a word but the first.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>What is behind the last character of a word.</summary>
    public string EndSuffix { get; init; } = "";
}
