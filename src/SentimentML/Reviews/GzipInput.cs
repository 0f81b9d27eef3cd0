using System.IO.Compression;

namespace SentimentML.Reviews;

/// <summary>
/// A gzip file's content, with an error where the file is cut off. .NET's GZipStream takes a cut for the end. So that it cannot,
/// a small member of known content is put after the file's own: it comes out whole only when everything before it was whole.
/// </summary>
internal sealed class GzipInput : ReadOnlyStream
{
    private static readonly byte[] Mark = "\0SentimentML: whole to here\0"u8.ToArray();
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly string _path;
    private readonly GZipStream _gzip;

    // What is decompressed and not yet known to lie before the mark: never less than the mark's length, until the end.
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _ended;
    private long _given;

    public GzipInput(Stream file, string path)
    {
        _path = path;
        _gzip = new GZipStream(new FollowedByMark(file), CompressionMode.Decompress);
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (!_ended && _end - _start <= Mark.Length)
            Fill();
        int count = Math.Min(buffer.Length, _ended ? _end - _start : _end - _start - Mark.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        _given += count;
        return count;
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int read;
        try
        {
            read = _gzip.Read(_buffer.AsSpan(_end));
        }
        catch (InvalidDataException e)
        {
            throw new SentimentMLException($"{_path}: the gzip data is damaged or cut off after {_given + _end} decompressed bytes. Get the file anew.", e);
        }
        _end += read;
        if (read > 0)
            return;
        if (!_buffer.AsSpan(0, _end).EndsWith(Mark))
            throw new SentimentMLException($"{_path}: the gzip data is cut off after {_given + _end} decompressed bytes, or something else follows it. Get the file anew.");
        _end -= Mark.Length;
        _ended = true;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _gzip.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] content)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Optimal))
            gzip.Write(content);
        return member.ToArray();
    }

    private sealed class FollowedByMark(Stream file) : ReadOnlyStream
    {
        private int _markRead;

        public override int Read(Span<byte> buffer)
        {
            if (file.Read(buffer) is > 0 and int read)
                return read;
            int count = Math.Min(buffer.Length, MarkMember.Length - _markRead);
            MarkMember.AsSpan(_markRead, count).CopyTo(buffer);
            _markRead += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                file.Dispose();
            base.Dispose(disposing);
        }
    }
}
