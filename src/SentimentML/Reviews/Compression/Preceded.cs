namespace SentimentML.Reviews;

/// <summary>A stream with bytes before it that were already read from it.</summary>
internal sealed class Preceded(byte[] first, Stream rest) : ReadOnlyStream
{
    private int _given;

    public override int Read(Span<byte> buffer)
    {
        if (_given == first.Length)
            return rest.Read(buffer);
        int count = Math.Min(buffer.Length, first.Length - _given);
        first.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rest.Dispose();
        base.Dispose(disposing);
    }
}
