using System.Buffers;

namespace SentimentML.Reviews;

/// <summary>
/// The tokens of a JSON text of any length. They show how it is built, and no more: what a value holds is left to
/// <see cref="System.Text.Json"/>, and words such as NaN are tokens like others.
/// </summary>
internal sealed class JsonTokens(Stream text, string path) : IDisposable
{
    public const byte End = 0;
    public const byte Word = (byte)'w';

    private static readonly SearchValues<byte> AfterWord = SearchValues.Create(" \t\r\n{}[],:\""u8);

    private byte[] _buffer = new byte[1 << 16];
    private int _kept = -1; // from here on, bytes stay in the buffer
    private int _start;
    private int _position;
    private int _end;
    private bool _ended;

    /// <summary>The current token's line, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The current token.</summary>
    public ReadOnlySpan<byte> Token => _buffer.AsSpan(_start, _position - _start);

    /// <summary>The text from the token at which <see cref="Keep"/> was called to the end of the current one.</summary>
    public ReadOnlySpan<byte> Kept => _buffer.AsSpan(_kept, _position - _kept);

    /// <summary>Keeps what follows, from the current token on, until <see cref="Release"/>.</summary>
    public void Keep() => _kept = _start;

    public void Release() => _kept = -1;

    /// <summary>Moves to the next token: a bracket, a comma, a colon, '"' for a string, <see cref="Word"/> for anything else, or <see cref="End"/>.</summary>
    public byte Next()
    {
        SkipSpace();
        _start = _position;
        if (_position == _end)
            return End;
        byte first = _buffer[_position++];
        if (first == '"')
            EndString();
        else if (!AfterWord.Contains(first))
            EndWord();
        else
            return first;
        return first == '"' ? first : Word;
    }

    private void SkipSpace()
    {
        do
        {
            while (_position < _end && _buffer[_position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                Line += _buffer[_position++] == '\n' ? 1 : 0;
            _start = _position;
        }
        while (_position == _end && Fill());
    }

    private void EndString()
    {
        while (true)
        {
            int found = _buffer.AsSpan(_position, _end - _position).IndexOfAny((byte)'"', (byte)'\\');
            bool isEscape = found >= 0 && _buffer[_position + found] == '\\';
            _position = found < 0 ? _end : _position + found + 1;
            if (found >= 0 && !isEscape)
                return;
            if (_position == _end && !Fill())
                return; // not closed: what reads the value says so
            if (isEscape)
                _position++;
        }
    }

    private void EndWord()
    {
        while (true)
        {
            int found = _buffer.AsSpan(_position, _end - _position).IndexOfAny(AfterWord);
            _position = found < 0 ? _end : _position + found;
            if (found >= 0 || !Fill())
                return;
        }
    }

    private bool Fill()
    {
        if (_ended)
            return false;
        int from = _kept >= 0 ? _kept : _start, length = _end - from;
        if (length > RecordReader.MaxRecordBytes)
            throw new SentimentMLException($"{path}, line {Line}: a value is longer than {RecordReader.MaxRecordBytes} bytes, expected a review.");
        byte[] target = length > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(from, length).CopyTo(target);
        _buffer = target;
        _start -= from;
        _position -= from;
        _kept = _kept >= 0 ? 0 : -1;
        int read = text.Read(_buffer.AsSpan(length));
        _end = length + read;
        _ended = read == 0;
        return !_ended;
    }

    public void Dispose() => text.Dispose();
}
