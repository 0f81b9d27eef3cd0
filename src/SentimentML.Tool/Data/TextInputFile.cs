using SentimentML.Predictions;

namespace SentimentML.Tool.Data;

/// <summary>A file of texts that the user named, or standard input as one.</summary>
internal sealed class TextInputFile : IDisposable
{
    private readonly StandardInput? _input;
    private readonly TextRows _rows;

    /// <param name="path">The file, or "-" for standard input.</param>
    /// <param name="columns">How it is read.</param>
    /// <param name="cancellation">Stops the copying of standard input.</param>
    /// <exception cref="SentimentMLException">There is no such file, or it has no texts.</exception>
    public TextInputFile(string path, DataColumns columns, CancellationToken cancellation)
    {
        ReviewFileOptions options = columns.ToOptions();
        if (path == StandardInput.Word)
        {
            _input = StandardInput.Copy(cancellation);
            path = _input.Path;
        }
        try
        {
            Action<string> warn = options.Warn!;
            if (_input is not null)
                options.Format ??= _input.GuessFormat();
            options = options.Validated();
            _rows = Named(() => TextRows.Open(path, options, message => warn(WithName(message))));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The columns that come along.</summary>
    /// <param name="chosen">Their names; null for all.</param>
    /// <param name="taken">The names that the output has already.</param>
    /// <exception cref="SentimentMLException">A name is none of the input's.</exception>
    public CarriedColumns Carried(IReadOnlyList<string>? chosen, IReadOnlyCollection<string> taken) => CarriedColumns.Of(_rows, chosen, taken, "--columns");

    /// <summary>The rows, in the file's order.</summary>
    public IEnumerable<TextRow> Read(CarriedColumns carried, CancellationToken cancellation)
    {
        using IEnumerator<TextRow> rows = _rows.Read(carried, part: null, cancellation).GetEnumerator();
        while (Named(rows.MoveNext))
            yield return rows.Current;
    }

    /// <summary>How many rows the file has, by reading it.</summary>
    public long Count(CancellationToken cancellation) => _rows.Count(cancellation);

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
