namespace SentimentML.Reviews;

/// <summary>A file as it would be with some bytes changed; it stays as it is on the disk.</summary>
/// <param name="file">The file; owned.</param>
/// <param name="changes">The new bytes, by their places.</param>
internal sealed class ChangedFile(FileStream file, IReadOnlyDictionary<long, byte> changes) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    public override int Read(Span<byte> buffer)
    {
        long start = file.Position;
        int read = file.Read(buffer);
        foreach ((long place, byte value) in changes)
        {
            if (place >= start && place < start + read)
                buffer[(int)(place - start)] = value;
        }
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
