using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;
using SentimentML.Evaluation;
using SentimentML.Labels;
using SentimentML.Reviews;

namespace SentimentML;

/// <summary>What a data file holds, to look at before training on it: rows, stars, labels, lengths, repeated texts, languages, odd texts.</summary>
public sealed class DataReport
{
    private const int MaxExamples = 20;
    private const int MaxDistinct = 1000;
    private const int MaxRemembered = 20_000_000;
    private const string Rest = "…";

    private readonly Dictionary<string, long> _stars = new(StringComparer.Ordinal), _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> _characters = [], _words = [], _tokens = [];
    private readonly Dictionary<OddText, RowExamples> _odd = [];
    private readonly Dictionary<string, RowExamples> _languages = new(StringComparer.Ordinal);
    private readonly HashSet<UInt128> _seen = [];
    private readonly int _maxComparedTexts;
    private List<string>? _texts = [];

    private DataReport(int maxTokens, int maxComparedTexts)
    {
        MaxTokens = maxTokens;
        _maxComparedTexts = maxComparedTexts;
    }

    /// <summary>The number of rows.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of rows without a text, or with white space alone.</summary>
    public long RowsWithoutText { get; private set; }

    /// <summary>The number of rows whose stars are missing; 0 without a column of stars.</summary>
    public long RowsWithoutStars { get; private set; }

    /// <summary>The number of rows whose label is missing; 0 without a column of labels.</summary>
    public long RowsWithoutLabel { get; private set; }

    /// <summary>
    /// The number of rows that repeat an earlier row's text to the letter, white space at the ends aside; empty texts do not
    /// count. Only the first 20 million different texts are remembered.
    /// </summary>
    public long Repeated { get; private set; }

    /// <summary>
    /// The number of rows whose text is nearly that of an earlier row (<see cref="NearDuplicates"/>), repeated ones included;
    /// null if there are more rows than <see cref="DataReportOptions.MaxComparedTexts"/>.
    /// </summary>
    public long? NearlyRepeated { get; private set; }

    /// <summary>The most tokens that a model reads of a text.</summary>
    public int MaxTokens { get; }

    /// <summary>The number of rows with more tokens than <see cref="MaxTokens"/>, whose end is not read; 0 without a tokenizer.</summary>
    public long Truncated { get; private set; }

    /// <summary>
    /// The number of rows with each number of stars, the fewest stars first and "NaN", for rows without stars, last; empty without a column
    /// of stars.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, long>> Stars =>
        [.. _stars.OrderBy(pair =>
            float.TryParse(pair.Key, CultureInfo.InvariantCulture, out float value) && !float.IsNaN(value) ? value : float.PositiveInfinity)];

    /// <summary>
    /// The number of rows with each label, the most frequent label first; an empty name stands for rows without one, and labels
    /// beyond the first 1,000 are counted together as "…". Empty without a column of labels.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, long>> Labels =>
        [.. _labels.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>Lengths in characters; null without rows.</summary>
    public LengthStatistics? Characters => LengthStatistics.Of(_characters);

    /// <summary>Lengths in words; null without rows.</summary>
    public LengthStatistics? Words => LengthStatistics.Of(_words);

    /// <summary>Lengths in tokens, special ones included; null without rows or without a tokenizer.</summary>
    public LengthStatistics? Tokens => LengthStatistics.Of(_tokens);

    /// <summary>The rows that are odd in some way; a row may be odd in several.</summary>
    public IReadOnlyList<KeyValuePair<OddText, RowExamples>> Odd => [.. _odd.OrderBy(pair => pair.Key)];

    /// <summary>
    /// The rows by language, the most frequent first, guessed from function words, endings and letters: "es", "en", "pt", "fr", "it", "de", "ca";
    /// "und" if a text is too short to tell, "other" if it is in another script.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, RowExamples>> Languages =>
        [.. _languages.OrderByDescending(pair => pair.Value.Count).ThenBy(pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>Reads data once.</summary>
    /// <param name="rows">
    /// The data, with a column of texts; a column of stars (any number type) and one of labels (text, or a key with names) are read
    /// if there are such. Rows without them are counted too, unless the file was loaded with <see cref="ReviewFileOptions.Strict"/>.
    /// </param>
    /// <param name="options">The options. The default value is null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range; all that are, are named.</exception>
    /// <exception cref="SentimentMLException">A column is missing or of another type, or the data cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static DataReport Of(IDataView rows, DataReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new DataReportOptions();
        options.Check(nameof(options));
        PretrainedTokenizer? tokenizer = options.Tokenizer;
        return Of(Read(rows, options), tokenizer is null ? null : text => tokenizer.EncodeToIds(text).Length, options.MaxTokens, options.MaxComparedTexts);
    }

    /// <summary>Reads rows once, from the first to the last.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="countTokens">Counts a text's tokens, special ones included; null leaves tokens out.</param>
    /// <param name="maxTokens">The most tokens that a model reads of a text.</param>
    /// <param name="maxComparedTexts">With more rows, texts that are nearly the same are not looked for.</param>
    internal static DataReport Of(
        IEnumerable<DataRow> rows, Func<string, int>? countTokens = null, int maxTokens = 512, int maxComparedTexts = DataReportOptions.DefaultMaxComparedTexts)
    {
        DataReport report = new(maxTokens, maxComparedTexts);
        foreach (DataRow row in rows)
            report.Add(row, countTokens);
        report.NearlyRepeated = report._texts is { } texts ? NearDuplicates.Within(texts).Count : null;
        report._texts = null;
        return report;
    }

    private static IEnumerable<DataRow> Read(IDataView rows, DataReportOptions options)
    {
        DataViewSchema.Column text = rows.Schema.RequireText(options.TextColumnName, "The data");
        DataViewSchema.Column? stars = rows.Schema.GetColumnOrNull(options.StarsColumnName), label = rows.Schema.GetColumnOrNull(options.LabelColumnName);
        using DataViewRowCursor cursor = rows.GetRowCursor([text, .. new[] { stars, label }.OfType<DataViewSchema.Column>()]);
        ValueGetter<ReadOnlyMemory<char>> readText = cursor.GetGetter<ReadOnlyMemory<char>>(text);
        Func<double>? readStars = stars is { } starsColumn ? StarsColumn.Getter(cursor, starsColumn) : null;
        Func<string?>? readLabel = label is { } labelColumn ? LabelReader.Name(cursor, labelColumn) : null;
        ReadOnlyMemory<char> value = default;
        for (long row = 1; cursor.MoveNext(); row++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            readText(ref value);
            yield return new DataRow(value.ToString(), (float?)readStars?.Invoke(), readLabel is null ? null : readLabel() ?? "");
            options.Progress?.Report(row);
        }
    }

    private void Add(DataRow row, Func<string, int>? countTokens)
    {
        string text = row.Text;
        RowsWithoutText += MissingValue.IsMissingText(text) ? 1 : 0;
        RowsWithoutStars += row.Stars is float.NaN ? 1 : 0;
        RowsWithoutLabel += row.Label is "" ? 1 : 0;
        if (row.Stars is { } value)
            CountOne(_stars, value.ToString(CultureInfo.InvariantCulture));
        if (row.Label is { } label)
            CountOne(_labels, label);
        CountOne(_characters, text.Length);
        CountOne(_words, Evaluation.Words.Count(text));
        if (countTokens?.Invoke(text) is { } count)
        {
            CountOne(_tokens, count);
            Truncated += count > MaxTokens ? 1 : 0;
        }

        foreach (OddText kind in OddTexts.Of(text))
            Report(_odd, kind);
        if (!string.IsNullOrWhiteSpace(text))
        {
            Report(_languages, LanguageGuess.Of(text));
            UInt128 digest = Digest(text);
            bool isNew = _seen.Count < MaxRemembered ? _seen.Add(digest) : !_seen.Contains(digest);
            Repeated += isNew ? 0 : 1;
        }
        Rows++;
        _texts?.Add(text);
        if (Rows > _maxComparedTexts)
            _texts = null;
    }

    private void Report<TKey>(Dictionary<TKey, RowExamples> rows, TKey key)
        where TKey : notnull
    {
        if (!rows.TryGetValue(key, out RowExamples? reported))
            rows.Add(key, reported = new RowExamples(MaxExamples));
        reported.Add(Rows);
    }

    private static void CountOne(Dictionary<string, long> counts, string key)
    {
        if (counts.Count >= MaxDistinct && !counts.ContainsKey(key))
            key = Rest;
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

/// <summary>A row of a data file, as the data report reads it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Stars">Its stars, NaN if they are missing; null without a column of stars.</param>
/// <param name="Label">Its label, empty if it is missing; null without a column of labels.</param>
internal readonly record struct DataRow(string Text, float? Stars = null, string? Label = null);
