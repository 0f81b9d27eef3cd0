using System.IO.Compression;
using SentimentML.Reviews;

namespace SentimentML.AspNetCore.Requests;

/// <summary>How a client compressed a body (Content-Encoding). What is unpacked is limited as a body is that comes as it is.</summary>
internal sealed class BodyEncoding
{
    private const string Expected = "gzip, deflate, br or none", Body = "The body";

    private readonly string? _name;

    private BodyEncoding(string? name) => _name = name;

    public bool IsNone => _name is null;

    /// <exception cref="RequestFault">It is one that is not known, or several.</exception>
    public static BodyEncoding Of(HttpRequest request)
    {
        string[] names = [.. request.Headers.ContentEncoding.ToString().ToLowerInvariant()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(name => name != "identity")];
        return names is [] or ["gzip" or "x-gzip" or "deflate" or "br"] // one layer: each more may multiply what a bomb costs
            ? new BodyEncoding(names.FirstOrDefault())
            : throw RequestFault.Malformed($"The Content-Encoding is {RequestFault.Shown(request.Headers.ContentEncoding.ToString())}, expected {Expected}.",
                StatusCodes.Status415UnsupportedMediaType);
    }

    /// <summary>Unpacks a body that has arrived.</summary>
    /// <param name="packed">The body; disposed.</param>
    /// <param name="unpacked">Where its content goes.</param>
    /// <param name="maxBytes">The most bytes of the content.</param>
    /// <param name="cancellation">Stops the unpacking.</param>
    /// <exception cref="RequestFault">The content is longer, or the body is damaged or cut off.</exception>
    public void Unpack(Stream packed, Stream unpacked, long maxBytes, CancellationToken cancellation)
    {
        var ending = new Ending(packed);
        using Stream content = _name switch
        {
            "deflate" => new UnpackedInput(ending, packed => new ZLibStream(packed, CompressionMode.Decompress), Body, "deflate"),
            "br" => new UnpackedInput(ending, packed => new BrotliStream(packed, CompressionMode.Decompress), Body, "br"),
            _ => new GzipInput(ending, Body), // which finds a cut by itself
        };
        byte[] buffer = new byte[1 << 16];
        try
        {
            for (long count = 0; content.Read(buffer) is > 0 and int read;)
            {
                cancellation.ThrowIfCancellationRequested();
                count += read;
                if (count > maxBytes)
                    throw RequestBody.TooLong(maxBytes);
                unpacked.Write(buffer.AsSpan(0, read));
            }
        }
        catch (SentimentMLException)
        {
            throw Damaged();
        }
        if (content is UnpackedInput && ending.IsAskedForMore)
            throw Damaged();

        RequestFault Damaged() => RequestFault.Malformed($"The body is not {_name}, as its Content-Encoding says, or it is cut off. Send it whole.");
    }

    /// <summary>Notes whether its reader wanted more than there is: .NET's streams take a cut for the end, and ask for nothing behind a real one.</summary>
    private sealed class Ending(Stream stream) : ReadOnlyStream
    {
        public bool IsAskedForMore { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int read = stream.Read(buffer);
            IsAskedForMore |= read == 0 && !buffer.IsEmpty;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
