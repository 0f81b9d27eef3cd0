using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>The rows of a table in several files, one file after the other.</summary>
/// <param name="parts">The files; they have the same columns.</param>
/// <param name="needed">Which of the columns will be asked for.</param>
/// <param name="path">The place of the folder that they are in.</param>
internal sealed class PartRecords(IReadOnlyList<ReviewFile> parts, bool[] needed, string path) : RecordReader(path)
{
    private int _part;
    private RecordReader _records = parts[0].Open(needed);

    public override IReadOnlyList<string> Columns => parts[0].Columns;

    public override string PlaceIn(ReportText text) =>
        $"{System.IO.Path.GetRelativePath(Path, parts[_part].Path)}, {_records.PlaceIn(text)}";

    public override bool Read()
    {
        while (!_records.Read())
        {
            if (_part + 1 == parts.Count)
                return false;
            _records.Dispose();
            _records = parts[++_part].Open(needed);
        }
        return true;
    }

    public override string? Value(int column) => _records.Value(column);

    public override bool IsJson(int column) => _records.IsJson(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _records.Dispose();
    }
}
