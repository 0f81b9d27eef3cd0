using System.IO.Compression;

namespace SentimentML.Reviews;

/// <summary>
/// A gzip file's content, with an error where the file is cut off. .NET's GZipStream takes a cut for the end. So that it cannot,
/// a small member of known content is put after the file's own: it comes out whole only when everything before it was whole.
/// </summary>
internal sealed class GzipInput(Stream file, string path) : ReadOnlyStream
{
    private static readonly byte[] Mark = "\0SentimentML: whole to here\0"u8.ToArray();
    private static readonly byte[] MarkMember = Compress(Mark);

    // After a cut the mark's bytes are taken for the file's and may unpack to a thousand times their number.
    private const int MaxEnd = 1 << 17;

    private readonly FollowedByMark _input = new(file);
    private GZipStream? _gzip;
    private MemoryStream? _end;
    private long _given;

    /// <summary>Bytes go to the reader as they are unpacked, until the mark is touched; those after it are held back until the whole mark is seen.</summary>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        if (_end is not null)
            return _end.Read(buffer);
        int read = Unpack(buffer);
        if (!_input.MarkTouched)
        {
            if (read == 0) // GZipStream stops where something else than a member follows
                throw new SentimentMLException($"{path}: something that is not gzip follows the gzip data, after {_given} unpacked bytes. Get the file again.");
            _given += read;
            return read;
        }
        _end = ReadEnd(buffer[..read]);
        return _end.Read(buffer);
    }

    private MemoryStream ReadEnd(ReadOnlySpan<byte> first)
    {
        var end = new MemoryStream();
        end.Write(first);
        var buffer = new byte[4096];
        while (end.Length <= MaxEnd && Unpack(buffer) is > 0 and int read)
            end.Write(buffer.AsSpan(0, read));
        if (!end.GetBuffer().AsSpan(0, (int)end.Length).EndsWith(Mark))
            throw CutOff(null);
        end.SetLength(end.Length - Mark.Length);
        end.Position = 0;
        return end;
    }

    private int Unpack(Span<byte> buffer)
    {
        _gzip ??= new GZipStream(_input, CompressionMode.Decompress);
        try
        {
            return _gzip.Read(buffer);
        }
        catch (InvalidDataException e) when (_input.MarkTouched)
        {
            throw CutOff(e);
        }
        catch (InvalidDataException e)
        {
            throw new SentimentMLException($"{path}: the gzip data is damaged after {_given} unpacked bytes. Get the file again.", e);
        }
    }

    private SentimentMLException CutOff(Exception? cause) =>
        new($"{path}: the gzip data is cut off or damaged at its end, after {_given} unpacked bytes. Get the file again.", cause!);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip?.Dispose();
            _input.Dispose();
        }
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

        public bool MarkTouched => _markRead > 0;

        public override int Read(Span<byte> buffer)
        {
            if (_markRead == 0 && file.Read(buffer) is > 0 and int read)
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
