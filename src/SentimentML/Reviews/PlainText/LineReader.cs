namespace SentimentML.Reviews;

/// <summary>
/// The lines of a text, without their line breaks: LF, CR LF, or CR in a text without any LF. Each line is valid until the next one is read.
/// </summary>
/// <param name="text">UTF-8; owned.</param>
/// <param name="path">For messages.</param>
/// <param name="expected">What a line should be, for messages: "one JSON object a line".</param>
/// <param name="linesBefore">The file's lines before the text. The default value is 0.</param>
internal sealed class LineReader(Stream text, string path, string expected, long linesBefore = 0) : IDisposable
{
    private const int LookAhead = 1 << 15;

    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private int _lineStart;
    private int _lineEnd;
    private long _dropped;
    private bool _ended;
    private byte _lineBreak; // 0 as long as no line ended

    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineStart, _lineEnd - _lineStart);

    /// <summary>The line's number, from 1.</summary>
    public long Number { get; private set; } = linesBefore;

    /// <summary>Where the line begins.</summary>
    public RowStart Start => new(_dropped + _lineStart, Number);

    /// <summary>Moves to the next line; false at the end.</summary>
    /// <exception cref="SentimentMLException">The line is too long for a row.</exception>
    public bool Read()
    {
        int searched = 0;
        while (true)
        {
            if (_lineBreak == 0 && (_lineBreak = FindLineBreak()) != 0)
                searched = 0;
            int found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf(_lineBreak == 0 ? (byte)'\n' : _lineBreak);
            if (found >= 0)
                return Take(searched + found, lineBreak: 1);
            searched = _end - _start;
            if (_ended)
                return searched > 0 && Take(searched, lineBreak: 0);
            Fill();
        }
    }

    /// <summary>LF, or CR in a text without any LF; 0 while too little of the text has been read to tell.</summary>
    private byte FindLineBreak()
    {
        ReadOnlySpan<byte> read = _buffer.AsSpan(_start, _end - _start);
        if (read.Contains((byte)'\n'))
            return (byte)'\n';
        return read.Contains((byte)'\r') && (_ended || read.Length > LookAhead) ? (byte)'\r' : (byte)0;
    }

    private bool Take(int length, int lineBreak)
    {
        _lineStart = _start;
        _lineEnd = _start + length;
        _start = _lineEnd + lineBreak;
        if (length > 0 && _buffer[_lineEnd - 1] == '\r')
            _lineEnd--;
        Number++;
        return true;
    }

    private void Fill()
    {
        int length = _end - _start;
        if (length > RecordReader.MaxRecordBytes)
            throw new SentimentMLException($"{path}, line {Number + 1}: the line is longer than {RecordReader.MaxRecordBytes} bytes, expected {expected}.");
        byte[] target = length > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, length).CopyTo(target);
        _buffer = target;
        _dropped += _start;
        _start = 0;
        int read = text.Read(_buffer.AsSpan(length));
        _end = length + read;
        _ended = read == 0;
    }

    public void Dispose() => text.Dispose();
}
