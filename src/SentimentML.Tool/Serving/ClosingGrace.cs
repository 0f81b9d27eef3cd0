using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SentimentML.Tool.Serving;

/// <summary>
/// Gives a connection that was accepted time to send its request when the server stops. Kestrel would close those whose request it has
/// not read yet at once, and a client that has just connected would lose it.
/// </summary>
internal sealed class ClosingGrace : IConnectionLifetimeNotificationFeature, IDisposable
{
    private readonly IConnectionLifetimeNotificationFeature _lifetime;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationTokenRegistration _requested;

    private ClosingGrace(IConnectionLifetimeNotificationFeature lifetime, TimeSpan grace)
    {
        _lifetime = lifetime;
        ConnectionClosedRequested = _closing.Token;
        _requested = lifetime.ConnectionClosedRequested.Register(() => _closing.CancelAfter(grace));
    }

    /// <inheritdoc/>
    public CancellationToken ConnectionClosedRequested { get; set; }

    /// <summary>Applies it to an endpoint's connections.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="grace">How long a connection stays open after the server began to stop; it is closed earlier after an answer.</param>
    public static void Use(ListenOptions endpoint, TimeSpan grace) => endpoint.Use(next => async connection =>
    {
        using ClosingGrace? closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime
            ? new ClosingGrace(lifetime, grace) : null;
        if (closing is not null)
            connection.Features.Set<IConnectionLifetimeNotificationFeature>(closing);
        await next(connection).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public void RequestClose() => _lifetime.RequestClose();

    public void Dispose()
    {
        _requested.Dispose();
        _closing.Dispose();
    }
}
