using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>
/// Byte-pair encoding of single words: the word's UTF-8 bytes are the first symbols, and the pair of neighbours with the
/// lowest rank merges (the leftmost of equal ones) until none does. Words come again and again, so the last ones are
/// kept: a table of fixed size that all threads share without a lock, each slot one reference that is written whole.
/// </summary>
internal sealed class ByteLevelBpe
{
    private const int KeptWords = 1 << 16;
    private const int LongestKeptWord = 48; // characters
    private const int LongestScannedWord = 128; // bytes; longer ones go through a queue

    private readonly BpeModel _model;
    private readonly int[] _byteTokens = new int[256];
    private readonly EncodedWord?[] _kept = new EncodedWord?[KeptWords];

    public ByteLevelBpe(BpeModel model)
    {
        _model = model;
        for (int b = 0; b < 256; b++)
            _byteTokens[b] = model.TryGetId([ByteLevelAlphabet.CharacterOf((byte)b)], out int id) ? id : -1;
    }

    public EncodedWord Encode(ReadOnlySpan<char> word)
    {
        if (word.Length > LongestKeptWord)
            return EncodeAnew(word, keep: false);
        ref EncodedWord? slot = ref _kept[HashOf(word) & (KeptWords - 1)];
        EncodedWord? kept = Volatile.Read(ref slot);
        if (kept is not null && word.SequenceEqual(kept.Text))
            return kept;
        EncodedWord encoded = EncodeAnew(word, keep: true);
        Volatile.Write(ref slot, encoded);
        return encoded;
    }

    /// <summary>Quick, no more: words that fall into one slot only push each other out.</summary>
    private static int HashOf(ReadOnlySpan<char> word)
    {
        const ulong Prime = 0x9E3779B97F4A7C15;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(word);
        ulong hash = (ulong)bytes.Length;
        for (; bytes.Length >= 8; bytes = bytes[8..])
            hash = (ulong.RotateLeft(hash, 5) ^ MemoryMarshal.Read<ulong>(bytes)) * Prime;
        if (bytes.Length >= 4)
        {
            hash = (ulong.RotateLeft(hash, 5) ^ MemoryMarshal.Read<uint>(bytes)) * Prime;
            bytes = bytes[4..];
        }
        if (bytes.Length >= 2)
            hash = (ulong.RotateLeft(hash, 5) ^ MemoryMarshal.Read<ushort>(bytes)) * Prime;
        return (int)(hash >> 40);
    }

    [SkipLocalsInit]
    private EncodedWord EncodeAnew(ReadOnlySpan<char> word, bool keep)
    {
        int longest = checked(word.Length * 3);
        byte[]? rented = null;
        Span<byte> bytes = longest <= LongestScannedWord * 3
            ? stackalloc byte[LongestScannedWord * 3]
            : rented = ArrayPool<byte>.Shared.Rent(longest);
        bytes = bytes[..Encoding.UTF8.GetBytes(word, bytes)]; // a lone surrogate becomes U+FFFD here

        string text = keep ? word.ToString() : "";
        EncodedWord encoded = _model.IgnoreMerges && WholeWord(bytes) is { } whole
            ? new EncodedWord(text, [whole], [0], [bytes.Length])
            : Merge(text, Symbols(bytes));
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return encoded;
    }

    private int? WholeWord(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[bytes.Length];
        for (int i = 0; i < bytes.Length; i++)
            characters[i] = ByteLevelAlphabet.CharacterOf(bytes[i]);
        return _model.TryGetId(characters, out int id) ? id : null;
    }

    /// <summary>One symbol a byte. A byte that the vocabulary lacks becomes the unknown token, or nothing where there is none.</summary>
    private Symbol[] Symbols(ReadOnlySpan<byte> bytes)
    {
        var symbols = new Symbol[bytes.Length];
        int count = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            int id = _byteTokens[bytes[i]];
            if (id < 0 && _model.UnknownId is { } unknown)
            {
                if (_model.FuseUnknown && count > 0 && symbols[count - 1].Id == unknown)
                {
                    symbols[count - 1].End = i + 1;
                    continue;
                }
                id = unknown;
            }
            if (id >= 0)
                symbols[count++] = new Symbol { Id = id, Start = i, End = i + 1 };
        }
        return count == symbols.Length ? symbols : symbols[..count];
    }

    private EncodedWord Merge(string text, Symbol[] symbols)
    {
        int count = symbols.Length <= LongestScannedWord
            ? BytePairMerging.ByScanning(symbols, _model.Merges)
            : BytePairMerging.ByQueue(symbols, _model.Merges);
        int[] ids = new int[count], starts = new int[count], ends = new int[count];
        for (int i = 0; i < count; i++)
            (ids[i], starts[i], ends[i]) = (symbols[i].Id, symbols[i].Start, symbols[i].End);
        return new EncodedWord(text, ids, starts, ends);
    }
}
