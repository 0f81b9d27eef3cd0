using System.Globalization;

namespace SentimentML.Reviews;

/// <summary>What a decompressor gives. An exception that damaged data causes in it is rethrown with the file and the place.</summary>
/// <param name="packed">The compressed data; owned.</param>
/// <param name="open">Opens the decompressor; called at the first read.</param>
/// <param name="path">For messages.</param>
/// <param name="name">The compression's name.</param>
internal sealed class UnpackedInput(Stream packed, Func<Stream, Stream> open, string path, string name) : ReadOnlyStream
{
    private Stream? _unpacked;
    private long _given;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            _unpacked ??= open(packed);
            int read = _unpacked.Read(buffer);
            _given += read;
            return read;
        }
        catch (Exception e) when (e is not SentimentMLException)
        {
            string message = string.Create(
                CultureInfo.InvariantCulture, $"{path}: the {name} data is damaged or cut off after {_given} unpacked bytes. Get the file again.");
            throw new SentimentMLException(message, e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _unpacked?.Dispose();
            packed.Dispose();
        }
        base.Dispose(disposing);
    }
}
