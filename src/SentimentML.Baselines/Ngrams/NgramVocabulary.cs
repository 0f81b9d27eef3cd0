using System.Runtime.InteropServices;

namespace SentimentML.Ngrams;

/// <summary>
/// The n-grams of one kind that the training texts hold, each with its inverse document frequency; turns a text into
/// TF-IDF weights as scikit-learn's TfidfVectorizer does with sublinear_tf: (1 + ln tf) · (1 + ln((1 + rows) / (1 + df))), length 1.
/// </summary>
internal sealed class NgramVocabulary
{
    private readonly Dictionary<string, int> _slots;
    private readonly float[] _idf;

    private NgramVocabulary(NgramBlock block, Dictionary<string, int> slots, float[] idf)
    {
        Block = block;
        _slots = slots;
        _idf = idf;
    }

    public NgramBlock Block { get; }

    /// <summary>How many n-grams there are: the length of the vector.</summary>
    public int Count => _idf.Length;

    /// <summary>Counts the n-grams of the texts; the order of the slots is that of the first appearance.</summary>
    public static NgramVocabulary Learn(NgramBlock block, IEnumerable<ReadOnlyMemory<char>> texts)
    {
        var frequencies = new Dictionary<string, (int Rows, long LastRow)>(StringComparer.Ordinal);
        var lookup = frequencies.GetAlternateLookup<ReadOnlySpan<char>>();
        var cutter = new NgramText();
        long row = 0;
        foreach (ReadOnlyMemory<char> text in texts)
        {
            row++;
            block.Visit(cutter, text.Span, ngram =>
            {
                ref (int Rows, long LastRow) seen = ref CollectionsMarshal.GetValueRefOrAddDefault(lookup, ngram, out _);
                if (seen.LastRow == row) return;
                seen = (seen.Rows + 1, row);
            });
        }
        return new NgramVocabulary(block, frequencies.Select(f => (f.Key, f.Value.Rows)), row);
    }

    private NgramVocabulary(NgramBlock block, IEnumerable<(string Ngram, int Rows)> frequencies, long rows)
    {
        (string Ngram, int Rows)[] kept = [.. frequencies.Where(f => f.Rows >= block.MinimumRows)];
        if (kept.Length > block.MaximumTerms)
        {
            // The most frequent ones, in the order of their appearance.
            var most = kept.Index().OrderByDescending(f => f.Item.Rows).ThenBy(f => f.Index).Take(block.MaximumTerms);
            kept = [.. most.OrderBy(f => f.Index).Select(f => f.Item)];
        }
        Block = block;
        _slots = new Dictionary<string, int>(kept.Length, StringComparer.Ordinal);
        _idf = new float[kept.Length];
        foreach ((string ngram, int seen) in kept)
        {
            _idf[_slots.Count] = (float)(1 + Math.Log((1.0 + rows) / (1.0 + seen)));
            _slots.Add(ngram, _slots.Count);
        }
    }

    /// <summary>Something that turns texts into vectors on one thread.</summary>
    public Vectorizer NewVectorizer() => new(this);

    public void Write(BinaryWriter writer)
    {
        writer.Write(Block.OfCharacters);
        writer.Write(Block.Shortest);
        writer.Write(Block.Longest);
        writer.Write(Block.MinimumRows);
        writer.Write(Block.MaximumTerms);
        writer.Write(Count);
        foreach ((string ngram, int slot) in _slots.OrderBy(s => s.Value))
        {
            writer.Write(ngram);
            writer.Write(_idf[slot]);
        }
    }

    /// <exception cref="InvalidDataException">The stream holds no vocabulary.</exception>
    public static NgramVocabulary Read(BinaryReader reader)
    {
        var block = new NgramBlock(reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        int count = reader.ReadInt32();
        if (block.Shortest < 1 || block.Longest < block.Shortest || block.Longest > 100 || count < 0 || count > block.MaximumTerms)
            throw new InvalidDataException($"Not an n-gram vocabulary: {count} n-grams for {block}.");
        // Grown as it is read: a wrong count ends at the end of the stream, not in a large allocation.
        var slots = new Dictionary<string, int>(StringComparer.Ordinal);
        var idf = new List<float>();
        for (int i = 0; i < count; i++)
        {
            string ngram = reader.ReadString();
            if (!slots.TryAdd(ngram, i))
                throw new InvalidDataException($"Not an n-gram vocabulary: '{ngram}' is in it twice.");
            idf.Add(reader.ReadSingle());
        }
        return new NgramVocabulary(block, slots, [.. idf]);
    }

    /// <summary>Turns texts into sparse vectors, using its buffers again and again.</summary>
    internal sealed class Vectorizer
    {
        private readonly NgramVocabulary _vocabulary;
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
        private readonly NgramText _cutter = new();
        private readonly NgramText.Visit _count;
        private readonly int[] _counts;
        private readonly List<int> _present = [];

        public Vectorizer(NgramVocabulary vocabulary)
        {
            _vocabulary = vocabulary;
            _lookup = vocabulary._slots.GetAlternateLookup<ReadOnlySpan<char>>();
            _counts = new int[vocabulary.Count];
            _count = Count;
        }

        /// <summary>Adds the text's slots, rising and each plus <paramref name="offset"/>, and their weights to the lists.</summary>
        public void Append(ReadOnlySpan<char> text, int offset, List<int> slots, List<float> weights)
        {
            _vocabulary.Block.Visit(_cutter, text, _count);
            _present.Sort();
            int first = weights.Count;
            double squares = 0;
            foreach (int slot in _present)
            {
                float weight = (1 + MathF.Log(_counts[slot])) * _vocabulary._idf[slot];
                _counts[slot] = 0;
                squares += (double)weight * weight;
                slots.Add(offset + slot);
                weights.Add(weight);
            }
            _present.Clear();
            float scale = squares > 0 ? (float)(1 / Math.Sqrt(squares)) : 0;
            foreach (ref float weight in CollectionsMarshal.AsSpan(weights)[first..])
                weight *= scale;
        }

        private void Count(ReadOnlySpan<char> ngram)
        {
            if (_lookup.TryGetValue(ngram, out int slot) && _counts[slot]++ == 0)
                _present.Add(slot);
        }
    }
}
