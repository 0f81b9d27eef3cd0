using System.Globalization;

namespace SentimentML.Reviews;

/// <summary>A file of reviews: what it is, and its rows as often as they are wanted.</summary>
internal sealed class ReviewFile
{
    private const string Formats = "csv, tsv, jsonl or parquet, with .gz after it or not";

    private readonly ReviewFileOptions _options;
    private readonly TextEncoding _encoding;

    /// <param name="path">The file.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    /// <exception cref="SentimentMLException">There is no such file, or it is not what its name says.</exception>
    public ReviewFile(string path, ReviewFileOptions options, Action<string> warn)
    {
        Path = System.IO.Path.GetFullPath(path);
        _options = options;
        _encoding = new TextEncoding(Path, options.Encoding, options.Names, warn);
        OpenFile().Dispose(); // a missing file is reported before an unknown extension
        Format = options.Format ?? FormatByName();
        if (Format is ReviewFileFormat.Csv or ReviewFileFormat.Tsv)
            Csv = CsvLayout.Find(OpenText(), options, Path, warn);
        Columns = FindColumns();
    }

    public string Path { get; }

    public ReviewFileFormat Format { get; }

    /// <summary>The layout of a csv or tsv file; null for others.</summary>
    public CsvLayout? Csv { get; }

    /// <summary>Whether the columns' names are the file's own.</summary>
    public bool HasHeader => Csv is null || _options.HasHeader;

    /// <summary>Where the header is, for messages; null if names cannot be confused with values.</summary>
    public string? HeaderPlace => Csv is not null && _options.HasHeader ? string.Create(CultureInfo.InvariantCulture, $"line {Csv.RowsAbove + 1}") : null;

    /// <summary>The file's columns, in its order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The names of the columns of a file without a header.</summary>
    public static string[] Numbered(int count) => [.. Enumerable.Range(1, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <param name="needed">Which of <see cref="Columns"/> will be asked for.</param>
    public RecordReader Open(bool[] needed)
    {
        RecordReader records = Format switch
        {
            ReviewFileFormat.JsonLines => new JsonRecords(OpenText(), Columns, needed, Path),
            ReviewFileFormat.Parquet => new ParquetRecords(OpenParquet(), needed, Path),
            _ => OpenCsv(),
        };
        if (records.Columns.SequenceEqual(Columns))
            return records;
        records.Dispose();
        throw new SentimentMLException($"{Path}: the file has changed since it was loaded; its columns were {string.Join(", ", Columns)}. Load it again.");
    }

    private IReadOnlyList<string> FindColumns()
    {
        if (Format == ReviewFileFormat.JsonLines)
            return JsonRecords.FindColumns(OpenText(), Path);
        using RecordReader records = Format == ReviewFileFormat.Parquet ? new ParquetRecords(OpenParquet(), null, Path) : OpenCsv();
        if (!records.Read())
            throw new SentimentMLException($"{Path}: the file has columns ({string.Join(", ", records.Columns)}) and no rows.");
        return records.Columns;
    }

    private CsvRecords OpenCsv() => new(OpenText(), Csv!, _options, Path);

    private TextInput OpenText() => new(OpenContent(), _encoding);

    /// <summary>Parquet is read from its end: a compressed file is unpacked to a temporary one, which goes when it is closed.</summary>
    private Stream OpenParquet()
    {
        Stream content = OpenContent();
        if (content is FileStream)
            return content;
        var unpacked = new FileStream(System.IO.Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            using (content)
                content.CopyTo(unpacked);
            unpacked.Position = 0;
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    /// <summary>The file's bytes, unpacked where they are gzip, whatever its name says of that.</summary>
    private Stream OpenContent()
    {
        FileStream file = OpenFile();
        try
        {
            FileKind kind = FileKinds.Read(file);
            if (kind == FileKind.Gzip)
                return new GzipInput(file, Path);
            if (IsNamedGzip && kind != FileKind.Empty)
                throw new SentimentMLException($"{Path}: the name ends in .gz and the content is not gzip. Rename the file by what it holds, or compress it.");
            Check(kind);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private FileStream OpenFile()
    {
        if (Directory.Exists(Path))
            throw new SentimentMLException($"{Path} is a folder; a file of reviews was expected: {Formats}.");
        try
        {
            var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16, FileOptions.SequentialScan);
            if (file.CanSeek)
                return file;
            file.Dispose();
            throw new SentimentMLException($"{Path} is a pipe or a device, which can be read once; reviews are read several times. Write them to a file first.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SentimentMLException($"{Path} does not exist; a file of reviews was expected: {Formats}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{Path} cannot be read: {e.Message}", e);
        }
    }

    private void Check(FileKind kind)
    {
        string expected = Format switch
        {
            ReviewFileFormat.Parquet => "Parquet",
            ReviewFileFormat.JsonLines => "one JSON object a line",
            _ => "a header line with rows below it",
        };
        if (kind == FileKind.Empty)
            throw new SentimentMLException($"{Path}: the file is empty; {expected} was expected.");
        if ((kind == FileKind.Parquet) != (Format == ReviewFileFormat.Parquet))
            throw new SentimentMLException($"{Path}: the content is {FileKinds.Name(kind)}; {expected} was expected, by {(_options.Format is null ? "the file's extension. Rename the file by what it holds" : "the Format given")}.");
        if (kind != FileKind.Other && kind != FileKind.Parquet)
            throw new SentimentMLException($"{Path}: the content is {FileKinds.Name(kind)}; {expected} was expected, in UTF-8 and uncompressed or gzip.");
    }

    private bool IsNamedGzip => System.IO.Path.GetExtension(Path).Equals(".gz", StringComparison.OrdinalIgnoreCase);

    private ReviewFileFormat FormatByName()
    {
        string name = IsNamedGzip ? System.IO.Path.GetFileNameWithoutExtension(Path) : Path;
        return System.IO.Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".CSV" or ".TXT" => ReviewFileFormat.Csv,
            ".TSV" or ".TAB" => ReviewFileFormat.Tsv,
            ".JSONL" or ".NDJSON" or ".JSON" => ReviewFileFormat.JsonLines,
            ".PARQUET" => ReviewFileFormat.Parquet,
            _ => throw new SentimentMLException($"{Path}: the extension does not say the format; {Formats} was expected. Rename the file, or {_options.Names.Set(nameof(ReviewFileOptions.Format), "the one that it has")}."),
        };
    }
}
