using SentimentML.Reviews;

namespace SentimentML.Tool.Data;

/// <summary>A value of a file's column.</summary>
/// <param name="Text">The value; null if the row has none.</param>
/// <param name="IsJson">Whether it is JSON other than a string: a number, an object.</param>
internal readonly record struct CarriedValue(string? Text, bool IsJson);

/// <summary>A row to classify.</summary>
/// <param name="Text">Its text; blank if it has none.</param>
/// <param name="Carried">Its values of the columns that come along.</param>
internal sealed record TextRow(string Text, CarriedValue[] Carried)
{
    public bool IsMissing => MissingValue.IsMissingText(Text);
}

/// <summary>The rows of a file with their text and with columns that come along as they are, whatever they hold.</summary>
internal sealed class TextRows : IDisposable
{
    private readonly StandardInput? _input;
    private readonly ReviewFileOptions _options;
    private readonly ReviewFile _file;
    private readonly ReviewColumns _columns;

    /// <param name="path">The file, or "-" for standard input.</param>
    /// <param name="columns">How it is read.</param>
    /// <param name="cancellation">Stops the copying of standard input.</param>
    /// <exception cref="SentimentMLException">There is no such file, or it has no texts.</exception>
    public TextRows(string path, DataColumns columns, CancellationToken cancellation)
    {
        _options = columns.ToOptions();
        if (path == StandardInput.Word)
        {
            _input = StandardInput.Copy(cancellation);
            path = _input.Path;
        }
        try
        {
            Action<string> warn = _options.Warn!;
            if (_input is not null)
                _options.Format ??= _input.GuessFormat();
            _options = _options.Validated();
            (_file, _columns) = Named(() =>
            {
                var file = new ReviewFile(path, _options, message => warn(WithName(message)));
                return (file, new ReviewColumns(file, _options));
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file's columns, in its order.</summary>
    public IReadOnlyList<string> Columns => _file.Columns;

    /// <summary>The column that holds the whole text; -1 if it is made of several.</summary>
    public int TextColumn => _columns.Text;

    /// <summary>The rows, in the file's order.</summary>
    /// <param name="carried">The places of the columns that come along.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public IEnumerable<TextRow> Read(int[] carried, CancellationToken cancellation)
    {
        bool[] needed = new bool[Columns.Count];
        foreach (int column in (int[])[.. carried, _columns.Text, _columns.Title, _columns.Body])
        {
            if (column >= 0)
                needed[column] = true;
        }
        using RecordReader records = Named(() => _file.Open(needed));
        var row = new ReviewRow(records, _columns, _options);
        while (Named(records.Read))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new TextRow(Named(row.Text), Array.ConvertAll(carried, column => new CarriedValue(records.Value(column), records.IsJson(column))));
        }
    }

    /// <summary>How many rows the file has, by reading it.</summary>
    public long Count(CancellationToken cancellation)
    {
        using RecordReader records = _file.Open(new bool[Columns.Count]);
        long rows = 0;
        for (; records.Read(); rows++)
            cancellation.ThrowIfCancellationRequested();
        return rows;
    }

    public void Dispose() => _input?.Dispose();

    private string WithName(string message) => _input is null ? message : message.Replace(_input.Path, StandardInput.Name, StringComparison.Ordinal);

    /// <summary>Runs work on the file; a failure's message says "standard input" instead of the temporary file.</summary>
    private T Named<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SentimentMLException e) when (_input is not null)
        {
            throw new SentimentMLException(WithName(e.Message), e);
        }
    }
}
