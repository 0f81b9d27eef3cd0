using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SentimentML.AspNetCore.Faces;
using SentimentML.AspNetCore.Requests;

namespace SentimentML;

/// <summary>Answers requests for sentiments.</summary>
public static class SentimentClassifierEndpoints
{
    /// <summary>
    /// Maps the routes that clients of text-embeddings-inference, KServe V2 (Triton) and vLLM speak, and those for files, all over one
    /// batcher for each model. The services need <see cref="SentimentClassifierServices.AddSentimentClassifier(IServiceCollection, string, Action{SentimentServerOptions}?)"/>.
    /// </summary>
    /// <param name="endpoints">The host's routes, or a group of them: <c>app.MapGroup("/sentiment").MapSentimentClassifier()</c>.</param>
    /// <returns>All of the routes, for conventions such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="InvalidOperationException">The services were not added.</exception>
    public static IEndpointConventionBuilder MapSentimentClassifier(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SentimentServer server = endpoints.ServiceProvider.GetService<SentimentServer>()
            ?? throw new InvalidOperationException("MapSentimentClassifier needs the services of AddSentimentClassifier. Call builder.Services.AddSentimentClassifier(…) before the host is built.");
        RouteGroupBuilder group = endpoints.MapGroup("");

        Post(PredictFace.RunAsync, "/predict", "/", "/invocations", "/models/{model}/predict", "/models/{model}");
        Post(FileFace.RunAsync, "/predict/file", "/models/{model}/predict/file");
        Post(TokenizeFace.RunAsync, "/tokenize", "/models/{model}/tokenize");
        Get(InfoFace.InfoAsync, "/info", "/models/{model}/info");
        Open(InfoFace.HealthAsync, "/health", "/ping");
        Open(InfoFace.MetricsAsync, "/metrics");

        PostAs(ClassifyFace.RunAsync, ErrorShape.OpenAI, "/classify");
        Get(InfoFace.ModelsAsync, "/v1/models");

        Get(OpenInferenceFace.ServerAsync, "/v2");
        Open(OpenInferenceFace.LiveAsync, "/v2/health/live");
        Open(OpenInferenceFace.ReadyAsync, "/v2/health/ready");
        Get(OpenInferenceFace.ModelAsync, "/v2/models/{model}", "/v2/models/{model}/versions/{version}");
        Get(OpenInferenceFace.ModelReadyAsync, "/v2/models/{model}/ready", "/v2/models/{model}/versions/{version}/ready");
        Post(OpenInferenceFace.InferAsync, "/v2/models/{model}/infer", "/v2/models/{model}/versions/{version}/infer");
        Post(RepositoryFace.IndexAsync, "/v2/repository/index");
        Post(RepositoryFace.LoadAsync, "/v2/repository/models/{model}/load");
        Post(RepositoryFace.UnloadAsync, "/v2/repository/models/{model}/unload");
        return group;

        void Post(Func<ServerRequest, Task> face, params ReadOnlySpan<string> routes) => PostAs(face, ErrorShape.TextEmbeddingsInference, routes);
        void PostAs(Func<ServerRequest, Task> face, ErrorShape errors, params ReadOnlySpan<string> routes)
        {
            foreach (string route in routes)
                group.MapPost(route, server.Handler(face, errors));
        }
        void Get(Func<ServerRequest, Task> face, params ReadOnlySpan<string> routes)
        {
            foreach (string route in routes)
                group.MapGet(route, server.Handler(face));
        }
        void Open(Func<ServerRequest, Task> face, params ReadOnlySpan<string> routes)
        {
            foreach (string route in routes)
                group.MapGet(route, server.Handler(face, isOpen: true));
        }
    }
}
