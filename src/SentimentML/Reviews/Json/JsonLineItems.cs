namespace SentimentML.Reviews;

/// <summary>The lines of a file with a JSON object on each. Blank lines are passed over, and counted.</summary>
internal sealed class JsonLineItems(Stream text, string path) : JsonItems
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private int _lineStart;
    private int _lineEnd;
    private long _number;
    private bool _ended;

    public override ReadOnlySpan<byte> Item => _buffer.AsSpan(_lineStart, _lineEnd - _lineStart);

    public override string Place => $"line {_number}";

    public override bool Read()
    {
        while (ReadAny())
        {
            if (!Item.Trim(" \t\r"u8).IsEmpty)
                return true;
        }
        return false;
    }

    private bool ReadAny()
    {
        int searched = 0;
        while (true)
        {
            int found = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (found >= 0)
                return Take(searched + found, lineBreak: 1);
            searched = _end - _start;
            if (_ended)
                return searched > 0 && Take(searched, lineBreak: 0);
            Fill();
        }
    }

    private bool Take(int length, int lineBreak)
    {
        _lineStart = _start;
        _lineEnd = _start + length;
        _start = _lineEnd + lineBreak;
        _number++;
        return true;
    }

    private void Fill()
    {
        int length = _end - _start;
        if (length > RecordReader.MaxRecordBytes)
            throw new SentimentMLException($"{path}, line {_number + 1}: the line is longer than {RecordReader.MaxRecordBytes} bytes, expected one JSON object a line.");
        byte[] target = length > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, length).CopyTo(target);
        _buffer = target;
        _start = 0;
        int read = text.Read(_buffer.AsSpan(length));
        _end = length + read;
        _ended = read == 0;
    }

    public override void Dispose() => text.Dispose();
}
