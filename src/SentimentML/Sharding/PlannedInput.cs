using System.Text;
using SentimentML.Inference;
using SentimentML.Predictions;
using SentimentML.Reviews;

namespace SentimentML.Sharding;

/// <summary>
/// An input while a plan is made: where each block of rows begins. A shard begins with a block, because there a window of the whole file
/// begins too, and the last digits of an answer depend on the texts in its window.
/// </summary>
internal sealed class PlannedInput
{
    /// <summary>The rows of a block.</summary>
    public const int BlockRows = ScoringPipeline.WindowRows;

    private readonly ReviewFile _file;
    private readonly List<RowStart> _blocks = []; // of a text file: 16 bytes for a block
    private readonly IReadOnlyList<ParquetGroup>? _groups;
    private readonly long _bytes;

    /// <summary>Reads all of a file, in constant memory.</summary>
    /// <exception cref="SentimentMLException">It cannot be read.</exception>
    public PlannedInput(TextRows rows, CancellationToken cancellation)
    {
        _file = rows.File;
        if (_file.IsFolder)
            throw new SentimentMLException($"{_file.Path} is a folder, expected a file: shards are parts of files. " + (_file.Format == ReviewFileFormat.Folder
                ? "Write its texts to one file, such as jsonl, and plan that." : "Give its files instead, which are planned together."));
        _bytes = new FileInfo(_file.Path).Length;
        int mark = MarkLength();
        using RecordReader records = _file.Open(new bool[_file.Columns.Count]);
        _groups = _file.WhyWhole is null ? (records as ParquetRecords)?.Groups() : null;
        if (_groups is not null)
            Rows = _groups.Sum(group => group.Rows);
        for (; _groups is null && records.Read(); Rows++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Rows % BlockRows == 0 && records.Start is { } start)
                _blocks.Add(start with { Offset = start.Offset + mark });
        }
    }

    public long Rows { get; }

    /// <summary>In how many places a shard may begin.</summary>
    public long Blocks => _file.WhyWhole is null ? (Rows + BlockRows - 1) / BlockRows : Math.Min(Rows, 1);

    /// <summary>The rows of a block.</summary>
    public long RowsIn(long block) => _file.WhyWhole is null ? Math.Min(BlockRows, Rows - (block * BlockRows)) : Rows;

    /// <summary>The input, and its ranges with their digests: the file is read once more, for all of them.</summary>
    /// <param name="ranges">The ranges of this input.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public (InputFile Input, IReadOnlyList<ShardRange> Ranges) Digested(IReadOnlyList<ShardRange> ranges, CancellationToken cancellation)
    {
        (string whole, string[] digests) = RangeDigest.Of(_file, ranges, cancellation);
        return (new InputFile(_file.Path, _bytes, whole, Rows, _file.WhyWhole is null ? _file.Layout : null),
            [.. ranges.Zip(digests, (range, digest) => range with { Sha256 = digest })]);
    }

    /// <summary>The rows of some blocks.</summary>
    /// <param name="input">The input's place.</param>
    /// <param name="first">The first block.</param>
    /// <param name="behind">The block behind the last one.</param>
    /// <returns>The range, without its digest.</returns>
    public ShardRange Range(int input, long first, long behind)
    {
        long firstRow = first * BlockRows, rows = (behind == Blocks ? Rows : behind * BlockRows) - firstRow;
        var range = new ShardRange(input, firstRow, rows, 0, _bytes, 0, "");
        if (_groups is not null)
        {
            (long start, long end) = GroupsOf(firstRow, firstRow + rows);
            range = range with { Start = start, End = end };
        }
        else if (_file.WhyWhole is null)
        {
            RowStart start = _blocks[(int)first];
            range = range with { Start = start.Offset, End = behind == Blocks ? _bytes : _blocks[(int)behind].Offset, FirstLine = start.Line };
        }
        return range;
    }

    /// <summary>The bytes of the row groups that have some of these rows.</summary>
    private (long Start, long End) GroupsOf(long firstRow, long behind)
    {
        long row = 0, start = long.MaxValue, end = 0;
        foreach (ParquetGroup group in _groups!)
        {
            if (row < behind && row + group.Rows > firstRow)
                (start, end) = (Math.Min(start, group.Start), Math.Max(end, group.End));
            row += group.Rows;
        }
        return (Math.Min(start, end), end);
    }

    /// <summary>Offsets in a text are counted behind a byte order mark.</summary>
    private int MarkLength()
    {
        Span<byte> start = stackalloc byte[3];
        using FileStream file = _file.OpenFile();
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..read].SequenceEqual(Encoding.UTF8.Preamble) ? read : 0;
    }
}
