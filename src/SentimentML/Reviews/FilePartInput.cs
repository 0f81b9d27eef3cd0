namespace SentimentML.Reviews;

/// <summary>Some bytes of a file, one after the other.</summary>
internal sealed class FilePartInput : ReadOnlyStream
{
    private readonly FileStream _file;
    private long _left;

    /// <param name="file">The file, owned.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="end">The byte behind the last one.</param>
    public FilePartInput(FileStream file, long start, long end)
    {
        _file = file;
        _file.Position = start;
        _left = end - start;
    }

    public override int Read(Span<byte> buffer)
    {
        int read = _file.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }
}
