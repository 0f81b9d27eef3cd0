namespace SentimentML.Reviews;

/// <summary>A text with doubled quotes in place of those with a backslash before them. A backslash before another one escapes that, and both stay.</summary>
/// <param name="text">UTF-8; owned.</param>
/// <param name="quote">The quote.</param>
internal sealed class BackslashQuotes(Stream text, byte quote) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start; // what is ready and not yet given out: _start to _ready
    private int _ready;
    private int _end;   // after it, a backslash whose next byte is still to come

    public override int Read(Span<byte> buffer)
    {
        bool hasMore = !buffer.IsEmpty;
        while (_start == _ready && hasMore)
            hasMore = Fill();
        int count = Math.Min(buffer.Length, _ready - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    private bool Fill()
    {
        _buffer.AsSpan(_ready, _end - _ready).CopyTo(_buffer);
        _end -= _ready;
        int read = text.Read(_buffer.AsSpan(_end));
        _end += read;
        _start = 0;
        int next = 0;
        while (next < _end && (read == 0 || _buffer[next] != '\\' || next + 1 < _end))
        {
            bool isEscape = _buffer[next] == '\\' && next + 1 < _end;
            if (isEscape && _buffer[next + 1] == quote)
                _buffer[next] = quote;
            next += isEscape ? 2 : 1;
        }
        _ready = next;
        return read > 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            text.Dispose();
        base.Dispose(disposing);
    }
}
