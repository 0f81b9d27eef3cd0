namespace SentimentML.Reviews;

/// <summary>A file of reviews: what it is, and its rows as often as they are wanted.</summary>
internal sealed class ReviewFile
{
    private const string Formats = "csv, tsv, jsonl or parquet, with .gz after it or not";

    private readonly ReviewFileOptions _options;
    private readonly ReviewFileFormat _format;

    /// <exception cref="SentimentMLException">There is no such file, or it is not what its name says.</exception>
    public ReviewFile(string path, ReviewFileOptions options)
    {
        Path = System.IO.Path.GetFullPath(path);
        _options = options;
        OpenFile().Dispose(); // a missing file is reported before an unknown extension
        _format = options.Format ?? FormatByName();
        Columns = FindColumns();
    }

    public string Path { get; }

    /// <summary>The file's columns, in its order.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <param name="needed">Which of <see cref="Columns"/> will be asked for.</param>
    public RecordReader Open(bool[] needed)
    {
        RecordReader records = _format switch
        {
            ReviewFileFormat.JsonLines => new JsonLinesRecords(OpenText(), Columns, needed, Path),
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
        if (_format == ReviewFileFormat.JsonLines)
            return JsonLinesRecords.FindColumns(OpenText(), Path);
        using RecordReader records = _format == ReviewFileFormat.Parquet ? new ParquetRecords(OpenParquet(), null, Path) : OpenCsv();
        if (!records.Read())
            throw new SentimentMLException($"{Path}: the file has columns ({string.Join(", ", records.Columns)}) and no rows.");
        return records.Columns;
    }

    private CsvRecords OpenCsv() =>
        new(OpenText(), _options.Delimiter ?? (_format == ReviewFileFormat.Tsv ? '\t' : null), _options.Quote, Path);

    private Utf8Input OpenText() => new(OpenContent(), Path);

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
        string expected = _format switch
        {
            ReviewFileFormat.Parquet => "Parquet",
            ReviewFileFormat.JsonLines => "one JSON object a line",
            _ => "a header line with rows below it",
        };
        if (kind == FileKind.Empty)
            throw new SentimentMLException($"{Path}: the file is empty; {expected} was expected.");
        if ((kind == FileKind.Parquet) != (_format == ReviewFileFormat.Parquet))
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
            ".CSV" => ReviewFileFormat.Csv,
            ".TSV" => ReviewFileFormat.Tsv,
            ".JSONL" or ".NDJSON" or ".JSON" => ReviewFileFormat.JsonLines,
            ".PARQUET" => ReviewFileFormat.Parquet,
            _ => throw new SentimentMLException($"{Path}: the extension does not say the format; {Formats} was expected. Rename the file, or set Format."),
        };
    }
}
