using System.Runtime.InteropServices;

namespace SentimentML.Tokenization;

/// <summary>
/// What tokenizer.json calls the model: a vocabulary, and the way in which it cuts a word into tokens. Words come again
/// and again, so the last ones are kept: a table of fixed size that all threads share without a lock, each slot one
/// reference that is written whole.
/// </summary>
internal abstract class TokenModel
{
    private const int KeptWords = 1 << 16;
    protected const int LongestKeptWord = 48; // characters

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly EncodedWord?[] _kept = new EncodedWord?[KeptWords];

    protected TokenModel(Dictionary<string, int> vocabulary)
    {
        Vocabulary = vocabulary;
        _ids = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The tokens as they are written, without added tokens that are not of the model.</summary>
    public Dictionary<string, int> Vocabulary { get; }

    /// <summary>What stands for text that the vocabulary lacks; null where nothing does.</summary>
    public abstract string? UnknownToken { get; }

    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _ids.TryGetValue(token, out id);

    public EncodedWord Encode(ReadOnlySpan<char> word)
    {
        if (word.Length > LongestKeptWord)
            return EncodeNew(word, "");
        ref EncodedWord? slot = ref _kept[HashOf(word) & (KeptWords - 1)];
        EncodedWord? kept = Volatile.Read(ref slot);
        if (kept is not null && word.SequenceEqual(kept.Text))
            return kept;
        EncodedWord encoded = EncodeNew(word, word.ToString());
        Volatile.Write(ref slot, encoded);
        return encoded;
    }

    /// <summary>Cuts a word into tokens.</summary>
    /// <param name="word">The word, not empty, without lone surrogates.</param>
    /// <param name="text">What <see cref="EncodedWord.Text"/> is to be.</param>
    protected abstract EncodedWord EncodeNew(ReadOnlySpan<char> word, string text);

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
}
