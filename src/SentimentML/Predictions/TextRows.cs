using SentimentML.Reviews;

namespace SentimentML.Predictions;

/// <summary>The rows of a file with their text and with columns that come along as they are, whatever they hold.</summary>
/// <param name="file">The file.</param>
/// <param name="options">How it is read; checked.</param>
/// <exception cref="SentimentMLException">The file has no texts.</exception>
internal sealed class TextRows(ReviewFile file, ReviewFileOptions options)
{
    private readonly ReviewColumns _columns = new(file, options);

    /// <summary>Opens a file.</summary>
    /// <exception cref="SentimentMLException">There is no such file, or it has no texts.</exception>
    public static TextRows Open(string path, ReviewFileOptions options, Action<string> warn) => new(new ReviewFile(path, options, warn), options);

    /// <summary>The file: what was found out about it so far.</summary>
    public ReviewFile File => file;

    /// <summary>The column that holds the whole text; -1 if it is made of several.</summary>
    public int TextColumn => _columns.Text;

    /// <summary>The rows, in the file's order.</summary>
    /// <param name="carried">The columns that come along.</param>
    /// <param name="part">The part of the file to read; null for all of it.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public IEnumerable<TextRow> Read(CarriedColumns carried, FilePart? part, CancellationToken cancellation)
    {
        using RecordReader records = file.Open(Needed(carried.Places), part);
        var row = new ReviewRow(records, _columns, options);
        while (records.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new TextRow(
                row.Text(), carried.Names, Array.ConvertAll(carried.Places, column => new CarriedValue(records.Value(column), records.IsJson(column))));
        }
    }

    /// <summary>How many rows the file has, by reading it.</summary>
    public long Count(CancellationToken cancellation)
    {
        using RecordReader records = file.Open(new bool[file.Columns.Count]);
        long rows = 0;
        for (; records.Read(); rows++)
            cancellation.ThrowIfCancellationRequested();
        return rows;
    }

    private bool[] Needed(int[] carried)
    {
        bool[] needed = new bool[file.Columns.Count];
        foreach (int column in (int[])[.. carried, _columns.Text, _columns.Title, _columns.Body])
        {
            if (column >= 0)
                needed[column] = true;
        }
        return needed;
    }
}
