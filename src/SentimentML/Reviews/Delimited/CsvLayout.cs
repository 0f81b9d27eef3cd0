using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsvHelper;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>How a csv or tsv file is laid out: what its first rows say.</summary>
/// <param name="Dialect">How rows are written; the delimiter is <see cref="NoDelimiter"/> in a file of one column.</param>
/// <param name="RowsAbove">The rows above the header, or above the first row without one, that are passed over.</param>
/// <param name="Columns">The columns' names.</param>
/// <param name="RowsBelow">The rows between the header and the first review that are passed over.</param>
/// <param name="IsTable">Whether the delimiter divides the rows alike, and not where commas are in prose.</param>
internal sealed partial record CsvLayout(CsvDialect Dialect, int RowsAbove, string[] Columns, int RowsBelow, bool IsTable)
{
    /// <summary>Whether the rows begin with a number that the header has no name for, as R's write.table writes row names.</summary>
    public bool HasRowNames { get; init; }

    /// <summary>Of a file of one column: the commas that its rows have are text.</summary>
    public const char NoDelimiter = '\u001F';

    private const int SampleBytes = 1 << 16;
    private const int SampleRows = 100;

    // Without a header, a delimiter divides nearly all rows alike.
    private const double MinConsistency = 0.9;

    // The likeliest first: texts hold commas, and numbers do.
    public static readonly char[] Delimiters = ['\t', ';', '|', ','];

    /// <param name="text">The file's UTF-8; owned.</param>
    /// <param name="options">What is known of the layout.</param>
    /// <param name="path">For messages.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    /// <exception cref="SentimentMLException">The file has no rows.</exception>
    public static CsvLayout Find(Stream text, ReviewFileOptions options, string path, Action<string> warn)
    {
        byte[] sample = ReadSample(text, out bool isWhole);
        int preamble = Preamble(sample, out char? said);
        IEnumerable<char> delimiters = (options.Delimiter ?? said) is { } known ? [known]
            : options.HasHeader && NamesBetweenSpaces().IsMatch(FirstLine(sample)) ? [.. Delimiters, NoDelimiter, ' '] : [.. Delimiters, NoDelimiter];
        Candidate Divided(CsvDialect dialect) => Candidate.Of(sample, isWhole, dialect, preamble, options);
        Candidate best = delimiters.Select(delimiter => Divided(new CsvDialect(delimiter, options.Quote))).MaxBy(candidate => candidate.Score)!;
        best = best.Others().Select(Divided).FirstOrDefault(other => other.Faults == 0, best);
        if (best.Rows.Count == 0)
            throw new SentimentMLException($"{path}: the file is empty, expected a header line and rows.");
        int above = preamble + best.Header;
        if (above > 0)
        {
            string first = Encoding.UTF8.GetString(sample.AsSpan(0, Math.Min(LineEnd(sample, 0), 60))).Trim();
            warn(above == 1
                ? Localized.Say($"{path}: se salta la línea sobre la cabecera: {first}", $"{path}: the line above the header is passed over: {first}")
                : Localized.Say(
                    $"{path}: se saltan {above} líneas sobre la cabecera, la primera es: {first}",
                    $"{path}: {above} lines above the header are passed over, the first is: {first}"));
        }
        int below = options.HasHeader ? HeaderRow.CountBelow(best.Rows, best.Header) : 0;
        if (below > 0)
            warn(HeaderRow.PassedOver(path, below, best.Rows[best.Header + 1]));
        string[] row = best.Rows[best.Header];
        string[] columns = options.HasHeader ? row : ReviewFile.Numbered(best.Width);
        return new CsvLayout(best.Dialect, above, columns, below, best.IsTable) { HasRowNames = best.HasRowNames };
    }

    private static byte[] ReadSample(Stream text, out bool isWhole)
    {
        using (text)
        {
            var buffer = new byte[SampleBytes];
            int length = text.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            isWhole = length < buffer.Length;
            return buffer[..length];
        }
    }

    /// <summary>How many rows at the start are an instruction of Excel (sep=;) or of PowerShell (#TYPE), and the delimiter that one says.</summary>
    private static int Preamble(ReadOnlySpan<byte> sample, out char? delimiter)
    {
        delimiter = null;
        string first = FirstLine(sample).Trim(' ', '"');
        if (first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && first.Length == 5 && ReviewFileOptions.IsSeparator(first[4]))
        {
            delimiter = first[4];
            return 1;
        }
        return first.StartsWith("#TYPE", StringComparison.Ordinal) ? 1 : 0;
    }

    private static string FirstLine(ReadOnlySpan<byte> sample) => Encoding.UTF8.GetString(sample[..Math.Min(LineEnd(sample, 0), 1000)]).TrimEnd('\r');

    private static int LineEnd(ReadOnlySpan<byte> text, int start) => text[start..].IndexOf((byte)'\n') is >= 0 and int end ? start + end : text.Length;

    /// <summary>A header as R's write.table writes it by default: names in quotes, with a space between them.</summary>
    [GeneratedRegex("""^"[^"]+"( "[^"]+")*$""")]
    private static partial Regex NamesBetweenSpaces();

    /// <summary>The sample as one delimiter divides it.</summary>
    private sealed record Candidate(CsvDialect Dialect, List<string[]> Rows, int Header, int Parts, int Width, bool Divides, double Consistency)
    {
        /// <summary>How many quotes in the rows are not written as the dialect writes them.</summary>
        public int Faults { get; private init; }

        public bool HasRowNames { get; private init; }

        /// <summary>A header that names more parts of a review goes first, then rows of one width; a delimiter that divides nothing is none.</summary>
        public (int Parts, bool Divides, double Consistency, int Place) Score =>
            (Parts, Divides, Consistency, -Array.IndexOf(Delimiters, Dialect.Delimiter));

        /// <summary>A comma with a space after it is one of prose.</summary>
        public bool IsTable => Divides && Rows.Count - Header > 1 && Consistency >= MinConsistency && !Rows[Header].Skip(1).Any(cell => cell.StartsWith(' '));

        /// <summary>
        /// What to try if quotes are not written as usual: backslashes before them, spaces before those around fields, apostrophes in their place.
        /// </summary>
        public IEnumerable<CsvDialect> Others()
        {
            if (Dialect.Quote is not { } quote)
                yield break;
            if (Faults > 0)
                yield return Dialect with { HasBackslashes = true };
            if (Rows.Any(row => row.Any(cell => cell.StartsWith(' ') && cell.TrimStart(' ').StartsWith(quote))))
                yield return Dialect with { HasSpaces = true };
            if (quote == '"' && Rows.Count > 0 && Array.TrueForAll(Rows[Header], name => name is ['\'', _, .., '\'']))
                yield return Dialect with { Quote = '\'' };
        }

        public static Candidate Of(byte[] sample, bool isWhole, CsvDialect dialect, int preamble, ReviewFileOptions options)
        {
            List<string[]> rows = Read(sample, isWhole, dialect, preamble, out int faults);
            (int header, int parts) = options.HasHeader ? HeaderRow.Find(rows, new ReviewColumnNames(options)) : (0, 0);
            if (rows.Count == 0)
                return new Candidate(dialect, rows, 0, 0, 0, false, 0);
            bool hasRowNames = options.HasHeader && HaveNumbersInFront(rows, header);
            if (hasRowNames)
                rows[header] = ["", .. rows[header]];
            int width = options.HasHeader ? rows[header].Length : rows.GroupBy(row => row.Length).MaxBy(group => group.Count())!.Key;
            double consistency = (double)rows.Skip(header).Count(row => row.Length == width) / (rows.Count - header);
            bool divides = width > 1 && (options.HasHeader || consistency >= MinConsistency);
            return new Candidate(dialect, rows, header, parts, width, divides, consistency) { HasRowNames = hasRowNames, Faults = faults };
        }

        /// <summary>Whether each row has one field more than the header, and begins with a whole number that no other row begins with.</summary>
        private static bool HaveNumbersInFront(List<string[]> rows, int header)
        {
            string[][] below = [.. rows.Skip(header + 1).Where(row => row.Any(field => field.Length > 0))];
            return below.Length > 0 && below.Any(row => row[^1].Length > 0) // not a delimiter at each line's end
                && Array.TrueForAll(below, row => row.Length == rows[header].Length + 1 && IsWholeNumber(row[0]))
                && below.DistinctBy(row => row[0]).Count() == below.Length;
        }

        private static bool IsWholeNumber(string field) => long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out _);

        private static List<string[]> Read(byte[] sample, bool isWhole, CsvDialect dialect, int preamble, out int faults)
        {
            int found = 0;
            using var csv = CsvReader.Create(dialect.Open(new MemoryStream(sample)), dialect.ToOptions() with
            {
                OnMalformedRecord = record => found += record.Reason == CsvMalformedReason.TextAfterClosingQuote ? 1 : 0,
            }, leaveOpen: false);
            var rows = new List<string[]>();
            while (rows.Count < SampleRows + preamble && csv.Read())
                rows.Add([.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]);
            faults = found;
            bool isCutOff = !isWhole && rows.Count < SampleRows + preamble && rows.Count > preamble + 1;
            if (isCutOff)
                rows.RemoveAt(rows.Count - 1);
            while (rows.Count > preamble + 1 && rows[^1] is [var remark] && HeaderRow.IsClientsRemark(remark))
                rows.RemoveAt(rows.Count - 1);
            rows.RemoveRange(0, Math.Min(preamble, rows.Count));
            return rows;
        }
    }
}
