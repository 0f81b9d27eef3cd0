using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace SentimentML.AspNetCore.Requests;

/// <summary>Reads a request's body up to its limits of size and time. Memory grows with what has arrived, not with what is announced.</summary>
internal static class RequestBody
{
    private const int FirstBytes = 4096;

    /// <summary>Reads a body of text, without the mark that some programs put before UTF-8.</summary>
    /// <exception cref="RequestFault">The body is longer or slower.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int maxBytes, TimeSpan timeout)
    {
        RequireLength(context, maxBytes);
        byte[] buffer = new byte[Math.Min(FirstBytes, maxBytes + 1)];
        int count = 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(timeout);
        while (true)
        {
            int read = await ReadSomeAsync(context, buffer.AsMemory(count), limit.Token).ConfigureAwait(false);
            if (read == 0)
            {
                ReadOnlyMemory<byte> body = buffer.AsMemory(0, count);
                return body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body;
            }
            count += read;
            if (count > maxBytes)
                throw TooLong(maxBytes);
            if (count == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, maxBytes + 1L));
        }
    }

    /// <summary>Writes the body to a file as it arrives.</summary>
    /// <exception cref="RequestFault">The body is longer, or its client pauses longer.</exception>
    public static async Task CopyAsync(HttpContext context, Stream file, long maxBytes, TimeSpan maxPause)
    {
        RequireLength(context, maxBytes);
        byte[] buffer = new byte[1 << 16];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        for (long count = 0; ;)
        {
            limit.CancelAfter(maxPause);
            int read = await ReadSomeAsync(context, buffer, limit.Token).ConfigureAwait(false);
            if (read == 0)
                return;
            count += read;
            if (count > maxBytes)
                throw TooLong(maxBytes);
            await file.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted).ConfigureAwait(false);
        }
    }

    /// <exception cref="RequestFault">The request says that its body is something else than JSON in UTF-8.</exception>
    public static void RequireJson(HttpRequest request, bool allowMissing = false)
    {
        if (request.ContentType is not { Length: > 0 } && allowMissing)
            return;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !(type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
            throw RequestFault.Malformed("The Content-Type is not application/json.", StatusCodes.Status415UnsupportedMediaType);
        if (type.Charset.HasValue && !type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw RequestFault.Malformed("The Content-Type's charset is not utf-8.", StatusCodes.Status415UnsupportedMediaType);
    }

    /// <exception cref="RequestFault">The body is compressed.</exception>
    public static void RequireUncompressed(HttpRequest request)
    {
        string encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw RequestFault.Malformed("The body has a Content-Encoding, expected none.", StatusCodes.Status415UnsupportedMediaType);
    }

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

    private static RequestFault TooLong(long maxBytes) =>
        RequestFault.TooLarge(string.Create(CultureInfo.InvariantCulture, $"The request's body is longer than {maxBytes} bytes."));
}
