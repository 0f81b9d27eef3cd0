using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>The rows of a file with <see cref="ReviewSides"/>: each side that says something is a row, with its text and label and the other columns.</summary>
internal sealed class SideRecords : RecordReader
{
    /// <summary>What people and shops write where there is nothing to say.</summary>
    private static readonly HashSet<string> Nothing = new(StringComparer.OrdinalIgnoreCase)
    {
        "no positive", "no negative", "nothing", "nothing at all", "none", "no", "nada", "ninguno", "ninguna", "ningún", "sin comentarios", "todo", "all",
        "everything", ".",
    };

    private readonly RecordReader _rows;
    private readonly ReviewSides _sides;
    private readonly Queue<(string Text, string Label)> _waiting = new(capacity: 2);
    private (string Text, string Label) _current;

    /// <param name="rows">The file's rows, opened for both sides; owned.</param>
    /// <param name="sides">Which columns they are.</param>
    /// <param name="path">For messages.</param>
    public SideRecords(RecordReader rows, ReviewSides sides, string path)
        : base(path)
    {
        _rows = rows;
        _sides = sides;
        Columns = NamesOf(rows.Columns, sides);
    }

    public override IReadOnlyList<string> Columns { get; }

    public override string PlaceIn(ReportText text) => _rows.PlaceIn(text);

    /// <summary>The other columns, the text, and the label.</summary>
    public static string[] NamesOf(IReadOnlyList<string> columns, ReviewSides sides) => [.. sides.Others.Select(other => columns[other]), "text", "label"];

    public override bool Read()
    {
        while (_waiting.Count == 0)
        {
            if (!_rows.Read())
                return false;
            Add(_rows.Value(_sides.Positive), "positive");
            Add(_rows.Value(_sides.Negative), "negative");
        }
        _current = _waiting.Dequeue();
        return true;
    }

    public override string? Value(int column) => column < _sides.Others.Length ? _rows.Value(_sides.Others[column])
        : column == _sides.Others.Length ? _current.Text : _current.Label;

    public override bool IsJson(int column) => column < _sides.Others.Length && _rows.IsJson(_sides.Others[column]);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _rows.Dispose();
    }

    private void Add(string? text, string label)
    {
        if (!StarText.IsMissing(text) && !Nothing.Contains(text!.Trim()))
            _waiting.Enqueue((text, label));
    }
}
