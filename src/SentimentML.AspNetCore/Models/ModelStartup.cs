using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SentimentML.AspNetCore.Models;

/// <summary>Loads the models before the server listens, and holds the end back until clients had time to go elsewhere.</summary>
internal sealed class ModelStartup(SentimentModels models, IOptions<SentimentServerOptions> options) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (ModelSource source in options.Value.Models)
            await models.LoadAsync(source, cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken) =>
        // the host's own limit ends it early
        await Task.Delay(options.Value.ShutdownDelay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
