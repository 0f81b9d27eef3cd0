using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SentimentML.AspNetCore.Models;

namespace SentimentML.AspNetCore.Requests;

/// <summary>A request on its way to its answer, with the model that it uses.</summary>
internal sealed class ServerRequest(HttpContext context, SentimentServer server) : IDisposable
{
    private SentimentModelLease? _lease;

    public HttpContext Context => context;

    public SentimentServer Server => server;

    /// <summary>When the request came, as a <see cref="Stopwatch"/>'s timestamp.</summary>
    public long Began { get; } = Stopwatch.GetTimestamp();

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The value of a part of the route; null if the route has no such part.</summary>
    public string? Route(string name) => context.Request.RouteValues[name] as string;

    /// <summary>The model that the route names, or the first one, until the request's end.</summary>
    /// <exception cref="RequestFault">There is none.</exception>
    public ServedModel Model() => Model(Route("model"));

    /// <summary>A model by name, or the first one, until the request's end.</summary>
    /// <exception cref="RequestFault">There is none.</exception>
    public ServedModel Model(string? name)
    {
        Debug.Assert(_lease is null, "A request uses one model.");
        if (server.Models.TryAcquire(name, out _lease))
            return _lease.Model;
        throw name is not null ? RequestFault.NoModel(name) : RequestFault.Unhealthy(server.Models.Names is [_, ..] others
            ? $"The model '{server.Models.First}', which answers requests that name none, is not loaded. Name another: {string.Join(", ", others)}."
            : "No model is loaded.");
    }

    /// <summary>Reads the body as a JSON object; the caller disposes it.</summary>
    /// <exception cref="RequestFault">It is too long, too slow, or not a JSON object.</exception>
    public async Task<JsonDocument> ReadJsonAsync()
    {
        RequestBody.RequireJson(context.Request);
        return JsonText.Parse(await ReadBodyAsync().ConfigureAwait(false));
    }

    /// <exception cref="RequestFault">The body is too long or too slow.</exception>
    public Task<ReadOnlyMemory<byte>> ReadBodyAsync() => RequestBody.ReadAsync(context, server.Options.MaxRequestBytes, server.Options.BodyTimeout);

    /// <summary>Answers with JSON.</summary>
    public async Task WriteJsonAsync(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, JsonText.WriterOptions))
            write(json);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, Aborted).ConfigureAwait(false);
    }

    /// <summary>text-embeddings-inference's headers, times in whole milliseconds.</summary>
    public void WriteHeaders(ClassifiedTexts answer)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers["x-compute-type"] = answer.ComputeType;
        headers["x-compute-time"] = headers["x-total-time"] = Milliseconds(answer.Times.Total);
        headers["x-compute-characters"] = answer.Characters.ToString(CultureInfo.InvariantCulture);
        headers["x-compute-tokens"] = answer.Tokens.ToString(CultureInfo.InvariantCulture);
        headers["x-tokenization-time"] = Milliseconds(answer.Times.Tokenization);
        headers["x-queue-time"] = Milliseconds(answer.Times.Queue);
        headers["x-inference-time"] = Milliseconds(answer.Times.Inference);
    }

    public void Dispose() => _lease?.Dispose();

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
