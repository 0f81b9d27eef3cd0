using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SentimentML.AspNetCore;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Observation;
using SentimentML.AspNetCore.OpenApi;
using SentimentML.AspNetCore.Requests;

namespace SentimentML;

/// <summary>Adds served models to a host.</summary>
public static class SentimentClassifierServices
{
    /// <summary>
    /// Adds a model, which is loaded before the host listens, and <see cref="SentimentModels"/>. Its name is that of its file or folder, or
    /// the last part of its hub id. <see cref="SentimentClassifierEndpoints.MapSentimentClassifier"/> then answers requests.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">A model folder, a zip that ml.Model.Save wrote, or a model on the Hugging Face hub, "organization/name".</param>
    /// <param name="configure">Sets limits and further models. The default value is null.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSentimentClassifier(this IServiceCollection services, string path, Action<SentimentServerOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return services.AddSentimentClassifier(options =>
        {
            options.AddModel(ModelSource.NameOf(path), path);
            configure?.Invoke(options);
        });
    }

    /// <summary>Adds the models of the options, which are loaded before the host listens, and <see cref="SentimentModels"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">
    /// Adds models (<see cref="SentimentServerOptions.AddModel(string, string, SentimentClassifierOptions?)"/>) and sets limits.
    /// </param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSentimentClassifier(this IServiceCollection services, Action<SentimentServerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddMetrics();
        services.AddOptions<SentimentServerOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SentimentServerOptions>, SentimentServerOptionsCheck>());
        services.TryAddSingleton(provider => new ServerMetrics(provider.GetRequiredService<IMeterFactory>()));
        services.TryAddSingleton(provider => new SentimentModels(provider.GetRequiredService<ServerMetrics>()));
        services.TryAddSingleton<SentimentServer>();
        if (!services.Any(service => service.ImplementationType == typeof(ModelStartup)))
            services.AddOpenApi(ApiDocument.Name, ApiDocument.Configure).AddHostedService<ModelStartup>();
        return services;
    }
}
