using System.Globalization;
using System.Text.Json;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.Faces;

/// <summary>
/// The model repository extension of KServe V2: which models there are, and loading and unloading them. Only the models of the server's
/// options can be loaded, each from its own place.
/// </summary>
internal static class RepositoryFace
{
    public static async Task IndexAsync(ServerRequest request)
    {
        ReadOnlyMemory<byte> body = await request.ReadBodyAsync().ConfigureAwait(false); // Triton's client sends none where it asks for nothing
        bool readyOnly = false;
        if (body.Length > 0)
        {
            using JsonDocument json = JsonText.Parse(body);
            readyOnly = json.RootElement.Boolean("ready") ?? false;
        }
        await WriteIndexAsync(request, readyOnly).ConfigureAwait(false);
    }

    private static Task WriteIndexAsync(ServerRequest request, bool readyOnly) => request.WriteJsonAsync(json =>
    {
        SentimentModels models = request.Server.Models;
        json.WriteStartArray();
        foreach (string name in request.Server.Options.Models.Select(model => model.Name).Union(models.Names))
        {
            bool isLoaded = models.TryAcquire(name, out SentimentModelLease? lease);
            if (readyOnly && !isLoaded)
                continue;
            json.WriteStartObject();
            json.WriteString("name", name);
            if (isLoaded)
                json.WriteString("version", lease!.Version.ToString(CultureInfo.InvariantCulture));
            json.WriteString("state", isLoaded ? "READY" : "UNAVAILABLE");
            json.WriteEndObject();
            lease?.Dispose();
        }
        json.WriteEndArray();
    });

    public static async Task LoadAsync(ServerRequest request)
    {
        string name = Name(request);
        ModelSource source = request.Server.Options.Models.FirstOrDefault(model => model.Name == name) ?? throw RequestFault.NoModel(name);
        try
        {
            await request.Server.Models.LoadAsync(source, request.Aborted).ConfigureAwait(false);
        }
        catch (SentimentMLException e)
        {
            request.Server.LogFault(e, name);
            throw new RequestFault(StatusCodes.Status424FailedDependency, "Backend", "load",
                $"The model '{name}' cannot be loaded; the server's log says why. One that was loaded before still answers.");
        }
        await WriteEmptyAsync(request).ConfigureAwait(false);
    }

    public static async Task UnloadAsync(ServerRequest request)
    {
        string name = Name(request);
        if (!await request.Server.Models.UnloadAsync(name, request.Aborted).ConfigureAwait(false))
            throw RequestFault.NoModel(name);
        await WriteEmptyAsync(request).ConfigureAwait(false);
    }

    private static string Name(ServerRequest request) => request.Server.Options.AllowModelControl
        ? request.Route("model")!
        : throw new RequestFault(StatusCodes.Status403Forbidden, "Validation", "validation",
            "Models are not loaded and unloaded by clients here: the server was started without model control.");

    private static Task WriteEmptyAsync(ServerRequest request) => request.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteEndObject();
    });
}
