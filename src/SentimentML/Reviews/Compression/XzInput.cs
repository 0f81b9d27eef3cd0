using SharpCompress.Compressors.Xz;

namespace SentimentML.Reviews;

/// <summary>An xz file's content: one xz stream, or several one after the other with zeros between them.</summary>
internal sealed class XzInput(Stream file) : ReadOnlyStream
{
    private XZStream? _xz;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_xz is not null || SkipPadding())
        {
            _xz ??= new XZStream(file);
            if (_xz.Read(buffer) is > 0 and int read)
                return read;
            _xz = null;
        }
        return 0;
    }

    /// <summary>False at the file's end.</summary>
    private bool SkipPadding()
    {
        int next;
        do
        {
            next = file.ReadByte();
        }
        while (next == 0);
        if (next < 0)
            return false;
        file.Position--;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
