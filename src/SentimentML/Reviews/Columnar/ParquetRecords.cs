using System.Globalization;
using Parquet;
using Parquet.Meta;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// Rows of a Parquet file, by Parquet.Net, one row group in memory at a time and of it only the columns that are asked for.
/// Columns with one value a row are read, as text, and lists of such values, as JSON; so are the values inside structures. Structures in lists are not.
/// </summary>
internal sealed class ParquetRecords : RecordReader
{
    // Writers make groups of some hundred thousand rows to a million; older ones of up to 64 Mi.
    public const long MaxRowsInGroup = 64 << 20;

    private readonly Stream _file;
    private readonly HashSet<string> _halfColumns;
    private readonly ParquetReader _parquet;
    private readonly ParquetColumn[] _columns;
    private readonly ClassLabels?[] _labels; // of the columns that have labels as numbers
    private readonly bool[] _needed;
    private readonly string?[]?[] _values;
    private int _group = -1;
    private long _rowInGroup;
    private long _rowsInGroup;
    private long _row;
    private long _firstInGroup; // of the next group, where the file is not read from its start

    /// <param name="file">The file, which can be sought in; owned.</param>
    /// <param name="needed">Which columns will be asked for; null for none.</param>
    /// <param name="path">For messages.</param>
    /// <param name="firstRow">The row to begin with; groups before it are not read. The default value is 0.</param>
    public ParquetRecords(FileStream file, bool[]? needed, string path, long firstRow = 0)
        : base(path)
    {
        (_halfColumns, Dictionary<long, byte> changes) = ParquetFooter.HalfColumns(file);
        _file = changes.Count == 0 ? file : new ChangedFile(file, changes);
        try
        {
            (_parquet, _columns) = Run("the file's footer", OpenAsync);
            (_firstInGroup, _row) = (firstRow, firstRow);
            while (_group + 1 < _parquet.RowGroupCount && RowsIn(_group + 1) is var rows && rows <= _firstInGroup)
            {
                _group++;
                _firstInGroup -= rows;
            }
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        Columns = Array.ConvertAll(_columns, column => column.Name);
        Dictionary<string, ClassLabels> labels = _parquet.CustomMetadata.TryGetValue("huggingface", out string? features)
            ? ClassLabels.InMetadata(features) : [];
        _labels = Array.ConvertAll(_columns, column => labels.GetValueOrDefault(column.Name));
        _needed = needed ?? new bool[_columns.Length];
        _values = new string?[_columns.Length][];
    }

    public override IReadOnlyList<string> Columns { get; }

    /// <summary>The fields at the top of the schema of which nothing is read.</summary>
    public IReadOnlyList<string> NotRead => [.. _parquet.Schema.Fields.Where(top => !ParquetColumn.Of(top).Any()).Select(top => top.Name)];

    public override string PlaceIn(ReportText text) => $"{text.Say("fila", "row")} {_row}";

    public override bool Read()
    {
        _rowInGroup++;
        while (_rowInGroup >= _rowsInGroup)
        {
            if (_group + 1 == _parquet.RowGroupCount)
                return false;
            ReadGroup(++_group);
        }
        _row++;
        return true;
    }

    public override string? Value(int column) =>
        _labels[column] is { } labels ? labels.NameOf(_values[column]![_rowInGroup]) : _values[column]![_rowInGroup];

    public override bool IsJson(int column) => _columns[column].IsList;

    /// <summary>The row groups, in the file's order: their rows, and the bytes in which their columns lie.</summary>
    /// <exception cref="SentimentMLException">The footer says bytes that the file does not have.</exception>
    public IReadOnlyList<ParquetGroup> Groups()
    {
        var groups = new ParquetGroup[_parquet.RowGroupCount];
        for (int i = 0; i < groups.Length; i++)
        {
            (long start, long end) = (long.MaxValue, 0);
            foreach (ColumnMetaData column in _parquet.Metadata!.RowGroups[i].Columns.Select(column => column.MetaData).OfType<ColumnMetaData>())
            {
                long first = column.DictionaryPageOffset is > 0 and var dictionary ? Math.Min(dictionary, column.DataPageOffset) : column.DataPageOffset;
                if (first < 0 || column.TotalCompressedSize < 0 || first > _file.Length - column.TotalCompressedSize)
                    throw new SentimentMLException($"{Path}: the footer says that row group {i + 1} ends after byte {first} + {column.TotalCompressedSize}, "
                        + $"and the file has {_file.Length}. It is damaged or cut off: get it again.");
                (start, end) = (Math.Min(start, first), Math.Max(end, first + column.TotalCompressedSize));
            }
            groups[i] = new ParquetGroup(RowsIn(i), Math.Min(start, end), end);
        }
        return groups;
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        try
        {
            Run("the file's end", async () =>
            {
                await _parquet.DisposeAsync().ConfigureAwait(false);
                return true;
            });
        }
        finally
        {
            _file.Dispose();
        }
    }

    private async Task<(ParquetReader, ParquetColumn[])> OpenAsync()
    {
        ParquetReader parquet = await ParquetReader.CreateAsync(_file, null, true, CancellationToken.None).ConfigureAwait(false);
        return (parquet, [.. parquet.Schema.Fields.SelectMany(field => ParquetColumn.Of(field))]);
    }

    private long RowsIn(int group) => _parquet.Metadata!.RowGroups[group].NumRows is >= 0 and <= MaxRowsInGroup and var rows
        ? rows
        : throw new SentimentMLException($"{Path}: the footer says that row group {group + 1} has {_parquet.Metadata.RowGroups[group].NumRows} rows, expected "
            + $"at most {MaxRowsInGroup}. Write the file with smaller row groups, or get it again if it is damaged.");

    private void ReadGroup(int index)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"row group {index + 1}");
        long rows = RowsIn(index);
        using ParquetRowGroupReader group = Run(name, () => Task.FromResult(_parquet.OpenRowGroupReader(index)));
        for (int i = 0; i < _columns.Length; i++)
        {
            if (_needed[i])
                _values[i] = ReadColumn(group, _columns[i], $"{name}, column '{_columns[i].Name}'");
        }
        _rowsInGroup = rows;
        _rowInGroup = _firstInGroup;
        _firstInGroup = 0;
    }

    private string?[] ReadColumn(ParquetRowGroupReader group, ParquetColumn column, string part)
    {
        // Parquet.Net takes this codec for another, and gives values that are not in the file.
        if (group.GetMetadata(column.Values)?.MetaData?.Codec == CompressionCodec.LZ4)
            throw new SentimentMLException($"{Path}: {part} is compressed with LZ4 in frames, as Hadoop does, expected Snappy, Zstandard, Gzip, Brotli, "
                + "LZ4_RAW or no compression. Write the file with one of them.");
        try
        {
            return Run(part, () => ParquetText.ReadAsync(group, column, isHalf: _halfColumns.Contains(column.IsList ? column.Name : column.Values.Name)));
        }
        catch (SentimentMLException e) when (e.InnerException is DivideByZeroException && column.Values.ClrType == typeof(bool))
        {
            throw new SentimentMLException($"{Path}: {part} has booleans in run-length encoding, which Parquet.Net does not know. Write the file with them in "
                + "plain encoding, or as text or numbers.", e);
        }
    }

    /// <summary>
    /// Runs on the thread pool, since a blocking wait on the caller's synchronization context could deadlock. An exception that a damaged
    /// file causes in Parquet.Net is rethrown with the file and the part.
    /// </summary>
    private T Run<T>(string part, Func<Task<T>> read)
    {
        try
        {
            return Task.Run(read).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not SentimentMLException)
        {
            throw new SentimentMLException(
                $"{Path}: {part} cannot be read as Parquet; the file is damaged, cut off, or uses what Parquet.Net does not know. {e.Message}", e);
        }
    }
}
