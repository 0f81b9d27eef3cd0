using System.Globalization;
using System.Text.Json;

namespace SentimentML.Reviews;

/// <summary>A file of reviews: what it is, and its rows as often as they are wanted.</summary>
internal sealed class ReviewFile
{
    private const string Formats = "csv, tsv, txt, jsonl, json, xlsx or parquet, with .gz, .bz2, .xz, .zst or .zip after it or not";

    private readonly ReviewFileOptions _options;
    private readonly TextEncoding _encoding;
    private readonly string _extension;
    private readonly bool _hasLineLabels;
    private Action<string>? _suspect; // told once, however often the file is read

    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    /// <exception cref="SentimentMLException">There is no such file, or it is not what its name says.</exception>
    public ReviewFile(string path, ReviewFileOptions options, Action<string> warn)
    {
        Path = System.IO.Path.GetFullPath(path);
        _options = options;
        _suspect = warn;
        _encoding = new TextEncoding(Path, options.Encoding, options.Names, warn);
        using (FileContent content = OpenContent())
        {
            Compression = content.Compression;
            _extension = System.IO.Path.GetExtension(content.Name).ToUpperInvariant();
            Format = options.Format ?? FormatOf(content, warn);
            Check(content);
        }
        if (Format is ReviewFileFormat.Csv or ReviewFileFormat.Tsv)
            Csv = CsvLayout.Find(OpenText(), options, Path, warn);
        if (Format == ReviewFileFormat.Csv && options.Format is null && IsTextOnLines(options))
        {
            (Format, Csv) = (ReviewFileFormat.Lines, null);
            warn($"{Path}: no header names a column of texts; each line is read as one text.");
        }
        if (Format == ReviewFileFormat.Lines)
            _hasLineLabels = LineRecords.HasLabels(OpenText(), Path);
        if (Format is ReviewFileFormat.JsonLines or ReviewFileFormat.Json)
        {
            Json = JsonLayout.Find(() => new TextInput(OpenContent().Stream, _encoding, isChecked: false), options, Path, warn);
            Format = Json.IsLines ? ReviewFileFormat.JsonLines : ReviewFileFormat.Json;
        }
        if (Format == ReviewFileFormat.Excel)
            Excel = ExcelLayout.Find(OpenBinary(), options, Path, warn);
        Columns = FindColumns();
    }

    /// <summary>A file whose layout was found out before: none of it is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="layout">What <see cref="Layout"/> gave.</param>
    public ReviewFile(string path, ReviewFileOptions options, FileLayout layout)
    {
        Path = System.IO.Path.GetFullPath(path);
        _options = options;
        _encoding = new TextEncoding(Path, TextEncodings.Utf8, options.Names, static _ => { });
        _extension = "";
        Format = layout.Format;
        Columns = layout.Columns;
        _hasLineLabels = Format == ReviewFileFormat.Lines && Columns.Count > 1;
        if (Format is ReviewFileFormat.Csv or ReviewFileFormat.Tsv)
            Csv = new CsvLayout(layout.Delimiter ?? CsvLayout.NoDelimiter, 0, [.. layout.Columns], RowsBelow: 0, IsTable: true);
        if (Format == ReviewFileFormat.JsonLines)
            Json = new JsonLayout(null, IsLines: true, [.. layout.Columns], layout.Paths) { ListDepths = layout.ListDepths };
    }

    public string Path { get; }

    /// <summary>The layout, for reading parts.</summary>
    public FileLayout Layout => new(Format, Csv?.Delimiter, Columns, Json?.Paths, Json?.ListDepths);

    /// <summary>Why the file cannot be read in parts, in words; null if it can. Of a text file it is known when all of it was read.</summary>
    public string? WhyWhole => this switch
    {
        { Compression: { } compression } => $"it is compressed with {compression}",
        { Format: ReviewFileFormat.Excel } => "it is an Excel workbook",
        { Format: ReviewFileFormat.Json } => "its rows are in a JSON array",
        { Json.Rows: not null } => "its rows are in lists inside JSON objects",
        { Format: not ReviewFileFormat.Parquet } when Encoding != TextEncodings.Utf8.WebName => $"its text is {Encoding}, and not UTF-8",
        _ => null,
    };

    public ReviewFileFormat Format { get; }

    /// <summary>What the file is compressed with: "gzip", "bzip2", "xz", "zstd", "zip"; null if it is not.</summary>
    public string? Compression { get; }

    /// <summary>The encoding of a text file, as far as it was read.</summary>
    public string Encoding => _encoding.Found.WebName;

    /// <summary>The layout of a csv or tsv file; null for others.</summary>
    public CsvLayout? Csv { get; }

    /// <summary>The layout of a JSON file; null for others.</summary>
    public JsonLayout? Json { get; }

    /// <summary>The layout of an Excel workbook; null for others.</summary>
    public ExcelLayout? Excel { get; }

    /// <summary>Whether columns are paths into objects: their last part is the name to look for.</summary>
    public bool IsNested => Json?.Paths is not null;

    /// <summary>How far a column is from the row.</summary>
    public ColumnDistance DistanceOf(int column) => Json?.DistanceOf(column) ?? ColumnDistance.Own;

    /// <summary>Whether the columns' names are the file's own.</summary>
    public bool HasHeader => Format != ReviewFileFormat.Lines && ((Csv is null && Excel is null) || _options.HasHeader);

    /// <summary>Where the header is, for messages; null if names cannot be confused with values.</summary>
    public string? HeaderPlace => (Csv ?? (object?)Excel) is null || !_options.HasHeader
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{(Csv is null ? "row" : "line")} {(Csv?.RowsAbove ?? Excel!.RowsAbove) + 1}");

    /// <summary>The file's columns, in its order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The names of the columns of a file without a header.</summary>
    public static string[] Numbered(int count) => [.. Enumerable.Range(1, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <param name="needed">Which of <see cref="Columns"/> will be asked for.</param>
    /// <param name="part">
    /// The part to read, of a file that can be read so. Of Parquet the rows go on behind it: the groups' last rows may belong to the next part.
    /// </param>
    public RecordReader Open(bool[] needed, FilePart? part)
    {
        if (part is null)
            return Open(needed);
        if (Format == ReviewFileFormat.Parquet)
            return new ParquetRecords(OpenFile(), needed, Path, part.FirstRow);
        var text = new FilePartInput(OpenFile(), part.Start, part.End);
        return Format switch
        {
            ReviewFileFormat.JsonLines => new JsonRecords(text, Json!, needed, Path, part.FirstLine - 1),
            ReviewFileFormat.Lines => new LineRecords(text, _hasLineLabels, Path, part.FirstLine - 1),
            // after a line, U+FEFF is no byte order mark
            _ => new CsvRecords(new Preceded("\n"u8.ToArray(), text), Csv!, _options, Path, Suspect, part.FirstLine - 2),
        };
    }

    /// <param name="needed">Which of <see cref="Columns"/> will be asked for.</param>
    public RecordReader Open(bool[] needed)
    {
        RecordReader records = Format switch
        {
            ReviewFileFormat.JsonLines or ReviewFileFormat.Json => new JsonRecords(OpenText(), Json!, needed, Path),
            ReviewFileFormat.Parquet => new ParquetRecords(OpenBinary(), needed, Path),
            ReviewFileFormat.Excel => OpenExcel(),
            ReviewFileFormat.Lines => OpenLines(),
            _ => OpenCsv(),
        };
        if (records.Columns.SequenceEqual(Columns))
            return records;
        records.Dispose();
        throw new SentimentMLException($"{Path}: the file has changed since it was loaded; its columns were {string.Join(", ", Columns)}. Load it again.");
    }

    private IReadOnlyList<string> FindColumns()
    {
        if (Json is { Columns.Count: > 0 })
            return Json.Columns;
        using RecordReader records = Format switch
        {
            ReviewFileFormat.JsonLines or ReviewFileFormat.Json => new JsonRecords(OpenText(), Json!, [], Path), // says what is broken
            ReviewFileFormat.Parquet => new ParquetRecords(OpenBinary(), null, Path),
            ReviewFileFormat.Excel => OpenExcel(),
            ReviewFileFormat.Lines => OpenLines(),
            _ => OpenCsv(),
        };
        if (!records.Read())
            throw new SentimentMLException($"{Path}: the file has columns ({string.Join(", ", records.Columns)}) and no rows.");
        return records.Columns;
    }

    private CsvRecords OpenCsv() => new(OpenText(), Csv!, _options, Path, Suspect);

    private void Suspect(string message) => Interlocked.Exchange(ref _suspect, null)?.Invoke(message);

    private LineRecords OpenLines() => new(OpenText(), _hasLineLabels, Path);

    private ExcelRecords OpenExcel() => new(OpenBinary(), Excel!, _options, Path);

    private TextInput OpenText() => new(OpenContent().Stream, _encoding);

    private FileStream OpenBinary() => OpenContent().ToFile();

    private FileContent OpenContent() => FileContent.Open(OpenFile(), Path);

    /// <summary>
    /// Whether a .txt file is texts on lines and not a table: fastText's labels, or no name of a column and no delimiter but those of prose.
    /// </summary>
    private bool IsTextOnLines(ReviewFileOptions options)
    {
        if (_extension != ".TXT" || !options.HasHeader || options.Delimiter is not null || options.NamesColumn)
            return false;
        return Csv!.Columns[0].StartsWith(LineRecords.LabelMark, StringComparison.Ordinal)
            || (Csv.Delimiter != '\t' && !Csv.IsTable && !new ReviewColumnNames(options).AreFoundIn(Csv.Columns));
    }

    public FileStream OpenFile()
    {
        if (Directory.Exists(Path))
            throw new SentimentMLException($"{Path} is a folder, expected a file of reviews: {Formats}.");
        try
        {
            var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);
            if (file.CanSeek)
                return file;
            file.Dispose();
            throw new SentimentMLException(
                $"{Path} is a pipe or a device, which can be read once; reviews are read several times. Write them to a file first.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SentimentMLException($"{Path} does not exist, expected a file of reviews: {Formats}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{Path} cannot be read: {e.Message}", e);
        }
    }

    private ReviewFileFormat FormatOf(FileContent content, Action<string> warn)
    {
        ReviewFileFormat? byName = _extension switch
        {
            ".CSV" or ".TXT" => ReviewFileFormat.Csv,
            ".TSV" or ".TAB" => ReviewFileFormat.Tsv,
            ".JSONL" or ".NDJSON" => ReviewFileFormat.JsonLines,
            ".JSON" => ReviewFileFormat.Json,
            ".XLSX" or ".XLSM" or ".XLS" => ReviewFileFormat.Excel,
            ".PARQUET" or ".PQ" => ReviewFileFormat.Parquet,
            _ => null,
        };
        ReviewFileFormat? byContent = content.Kind switch { FileKind.Parquet => ReviewFileFormat.Parquet, FileKind.Excel => ReviewFileFormat.Excel, _ => null };
        if (byContent is not null && byName is not null && byContent != byName)
            warn($"{Path}: the content is {content.KindName} and is read so, although the name ends in {_extension.ToLowerInvariant()}.");
        if (byName is ReviewFileFormat.Csv or ReviewFileFormat.Tsv && _options.Delimiter is null && content.Kind == FileKind.Text && BeginsAsJson())
        {
            warn($"{Path}: the content is JSON and is read so, although the name ends in {_extension.ToLowerInvariant()}.");
            return ReviewFileFormat.JsonLines;
        }
        if (_extension == ".XLS" && content.Kind == FileKind.Text) // web programs name tables so, that Excel may open them
        {
            warn($"{Path}: the content is text and is read as csv, although the name ends in .xls.");
            return ReviewFileFormat.Csv;
        }
        if ((byContent ?? byName) is { } format)
            return format;
        throw new SentimentMLException(content.Kind == FileKind.Other
            ? $"{Path}: the content is {content.KindName}, expected a file of reviews: {Formats}. Convert or unpack it by another program."
            : $"{Path}: the extension does not say the format, expected {Formats}. "
                + $"Rename the file, or {_options.Names.Set(nameof(ReviewFileOptions.Format), "the one that it has")}.");
    }

    /// <summary>Whether the text begins with a JSON object, or with an array of such, and no further than a text might.</summary>
    private bool BeginsAsJson()
    {
        using var text = new TextInput(OpenContent().Stream, _encoding, isChecked: false);
        var start = new byte[1 << 16];
        var json = new Utf8JsonReader(start.AsSpan(0, text.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)), isFinalBlock: false, default);
        try
        {
            return json.Read() && (json.TokenType != JsonTokenType.StartArray || json.Read()) && json.TokenType == JsonTokenType.StartObject
                && json.Read() && json.TokenType == JsonTokenType.PropertyName && json.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Check(FileContent content)
    {
        string expected = Format switch
        {
            ReviewFileFormat.Parquet => "Parquet",
            ReviewFileFormat.Excel => "an Excel workbook (.xlsx)",
            ReviewFileFormat.JsonLines or ReviewFileFormat.Json => "JSON",
            ReviewFileFormat.Lines => "one text a line",
            _ => "a header line with rows below it",
        };
        if (content.Kind == FileKind.Empty)
            throw new SentimentMLException($"{Path}: the file is empty, expected {expected}.");
        FileKind right = Format switch { ReviewFileFormat.Parquet => FileKind.Parquet, ReviewFileFormat.Excel => FileKind.Excel, _ => FileKind.Text };
        if (content.Kind == right)
            return;
        string by = _options.Format is null
            ? "by the file's extension. Rename the file by what it holds"
            : $"as {_options.Names.Name(nameof(ReviewFileOptions.Format))} says. Give the right one";
        throw new SentimentMLException(content.Kind is FileKind.Text or FileKind.Parquet or FileKind.Excel
            ? $"{Path}: the content is {content.KindName}, expected {expected}, {by}."
            : $"{Path}: the content is {content.KindName}, expected {expected}. Convert or unpack it by another program.");
    }
}
