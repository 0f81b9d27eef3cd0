using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>The rows of a table in several files, one file after the other.</summary>
internal sealed class PartRecords : RecordReader
{
    private readonly TableParts _table;
    private readonly bool[] _needed;
    private int _part;
    private int[] _places; // of the table's columns in the file at hand; -1 for one that it does not have
    private RecordReader _records;

    /// <param name="table">The files.</param>
    /// <param name="needed">Which of the table's columns will be asked for.</param>
    /// <param name="path">The folder that they are in.</param>
    public PartRecords(TableParts table, bool[] needed, string path)
        : base(path)
    {
        (_table, _needed) = (table, needed);
        (_places, _records) = Open(0);
    }

    public override IReadOnlyList<string> Columns => _table.Columns;

    public override string PlaceIn(ReportText text) =>
        $"{System.IO.Path.GetRelativePath(Path, _table.Files[_part].Path)}, {_records.PlaceIn(text)}";

    public override bool Read()
    {
        while (!_records.Read())
        {
            if (_part + 1 == _table.Files.Count)
                return false;
            _records.Dispose();
            (_places, _records) = Open(++_part);
        }
        return true;
    }

    public override string? Value(int column) => _places[column] < 0 ? null : _records.Value(_places[column]);

    public override bool IsJson(int column) => _places[column] >= 0 && _records.IsJson(_places[column]);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _records.Dispose();
    }

    private (int[] Places, RecordReader Records) Open(int part)
    {
        ReviewFile file = _table.Files[part];
        string[] own = [.. file.Columns];
        int[] places = [.. _table.Columns.Select((name, column) => column < own.Length && own[column] == name ? column : Array.IndexOf(own, name))];
        bool[] needed = new bool[own.Length];
        foreach ((int column, int place) in places.Index())
            if (place >= 0)
                needed[place] = _needed[column];
        return (places, file.Open(needed));
    }
}
