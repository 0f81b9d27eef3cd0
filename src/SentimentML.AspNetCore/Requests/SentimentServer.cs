using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SentimentML.AspNetCore.Observation;

namespace SentimentML.AspNetCore.Requests;

/// <summary>What all faces share: models, limits, metrics, the key, and one way to answer and to fail.</summary>
internal sealed partial class SentimentServer(
    IOptions<SentimentServerOptions> options, SentimentModels models, ServerMetrics metrics, IHostApplicationLifetime lifetime, ILogger<SentimentServer> logger)
{
    private readonly ApiKeyCheck _key = new(options.Value.ApiKey);

    public SentimentServerOptions Options { get; } = options.Value;

    public SentimentModels Models => models;

    public ServerMetrics Metrics => metrics;

    /// <summary>Files that may still be taken.</summary>
    public SemaphoreSlim FileSlots { get; } = new(options.Value.MaxConcurrentFiles);

    /// <summary>Texts that may still be explained.</summary>
    public SemaphoreSlim ExplanationSlots { get; } = new(options.Value.MaxConcurrentExplanations);

    /// <summary>Whether the host was asked to stop.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>The server of a host.</summary>
    /// <param name="endpoints">The host's routes.</param>
    /// <param name="method">The method that needs it, for the message.</param>
    /// <exception cref="InvalidOperationException">The services were not added.</exception>
    public static SentimentServer Of(IEndpointRouteBuilder endpoints, [CallerMemberName] string method = "") =>
        endpoints.ServiceProvider.GetService<SentimentServer>() ?? throw new InvalidOperationException(
            $"{method} needs the services of AddSentimentClassifier. Call builder.Services.AddSentimentClassifier(…) before the host is built.");

    /// <summary>A face as a request's handler.</summary>
    /// <param name="face">Answers a request.</param>
    /// <param name="errors">How a request's fault is written. The default value is text-embeddings-inference's way.</param>
    /// <param name="isOpen">Whether the face needs no key. The default value is false.</param>
    public Func<HttpContext, Task> Handler(Func<ServerRequest, Task> face, ErrorShape errors = ErrorShape.TextEmbeddingsInference, bool isOpen = false) =>
        async context =>
    {
        using var request = new ServerRequest(context, this);
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (IsStopping)
            context.Response.Headers.Connection = "close"; // the client's next request goes elsewhere
        try
        {
            if (!isOpen && !_key.Allows(context.Request))
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                throw new RequestFault(StatusCodes.Status401Unauthorized, "Unauthorized", "unauthorized",
                    "The key is missing or wrong, expected the header Authorization: Bearer KEY.");
            }
            await face(request).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await FailAsync(context, e, errors).ConfigureAwait(false);
        }
    };

    private async Task FailAsync(HttpContext context, Exception exception, ErrorShape errors)
    {
        if (context.RequestAborted.IsCancellationRequested) // whatever went wrong then, nobody waits for it
        {
            metrics.RequestFailed("dropped");
            return;
        }
        RequestFault fault = FaultOf(context, exception);
        metrics.RequestFailed(fault.Reason);
        if (context.Response.HasStarted)
            context.Abort(); // the client sees that the answer is cut
        else
            await FaultResponse.WriteAsync(context, fault, errors).ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "What a client sees of an unexpected exception is that there was one; all of it is in the log.")]
    private RequestFault FaultOf(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case RequestFault fault:
                return fault;
            case BadHttpRequestException malformed:
                context.Response.Headers.Connection = "close";
                return RequestFault.Malformed(malformed.Message, malformed.StatusCode);
            case ObjectDisposedException when IsStopping:
                return RequestFault.Unhealthy("The server is stopping.");
            default:
                LogFailure(exception, context.Request.Method, context.Request.Path);
                return RequestFault.Backend();
        }
    }

    /// <summary>Writes down why a model could not be loaded, which may name files that are not the client's affair.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "The model {Model} could not be loaded.")]
    public partial void LogFault(Exception exception, string model);

    [LoggerMessage(Level = LogLevel.Error, Message = "A client's file could not be stored in the folder for temporary files.")]
    public partial void LogStorage(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
    private partial void LogFailure(Exception exception, string method, PathString path);
}
