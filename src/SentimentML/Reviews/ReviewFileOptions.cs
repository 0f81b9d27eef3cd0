using System.Globalization;
using System.Text;
using SentimentML.Reviews;

namespace SentimentML;

/// <summary>How a file of reviews is read, where the file itself and its columns' names do not say it.</summary>
/// <remarks>Validated together when the file is loaded, and copied: later changes have no effect.</remarks>
public sealed class ReviewFileOptions
{
    /// <summary>
    /// The file's layout. The default value is null: by the extension, .csv, .tsv, .tab, .txt, .jsonl, .ndjson, .json, .xlsx,
    /// .parquet, .arrow or .feather, with .gz, .bz2, .xz, .zst or .zip after it or not. Excel, Parquet and Arrow are recognized by
    /// the content too. A .txt file without a header that names a column of texts is <see cref="ReviewFileFormat.Lines"/>, unless tabs, semicolons or
    /// bars divide it; so is a file that begins with a label of fastText's. A folder of texts is <see cref="ReviewFileFormat.Folder"/>.
    /// </summary>
    public ReviewFileFormat? Format { get; set; }

    /// <summary>
    /// The encoding of a text file without a byte order mark. The default value is null: UTF-8 and UTF-16 if the file is one of them, else
    /// the encoding in which it reads as a western text, such as windows-1252, with a warning in the log of the <c>MLContext</c>; an error
    /// if that is not sure.
    /// </summary>
    /// <remarks><c>CodePagesEncodingProvider.Instance.GetEncoding("windows-1252")</c> gives encodings that .NET does not have by default.</remarks>
    public Encoding? Encoding { get; set; }

    /// <summary>
    /// The character between two fields of a csv or tsv file, one of ASCII. The default value is null: the comma, semicolon, tab or bar that
    /// divides the header and the first rows.
    /// </summary>
    public char? Delimiter { get; set; }

    /// <summary>
    /// The character around fields of a csv or tsv file that hold delimiters or line breaks, one of ASCII. The default value is '"'.
    /// Null for files in which quotes are plain text and a line is always a row.
    /// </summary>
    public char? Quote { get; set; } = '"';

    /// <summary>
    /// Whether a csv or tsv file or an Excel sheet has a line with the columns' names; lines above it that do not belong to the table are passed over. The
    /// default value is true. When false, the columns are called 1, 2 and so on, and the only column of a file is the text.
    /// </summary>
    public bool HasHeader { get; set; } = true;

    /// <summary>The sheet of an Excel workbook. The default value is null: the first that is not hidden, or the only one with a column of texts.</summary>
    public string? Sheet { get; set; }

    /// <summary>
    /// The column with the whole text. The default value is null: "text" or another usual name ("texto", "review", "reseña", "comentario"), else title and
    /// body. Case, accents, plurals and remarks in brackets do not matter.
    /// </summary>
    public string? TextColumn { get; set; }

    /// <summary>The column with the title. The default value is null: "title" or "review_title" where the file has one of them.</summary>
    public string? TitleColumn { get; set; }

    /// <summary>The column with the body. The default value is null: "body" or "review_body" where the file has one of them.</summary>
    public string? BodyColumn { get; set; }

    /// <summary>The column with the stars. The default value is null: "stars", "star_rating" or "rating" where the file has one of them.</summary>
    public string? StarsColumn { get; set; }

    /// <summary>What is added to the file's stars to give 1 to 5: 1 for labels from 0 to 4. The default value is 0.</summary>
    public int StarsOffset { get; set; }

    /// <summary>
    /// What the file's scores are out of, where the values do not say it: 5, 10, 20, 50 or 100. They become whole stars, as values that say their scale do
    /// ("8/10"). The default value is null: numbers are stars, unless the name of a column that is named says another scale ("Nota (1-10)").
    /// </summary>
    public int? StarsScale { get; set; }

    /// <summary>The column with a label as text. The default value is null: "label" where the file has it and it does not hold the stars.</summary>
    public string? LabelColumn { get; set; }

    /// <summary>
    /// Whether labels are read in lower case, so that "Positive" and "positive" are one label. The default value is false: labels are
    /// read as they are, without white space at their ends.
    /// </summary>
    public bool MergeLabelCase { get; set; }

    /// <summary>
    /// Whether a row without text, stars or label, in a file that has the column, is an error that names its line. The default value is
    /// false: the missing text or label is empty and the missing stars are NaN; trainings and evaluations leave such rows out and count
    /// them. Stars and labels are missing if they are blank or a word such as NaN, None, null or N/A; stars
    /// also if they are no number from 1 to 5 in at most a tenth of the rows. A score that states its scale ("8/10", "85 %") is converted to whole stars.
    /// </summary>
    public bool Strict { get; set; }

    /// <summary>The most rows that are read, from the file's start. The default value is null: all.</summary>
    public long? MaxRows { get; set; }

    /// <summary>Whether a column is named.</summary>
    internal bool NamesColumn => (TextColumn ?? TitleColumn ?? BodyColumn ?? StarsColumn ?? LabelColumn) is not null;

    /// <summary>Whether a column of texts is named.</summary>
    internal bool NamesText => (TextColumn ?? BodyColumn) is not null;

    /// <summary>How messages name these options.</summary>
    internal OptionNames Names { get; set; } = OptionNames.Properties;

    /// <summary>Whether rows with several labels count as rows without one even if they are many, to show what a file holds.</summary>
    internal bool LeavesOutSeveralLabels { get; set; }

    /// <summary>Takes what a reader should know and what is no error; null for the log of the MLContext.</summary>
    internal Action<string>? Warn { get; set; }

    /// <summary>What the numbers in a column of stars are out of: as the options say, or the name of a column that they name; null if they are stars.</summary>
    internal int? ScaleOf(string column) => StarsScale ?? (column == StarsColumn ? ColumnName.StatedScale(column) : null);

    /// <summary>A checked copy.</summary>
    /// <exception cref="ArgumentException">One or more options are wrong; the message names each.</exception>
    internal ReviewFileOptions Validated()
    {
        List<string> faults = [.. Faults()];
        if (faults.Count > 0)
            throw new ArgumentException("The options for reading reviews are wrong. " + string.Join(" ", faults));
        return (ReviewFileOptions)MemberwiseClone();
    }

    private IEnumerable<string> Faults()
    {
        if (Format is { } format && !Enum.IsDefined(format))
            yield return $"{nameof(Format)} is {format}; {string.Join(", ", Enum.GetNames<ReviewFileFormat>())} or null was expected.";
        if (Delimiter is { } delimiter && !IsSeparator(delimiter))
            yield return $"{nameof(Delimiter)} is {Show(delimiter)}, expected an ASCII character other than a line break.";
        if (Quote is { } quote && !IsSeparator(quote))
            yield return $"{nameof(Quote)} is {Show(quote)}, expected an ASCII character other than a line break.";
        if (Delimiter is not null && Delimiter == Quote)
            yield return $"{nameof(Delimiter)} and {nameof(Quote)} are both {Show(Delimiter.Value)}; they must differ.";
        if (Sheet is not null && string.IsNullOrWhiteSpace(Sheet))
            yield return $"{nameof(Sheet)} is blank, expected a sheet's name, or null for the first.";
        if (MaxRows < 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"{nameof(MaxRows)} is {MaxRows}; at least 1 was expected, or null for all rows.");
        if (StarsScale is { } scale && !StarText.Scales.Contains(scale))
            yield return string.Create(CultureInfo.InvariantCulture, $"{nameof(StarsScale)} is {StarsScale}; 5, 10, 20, 50, 100 or null was expected.");
        if (StarsScale is not null && StarsOffset != 0)
            yield return $"{nameof(StarsScale)} and {nameof(StarsOffset)} are both set; scores have a scale or an offset.";
        foreach (string fault in ColumnFaults())
            yield return fault;
    }

    private IEnumerable<string> ColumnFaults()
    {
        (string Option, string? Column)[] columns =
        [
            (nameof(TextColumn), TextColumn), (nameof(TitleColumn), TitleColumn), (nameof(BodyColumn), BodyColumn),
            (nameof(StarsColumn), StarsColumn), (nameof(LabelColumn), LabelColumn),
        ];
        foreach ((string option, string? column) in columns)
        {
            if (column is not null && string.IsNullOrWhiteSpace(column))
                yield return $"{option} is blank; a column's name was expected, or null.";
        }
        foreach (var same in columns.Where(c => !string.IsNullOrWhiteSpace(c.Column)).GroupBy(c => c.Column).Where(g => g.Count() > 1))
            yield return $"{string.Join(" and ", same.Select(c => c.Option))} are both \"{same.Key}\"; a column has one use.";
    }

    internal static bool IsSeparator(char character) => char.IsAscii(character) && character is not ('\n' or '\r' or '\0');

    private static string Show(char character) =>
        char.IsControl(character) || !char.IsAscii(character) ? $"U+{(int)character:X4}" : $"'{character}'";
}
