using System.Runtime.InteropServices;
using SentimentML.Evaluation;
using SentimentML.Numerics;

namespace SentimentML;

/// <summary>
/// Finds texts that are the same or nearly: between two sets, which are leaks from training into validation, or inside one.
/// </summary>
/// <remarks>
/// Two texts are alike by the Jaccard similarity of their words and pairs of neighbouring words; the first 1,000 words of a text
/// count. None is compared with all: a text can only reach the threshold with one that shares one of its rarest shingles
/// (prefix filtering: Bayardo, Ma and Srikant, "Scaling Up All Pairs Similarity Search", 2007), so that no pair is missed. What
/// would make time grow without limit, many texts made from one template, is cut at 500 comparisons a text.
/// </remarks>
public sealed class NearDuplicates
{
    /// <summary>The similarity from which texts are nearly the same by default.</summary>
    public const double DefaultThreshold = 0.8;

    private const int MaxWords = 1000;
    private const int MaxComparisons = 500;

    private readonly double _threshold;
    private readonly Dictionary<ulong, int> _frequencies = [];
    private readonly Dictionary<ulong, int> _byWords = [];
    private readonly Dictionary<ulong, List<int>> _byShingle = [];
    private readonly Dictionary<int, Shingles> _indexed = [];

    private NearDuplicates(double threshold)
    {
        if (!(threshold > 0 && threshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "Expected a threshold above 0 to 1.");
        _threshold = threshold;
    }

    /// <summary>For each text of the second set that has one, the text of the first that is most like it; the most alike pairs first.</summary>
    /// <param name="first">The first set, as the training rows.</param>
    /// <param name="second">The second set, as the validation rows.</param>
    /// <param name="threshold">The least similarity that counts, above 0 to 1. The default value is 0.8.</param>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not above 0 to 1.</exception>
    public static IReadOnlyList<DuplicatePair> Between(IReadOnlyList<string> first, IReadOnlyList<string> second, double threshold = DefaultThreshold)
    {
        RequireTexts(first, nameof(first));
        RequireTexts(second, nameof(second));
        NearDuplicates index = new(threshold);
        Shingles[] known = index.Read(first), asked = index.Read(second);
        for (int i = 0; i < known.Length; i++)
            index.Add(i, known[i]);

        List<DuplicatePair> pairs = [];
        for (int i = 0; i < asked.Length; i++)
        {
            if (index.Find(asked[i], i) is { } pair)
                pairs.Add(pair);
        }
        return Sorted(pairs);
    }

    /// <summary>For each text that is like an earlier one, that earlier one; the most alike pairs first.</summary>
    /// <param name="texts">The set.</param>
    /// <param name="threshold">The least similarity that counts, above 0 to 1. The default value is 0.8.</param>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is not above 0 to 1.</exception>
    public static IReadOnlyList<DuplicatePair> Within(IReadOnlyList<string> texts, double threshold = DefaultThreshold)
    {
        RequireTexts(texts, nameof(texts));
        NearDuplicates index = new(threshold);
        Shingles[] read = index.Read(texts);
        List<DuplicatePair> pairs = [];
        for (int i = 0; i < read.Length; i++)
        {
            if (index.Find(read[i], i) is { } pair)
                pairs.Add(pair);
            else
                index.Add(i, read[i]);
        }
        return Sorted(pairs);
    }

    private static void RequireTexts(IReadOnlyList<string> texts, string name)
    {
        ArgumentNullException.ThrowIfNull(texts, name);
        if (texts.Contains(null))
            throw new ArgumentException("A text is null.", name);
    }

    private static DuplicatePair[] Sorted(List<DuplicatePair> pairs) =>
        [.. pairs.OrderByDescending(pair => pair.IsExact).ThenByDescending(pair => pair.Similarity).ThenBy(pair => pair.Second)];

    private Shingles[] Read(IReadOnlyList<string> texts)
    {
        Shingles[] read = [.. texts.AsParallel().AsOrdered().Select(Shingles.Of)];
        foreach (Shingles text in read)
        {
            foreach (ulong shingle in text.Set)
                CollectionsMarshal.GetValueRefOrAddDefault(_frequencies, shingle, out _)++;
        }
        return read;
    }

    private void Add(int text, Shingles shingles)
    {
        if (shingles.Set.Length == 0 || !_byWords.TryAdd(shingles.WordsHash, text))
            return;
        _indexed.Add(text, shingles);
        foreach (ulong shingle in Rarest(shingles.Set))
        {
            if (!_byShingle.TryGetValue(shingle, out List<int>? texts))
                _byShingle.Add(shingle, texts = []);
            texts.Add(text);
        }
    }

    private DuplicatePair? Find(Shingles shingles, int second)
    {
        if (shingles.Set.Length == 0)
            return null;
        if (_byWords.TryGetValue(shingles.WordsHash, out int same))
            return new DuplicatePair(same, second, 1, true);

        DuplicatePair? best = null;
        HashSet<int> compared = [];
        foreach (ulong shingle in Rarest(shingles.Set))
        {
            foreach (int first in _byShingle.GetValueOrDefault(shingle, []))
            {
                if (compared.Count >= MaxComparisons)
                    return best;
                if (!compared.Add(first))
                    continue;
                ulong[] known = _indexed[first].Set;
                if (Math.Min(known.Length, shingles.Set.Length) < _threshold * Math.Max(known.Length, shingles.Set.Length))
                    continue;
                double similarity = Shingles.Jaccard(known, shingles.Set);
                if (similarity >= _threshold && similarity > (best?.Similarity ?? 0))
                    best = new DuplicatePair(first, second, similarity, false);
            }
        }
        return best;
    }

    /// <summary>
    /// As many of a text's rarest shingles that any text reaching the threshold with it shares one of them: all but those that
    /// it could lack and still reach it, and one more.
    /// </summary>
    private IEnumerable<ulong> Rarest(ulong[] set)
    {
        int needed = (int)Math.Ceiling(_threshold * set.Length - 1e-9);
        // One number orders by frequency and, among equals, in the same way for every text.
        ulong[] order = Array.ConvertAll(set, shingle => (ulong)Math.Min(_frequencies[shingle], ushort.MaxValue) << 48 | shingle >> 16);
        ulong[] rarest = [.. set];
        Array.Sort(order, rarest);
        return rarest.Take(set.Length - needed + 1);
    }

    /// <summary>A text's words and pairs of words, sorted, and one number for its words in their order.</summary>
    private readonly record struct Shingles(ulong[] Set, ulong WordsHash)
    {
        public static Shingles Of(string text)
        {
            List<string> words = Words.Of(text, MaxWords);
            HashSet<ulong> set = [];
            ulong before = 0, all = 0;
            foreach (string word in words)
            {
                ulong hash = Words.Hash(word);
                set.Add(hash);
                if (before != 0)
                    set.Add(SplitMix64.Mix(before + (hash << 1)));
                all = SplitMix64.Mix(all + hash);
                before = hash;
            }
            ulong[] sorted = [.. set];
            Array.Sort(sorted);
            return new Shingles(sorted, all);
        }

        /// <summary>What two sorted sets have in common, as a share of what either has.</summary>
        public static double Jaccard(ulong[] a, ulong[] b)
        {
            int i = 0, j = 0, common = 0;
            while (i < a.Length && j < b.Length)
            {
                if (a[i] == b[j])
                    (common, i, j) = (common + 1, i + 1, j + 1);
                else if (a[i] < b[j])
                    i++;
                else
                    j++;
            }
            return common / (double)(a.Length + b.Length - common);
        }
    }
}
