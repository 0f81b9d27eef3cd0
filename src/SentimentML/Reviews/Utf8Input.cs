using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SentimentML.Reviews;

/// <summary>
/// A text file's bytes, checked to be UTF-8 as they pass, without the byte order mark. Bytes before a fault are given out
/// first, so that a reader gets every whole line before the error.
/// </summary>
internal sealed class Utf8Input(Stream input, string path) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;   // what was checked and not yet given out: _start to _checked
    private int _checked;
    private int _end;     // after it, the beginning of a character whose rest is still to come, or a fault
    private long _lines;
    private bool _opened;
    private bool _ended;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_start == _checked && !_ended)
            Fill();
        int count = Math.Min(buffer.Length, _checked - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private void Fill()
    {
        _lines += _buffer.AsSpan(0, _checked).Count((byte)'\n');
        _buffer.AsSpan(_checked, _end - _checked).CopyTo(_buffer);
        _end -= _checked;
        _start = _checked = 0;
        int read = ReadInput();
        _ended = read == 0;
        if (!_opened)
            SkipByteOrderMark();
        Check();
    }

    // The first bytes come together, so that a byte order mark is seen whole.
    private int ReadInput()
    {
        int read = input.ReadAtLeast(_buffer.AsSpan(_end), _opened ? 1 : 3, throwOnEndOfStream: false);
        _end += read;
        return read;
    }

    private void SkipByteOrderMark()
    {
        _opened = true;
        if (!_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
            return;
        _buffer.AsSpan(3, _end - 3).CopyTo(_buffer);
        _end -= 3;
    }

    private void Check()
    {
        ReadOnlySpan<byte> unread = _buffer.AsSpan(0, _end);
        int valid = Utf8.IsValid(unread) ? unread.Length : ValidLength(unread);
        _checked = valid;
        bool mayGoOn = !_ended && Rune.DecodeFromUtf8(unread[valid..], out _, out _) == OperationStatus.NeedMoreData;
        if (valid == 0 && unread.Length > 0 && !mayGoOn)
            throw new SentimentMLException($"{path}, line {_lines + 1}: byte 0x{unread[0]:X2} is not valid UTF-8. Save the file as UTF-8.");
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        while (Rune.DecodeFromUtf8(bytes[length..], out _, out int consumed) == OperationStatus.Done)
            length += consumed;
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
