using System.Buffers.Binary;

namespace SentimentML.Reviews;

/// <summary>
/// An Arrow file's messages one after the other, each checked before it is given: its lengths, against what the file has, and its metadata. A file with
/// a footer (Feather) has the same messages as a stream, in the same order.
/// </summary>
internal sealed class ArrowMessages : ReadOnlyStream
{
    private const int MaxMetadataBytes = 16 << 20;
    private const int Continuation = -1;

    private static readonly byte[] Magic = "ARROW1"u8.ToArray();

    private readonly FileStream _file;
    private readonly ArrowMemory _memory;
    private readonly long _end;
    private readonly int? _batches; // that the footer names
    private byte[] _head = [];
    private int _given;
    private long _bodyLeft;
    private int _batchesRead;
    private bool _ended;

    /// <param name="file">The file at its start; owned.</param>
    /// <param name="memory">Is told which message begins.</param>
    public ArrowMessages(FileStream file, ArrowMemory memory)
    {
        (_file, _memory, _end) = (file, memory, file.Length);
        Span<byte> start = stackalloc byte[8];
        bool hasFooter = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.StartsWith(Magic);
        if (hasFooter)
            (_end, _batches) = ReadFooter();
        file.Position = hasFooter ? start.Length : 0;
    }

    /// <summary>Whether the file ends by the mark for it; one without it may be cut off between two batches.</summary>
    public bool HasEndMark { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        if (_given == _head.Length && _bodyLeft == 0 && !NextMessage())
            return 0;
        if (_given < _head.Length)
        {
            int count = Math.Min(buffer.Length, _head.Length - _given);
            _head.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
            return count;
        }
        int read = _file.Read(buffer[..(int)Math.Min(buffer.Length, _bodyLeft)]);
        _bodyLeft -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _file.Dispose();
        base.Dispose(disposing);
    }

    private (long Start, int Batches) ReadFooter()
    {
        Span<byte> end = stackalloc byte[4 + 6];
        _file.Position = Math.Max(0, _file.Length - end.Length);
        int length = _file.ReadAtLeast(end, end.Length, throwOnEndOfStream: false) == end.Length && end[4..].SequenceEqual(Magic)
            ? BinaryPrimitives.ReadInt32LittleEndian(end) : 0;
        long start = _file.Length - end.Length - length;
        if (length <= 0 || length > MaxMetadataBytes || start < 8)
            throw new InvalidDataException("It has no footer at its end.");
        var footer = new byte[length];
        _file.Position = start;
        _file.ReadExactly(footer);
        return (start, ArrowMetadata.BatchesIn(footer));
    }

    private bool NextMessage()
    {
        if (_ended)
            return false;
        if (_file.Position == _end)
            return End(hasMark: false);
        int length = ReadLength();
        if (length == Continuation)
            length = ReadLength();
        if (length == 0)
            return End(hasMark: true);
        if (length < 0 || length > MaxMetadataBytes || length > _end - _file.Position)
            throw CutOff(length);
        _head = new byte[8 + length];
        BinaryPrimitives.WriteInt32LittleEndian(_head, Continuation);
        BinaryPrimitives.WriteInt32LittleEndian(_head.AsSpan(4), length);
        _file.ReadExactly(_head, 8, length);
        ArrowMessage message = ArrowMetadata.Check(_head.AsSpan(8));
        if (message.BodyLength < 0 || message.BodyLength > _end - _file.Position)
            throw CutOff(message.BodyLength);
        (_given, _bodyLeft) = (0, message.BodyLength);
        _batchesRead += message.IsRows ? 1 : 0;
        _memory.BeginMessage(message.Categories);
        return true;
    }

    private bool End(bool hasMark)
    {
        (_ended, HasEndMark) = (true, hasMark);
        if (_batches is null && _file.Position < _end)
            throw new InvalidDataException($"Something follows its end, at byte {_file.Position} of {_end}: another table that was put after it?");
        return _batches is null || _batches == _batchesRead
            ? false : throw new InvalidDataException($"It has {_batchesRead} batches of rows, and its footer says {_batches}.");
    }

    private int ReadLength()
    {
        Span<byte> length = stackalloc byte[4];
        if (_file.ReadAtLeast(length, length.Length, throwOnEndOfStream: false) < length.Length)
            throw CutOff(length.Length);
        return BinaryPrimitives.ReadInt32LittleEndian(length);
    }

    private InvalidDataException CutOff(long length) => new($"A message of {length} bytes is expected at byte {_file.Position}, and the file has {_end}.");
}
