using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SentimentML.AspNetCore.Faces;
using SentimentML.AspNetCore.OpenApi;
using SentimentML.AspNetCore.Requests;

namespace SentimentML;

/// <summary>Answers requests for sentiments.</summary>
public static class SentimentClassifierEndpoints
{
    /// <summary>
    /// Maps the routes that clients of text-embeddings-inference, KServe V2 (Triton) and vLLM speak, and those for files, all over one
    /// batcher for each model. The services need
    /// <see cref="SentimentClassifierServices.AddSentimentClassifier(IServiceCollection, string, Action{SentimentServerOptions}?)"/>.
    /// </summary>
    /// <param name="endpoints">The host's routes, or a group of them: <c>app.MapGroup("/sentiment").MapSentimentClassifier()</c>.</param>
    /// <returns>All of the routes, for conventions such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="InvalidOperationException">The services were not added.</exception>
    public static IEndpointConventionBuilder MapSentimentClassifier(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SentimentServer server = SentimentServer.Of(endpoints);
        RouteGroupBuilder group = endpoints.MapGroup("");
        string model = "/models/{model}", v2 = "/v2/models/{model}", version = "/v2/models/{model}/versions/{version}";

        Map("predict", HttpMethods.Post, PredictFace.RunAsync, ["/predict", "/", "/invocations", $"{model}/predict"]);
        Map("pipeline", HttpMethods.Post, PredictFace.RunPipelineAsync, [model]);
        Map("predictFile", HttpMethods.Post, FileFace.RunAsync, ["/predict/file", $"{model}/predict/file"]);
        Map("explain", HttpMethods.Post, ExplainFace.RunAsync, ["/explain", $"{model}/explain"]);
        Map("tokenize", HttpMethods.Post, TokenizeFace.RunAsync, ["/tokenize", $"{model}/tokenize"]);
        Map("info", HttpMethods.Get, InfoFace.InfoAsync, ["/info", $"{model}/info"]);
        Map("health", HttpMethods.Get, InfoFace.HealthAsync, ["/health", "/ping"], isOpen: true);
        Map("metrics", HttpMethods.Get, InfoFace.MetricsAsync, ["/metrics"], isOpen: true);

        Map("classify", HttpMethods.Post, ClassifyFace.RunAsync, ["/classify"], ErrorShape.OpenAI);
        Map("models", HttpMethods.Get, InfoFace.ModelsAsync, ["/v1/models"]);

        Map("serverMetadata", HttpMethods.Get, OpenInferenceFace.ServerAsync, ["/v2"]);
        Map("serverLive", HttpMethods.Get, OpenInferenceFace.LiveAsync, ["/v2/health/live"], isOpen: true);
        Map("serverReady", HttpMethods.Get, OpenInferenceFace.ReadyAsync, ["/v2/health/ready"], isOpen: true);
        Map("modelMetadata", HttpMethods.Get, OpenInferenceFace.ModelAsync, [v2, version]);
        Map("modelReady", HttpMethods.Get, OpenInferenceFace.ModelReadyAsync, [$"{v2}/ready", $"{version}/ready"]);
        Map("infer", HttpMethods.Post, OpenInferenceFace.InferAsync, [$"{v2}/infer", $"{version}/infer"]);
        Map("repositoryIndex", HttpMethods.Post, RepositoryFace.IndexAsync, ["/v2/repository/index"]);
        Map("repositoryLoad", HttpMethods.Post, RepositoryFace.LoadAsync, ["/v2/repository/models/{model}/load"]);
        Map("repositoryUnload", HttpMethods.Post, RepositoryFace.UnloadAsync, ["/v2/repository/models/{model}/unload"]);
        group.MapGet("/openapi.json", server.Handler(ApiDocument.RunAsync)).ExcludeFromDescription();
        return group;

        void Map(string id, string method, Func<ServerRequest, Task> face, string[] routes, ErrorShape errors = ErrorShape.TextEmbeddingsInference,
            bool isOpen = false)
        {
            foreach (string route in routes)
            {
                group.MapMethods(route, [method], server.Handler(face, errors, isOpen)).WithMetadata(new ApiOperation(id, IsFirst: route == routes[0], isOpen));
                if (method == HttpMethods.Get) // programs that watch a server ask for heads
                    group.MapMethods(route, [HttpMethods.Head], server.Handler(face, errors, isOpen)).ExcludeFromDescription();
            }
        }
    }
}
