using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SentimentML.Evaluation;

/// <summary>What a data file holds: what a person wants to know before training on it.</summary>
internal sealed class DataReport
{
    private const int MostExamples = 20;
    private const int MostDistinct = 1000;
    private const int MostRemembered = 20_000_000;

    private readonly Dictionary<string, long> stars = new(StringComparer.Ordinal), labels = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> characters = [], words = [], tokens = [];
    private readonly Dictionary<OddText, ReportedRows> odd = [];
    private readonly Dictionary<string, ReportedRows> languages = new(StringComparer.Ordinal);
    private readonly HashSet<UInt128> seen = [];

    private DataReport(int maxTokens) => MaxTokens = maxTokens;

    /// <summary>How many rows there are.</summary>
    public long Rows { get; private set; }

    /// <summary>How many rows repeat an earlier row's text to the letter; white space at the ends aside, and empty rows not counted. Only the first 20 million different texts are remembered.</summary>
    public long Repeated { get; private set; }

    /// <summary>How many tokens a text may have.</summary>
    public int MaxTokens { get; }

    /// <summary>How many rows have more tokens than that, so that their end is not read; 0 where tokens were not counted.</summary>
    public long Cut { get; private set; }

    /// <summary>How often each number of stars occurs, the fewest stars first and "NaN", for rows without, last; empty where the file has none.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Stars =>
        [.. stars.OrderBy(pair => float.TryParse(pair.Key, CultureInfo.InvariantCulture, out float value) && !float.IsNaN(value) ? value : float.PositiveInfinity)];

    /// <summary>How often each label occurs, the most frequent first; those beyond 1,000 different ones together as "…".</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Labels =>
        [.. labels.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>Lengths in characters; null without rows.</summary>
    public LengthStatistics? Characters => LengthStatistics.Of(characters);

    /// <summary>Lengths in words; null without rows.</summary>
    public LengthStatistics? WordCounts => LengthStatistics.Of(words);

    /// <summary>Lengths in tokens, as the tokenizer counts them; null where tokens were not counted.</summary>
    public LengthStatistics? Tokens => LengthStatistics.Of(tokens);

    /// <summary>The rows that are odd in some way; a row may be odd in several.</summary>
    public IReadOnlyList<KeyValuePair<OddText, ReportedRows>> Odd => [.. odd.OrderBy(pair => pair.Key)];

    /// <summary>The rows by language, the most frequent first: "es", others, and "und" where a text is too short to tell.</summary>
    public IReadOnlyList<KeyValuePair<string, ReportedRows>> Languages =>
        [.. languages.OrderByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>Reads rows once, from the first to the last, and keeps none of their text.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="countTokens">Counts a text's tokens, special ones included; null leaves tokens out.</param>
    /// <param name="maxTokens">How many tokens a text may have.</param>
    public static DataReport Of(IEnumerable<DataRow> rows, Func<string, int>? countTokens = null, int maxTokens = 512)
    {
        DataReport report = new(maxTokens);
        foreach (DataRow row in rows)
            report.Add(row.Text ?? "", row, countTokens);
        return report;
    }

    private void Add(string text, DataRow row, Func<string, int>? countTokens)
    {
        if (row.Stars is { } value)
            CountOne(stars, value.ToString(CultureInfo.InvariantCulture));
        if (row.Label is { } label)
            CountOne(labels, label);
        CountOne(characters, text.Length);
        CountOne(words, Words.Count(text));
        if (countTokens?.Invoke(text) is { } count)
        {
            CountOne(tokens, count);
            Cut += count > MaxTokens ? 1 : 0;
        }

        foreach (OddText kind in OddTexts.Of(text))
            Report(odd, kind);
        if (!string.IsNullOrWhiteSpace(text))
        {
            Report(languages, LanguageGuess.Of(text));
            UInt128 digest = Digest(text);
            bool isNew = seen.Count < MostRemembered ? seen.Add(digest) : !seen.Contains(digest);
            Repeated += isNew ? 0 : 1;
        }
        Rows++;
    }

    private void Report<TKey>(Dictionary<TKey, ReportedRows> rows, TKey key)
        where TKey : notnull
    {
        if (!rows.TryGetValue(key, out ReportedRows? reported))
            rows.Add(key, reported = new ReportedRows(MostExamples));
        reported.Add(Rows);
    }

    private static void CountOne(Dictionary<string, long> counts, string key)
    {
        if (counts.Count >= MostDistinct && !counts.ContainsKey(key))
            key = "…";
        counts[key] = counts.GetValueOrDefault(key) + 1;
    }

    private static void CountOne(Dictionary<int, long> counts, int key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    /// <summary>Half of the text's SHA-256: rows can be compared without keeping them.</summary>
    private static UInt128 Digest(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan().Trim()), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}
