using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using SentimentML.Reviews;

namespace SentimentML.AspNetCore.Requests;

/// <summary>Reads a request's body up to its limits of size and time. Memory grows with what has arrived, not with what is announced.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 4096;

    private static readonly string[] Utf8Names = ["utf-8", "utf8"];

    /// <summary>Reads a body of text as it was before the client compressed it, without the mark that some programs put before UTF-8.</summary>
    /// <exception cref="RequestFault">The body is longer, before or after it is unpacked, or slower, or packed in an unknown way.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int maxBytes, TimeSpan timeout)
    {
        RequireLength(context, maxBytes);
        BodyEncoding encoding = BodyEncoding.Of(context.Request);
        byte[] buffer = new byte[Math.Min(FirstBytes, maxBytes + 1L)];
        int count = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(timeout);
        while (true)
        {
            int read = await ReadSomeAsync(context, buffer.AsMemory(count), limit.Token).ConfigureAwait(false);
            if (read == 0)
            {
                ReadOnlyMemory<byte> body = buffer.AsMemory(0, count);
                if (!encoding.IsNone)
                {
                    using var unpacked = new MemoryStream();
                    encoding.Unpack(new MemoryStream(buffer, 0, count), unpacked, maxBytes, context.RequestAborted);
                    body = unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
                }
                return body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
            }
            count += read;
            if (count > maxBytes)
                throw TooLong(maxBytes);
            if (count == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, maxBytes + 1L));
        }
    }

    /// <summary>The body of a file as a stream, each read of which ends with a fault where the body is longer, or its client pauses longer.</summary>
    public static Stream OpenFile(HttpContext context, long maxBytes, TimeSpan maxPause)
    {
        RequireLength(context, maxBytes);
        return new FileBody(context, maxBytes, maxPause);
    }

    /// <exception cref="RequestFault">The request says that its body is something else than JSON in UTF-8.</exception>
    public static void RequireJson(HttpRequest request, bool allowMissing = false)
    {
        if (request.ContentType is not { Length: > 0 } && allowMissing)
            return;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
            throw Unread($"The Content-Type is {(request.ContentType is { Length: > 0 } given ? RequestFault.Shown(given) : "missing")}, expected "
                + "application/json: curl -H 'Content-Type: application/json'.");
        if (type.Charset.HasValue && !Utf8Names.Contains(type.Charset.Value.Trim('"'), StringComparer.OrdinalIgnoreCase))
            throw Unread($"The Content-Type's charset is {RequestFault.Shown(type.Charset.Value)}, expected utf-8.");

        static RequestFault Unread(string message) => RequestFault.Malformed(message, StatusCodes.Status415UnsupportedMediaType);
    }

    public static RequestFault TooLong(long maxBytes) =>
        RequestFault.TooLarge(string.Create(CultureInfo.InvariantCulture, $"The request's body is longer than {maxBytes} bytes."));

    private static void RequireLength(HttpContext context, long maxBytes)
    {
        // Bytes are counted here. Kestrel's own limit would end the connection while a client still sends, which would not see the answer.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (context.Request.ContentLength > maxBytes)
            throw TooLong(maxBytes);
    }

    private static async ValueTask<int> ReadSomeAsync(HttpContext context, Memory<byte> buffer, CancellationToken limit)
    {
        try
        {
            return await context.Request.Body.ReadAsync(buffer, limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Headers.Connection = "close";
            throw RequestFault.Malformed("The request's body did not arrive in time.", StatusCodes.Status408RequestTimeout);
        }
        catch (IOException e) when (e is not BadHttpRequestException) // chunks that lie about their length, or a connection that broke
        {
            context.Response.Headers.Connection = "close";
            throw RequestFault.Malformed("The request's body is cut or malformed.");
        }
    }

    private sealed class FileBody(HttpContext context, long maxBytes, TimeSpan maxPause) : ReadOnlyStream
    {
        private readonly CancellationTokenSource _limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        private long _count;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _limit.CancelAfter(maxPause);
            int read = await ReadSomeAsync(context, buffer, _limit.Token).ConfigureAwait(false);
            _count += read;
            return _count <= maxBytes ? read : throw TooLong(maxBytes);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        /// <summary>A thread would wait for the client.</summary>
        public override int Read(Span<byte> buffer) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _limit.Dispose();
            base.Dispose(disposing);
        }
    }
}
