using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>A file's rows, one after the other. A value is text, as the file has it; null where the row has none.</summary>
internal abstract class RecordReader(string path) : IDisposable
{
    /// <summary>The longest row of a text file, in bytes: what is longer is no review, and would fill the memory.</summary>
    public const int MaxRecordBytes = 16 << 20;

    protected string Path { get; } = path;

    /// <summary>The file's columns, in its order.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Where the current row begins, for messages: "line 7".</summary>
    public string Place => PlaceIn(ReportText.English);

    /// <summary>The same for a warning: "línea 7".</summary>
    public string LocalizedPlace => PlaceIn(ReportText.Current);

    public abstract string PlaceIn(ReportText text);

    /// <summary>Where the current row begins in the text; null in formats that are no text by lines.</summary>
    public virtual RowStart? Start => null;

    /// <summary>Moves to the next row; false at the end.</summary>
    public abstract bool Read();

    /// <summary>The current row's value. Only columns that the reader was opened for may be asked for.</summary>
    public abstract string? Value(int column);

    /// <summary>Whether the current row's value is JSON other than a string: a number, a boolean, an object. Its text is that JSON.</summary>
    public virtual bool IsJson(int column) => false;

    public SentimentMLException Error(string problem) => new($"{Path}, {Place}: {problem}");

    public SentimentMLException Error(int column, string problem) => new($"{Path}, {Place}, column '{Columns[column]}': {problem}");

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
