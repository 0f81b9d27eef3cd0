using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace SentimentML.Reviews;

/// <summary>
/// A text file as UTF-8, without a byte order mark. UTF-8 is checked as it passes; bytes before a fault are given out first, so that a
/// reader gets every whole line before the error. A file that is ASCII up to its first byte that is not UTF-8 is in another encoding
/// from there on, and what came before it reads the same in both.
/// </summary>
/// <param name="input">The file's bytes; owned.</param>
/// <param name="encoding">What is known of the file's encoding.</param>
/// <param name="isChecked">Whether all of it is checked, or its beginning alone, for a first look at a file that is read again.</param>
internal sealed class TextInput(Stream input, TextEncoding encoding, bool isChecked = true) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private Stream _input = input;
    private int _start;   // what was checked and not yet given out: _start to _checked
    private int _checked;
    private int _end;     // after it, the beginning of a character whose rest is still to come, or a fault
    private long _total;
    private long _lines;
    private bool _opened;
    private bool _ended;
    private bool _mayBeOther = true; // everything so far is ASCII, and no encoding was stated or found

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
        ReadOnlySpan<byte> given = _buffer.AsSpan(0, _checked);
        _lines += given.Count((byte)'\n');
        _total += given.Length;
        _mayBeOther = _mayBeOther && Ascii.IsValid(given);
        _buffer.AsSpan(_checked, _end - _checked).CopyTo(_buffer);
        _end -= _checked;
        _start = _checked = 0;
        ReadInput(1);
        if (!_opened)
            Open();
        if (isChecked || _total < _buffer.Length)
            Check();
        else
            _checked = _end;
    }

    private void ReadInput(int minimum)
    {
        try
        {
            int read = _input.ReadAtLeast(_buffer.AsSpan(_end), Math.Min(minimum, _buffer.Length - _end), throwOnEndOfStream: false);
            _end += read;
            _ended = read < minimum;
        }
        catch (DecoderFallbackException e)
        {
            throw encoding.Undecodable(e, _lines + 1);
        }
    }

    private void Open()
    {
        _opened = true;
        ReadInput(Math.Max(0, 4 - _end)); // the longest byte order mark
        _ended = false;
        if (TextEncodings.ByMark(_buffer.AsSpan(0, _end)) is var (marked, length))
        {
            _buffer.AsSpan(length, _end - length).CopyTo(_buffer);
            _end -= length;
            encoding.Take(marked);
            Decode(marked);
        }
        else if (encoding.Stated is { } stated)
        {
            encoding.Take(stated);
            Decode(stated);
        }
        else if (TextEncodings.Utf16WithoutMark(_buffer.AsSpan(0, _end)) is { } utf16)
        {
            Decode(encoding.TakeUtf16(utf16));
        }
    }

    private void Check()
    {
        ReadOnlySpan<byte> unread = _buffer.AsSpan(0, _end);
        int valid = Utf8.IsValid(unread) ? unread.Length : ValidLength(unread);
        _checked = valid;
        bool mayGoOn = !_ended && Rune.DecodeFromUtf8(unread[valid..], out _, out _) == OperationStatus.NeedMoreData;
        if (valid > 0 || unread.IsEmpty || mayGoOn)
            return;
        if (!_mayBeOther)
            throw encoding.InvalidAfterUtf8(unread[0], _lines + 1);
        ReadInput(_buffer.Length - _end); // the guess is the better the more it sees
        Decode(encoding.Guess(_buffer.AsSpan(0, _end), _lines + 1));
    }

    /// <summary>Everything that was read and not yet checked, and what follows it, is in this encoding.</summary>
    private void Decode(Encoding found)
    {
        _mayBeOther = false;
        if (found is UTF8Encoding)
            return;
        _input = Encoding.CreateTranscodingStream(new Preceded(_buffer.AsSpan(0, _end).ToArray(), _input), TextEncodings.Strict(found), TextEncodings.Utf8);
        _end = 0;
        _ended = false;
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
            _input.Dispose();
        base.Dispose(disposing);
    }
}
