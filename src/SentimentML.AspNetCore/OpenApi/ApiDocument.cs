using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using SentimentML.AspNetCore.Faces;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.OpenApi;

/// <summary>
/// The server's OpenAPI document. Its paths are the routes as they are mapped; what they take and give is written down in operations.json,
/// since requests such as "a text, a pair or a batch" are no .NET type.
/// </summary>
internal static partial class ApiDocument
{
    /// <summary>The name of the document; a host may have others of its own.</summary>
    public const string Name = "sentimentml";

    private const string Problem = "Problem", Prediction = "Prediction", Bearer = "bearer", Errors = "x-errors";

    private static readonly Lazy<JsonObject> Operations = new(() =>
    {
        using Stream stream = typeof(ApiDocument).Assembly.GetManifestResourceStream("operations.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    });

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().Any();
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "SentimentML",
                Version = InfoFace.Version,
                Description = "Sentiment of texts, as text-embeddings-inference, KServe V2 and vLLM serve it.",
                License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
            };
            document.Servers = []; // the document is the same wherever it is read
            document.AddComponent(Problem, Schema(ProblemSchema, document));
            document.AddComponent(Prediction, Schema(PredictionSchema, document));
            document.AddComponent<IOpenApiSecurityScheme>(Bearer, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
            document.RegisterComponents();
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
    }

    public static async Task RunAsync(ServerRequest request)
    {
        IOpenApiDocumentProvider documents = request.Context.RequestServices.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
        OpenApiDocument document = await documents.GetOpenApiDocumentAsync(request.Aborted).ConfigureAwait(false);
        using var json = new MemoryStream();
        await document.SerializeAsJsonAsync(json, OpenApiSpecVersion.OpenApi3_1, request.Aborted).ConfigureAwait(false);
        request.Context.Response.ContentType = "application/json";
        await request.Context.Response.Body.WriteAsync(json.GetBuffer().AsMemory(0, (int)json.Length), request.Aborted).ConfigureAwait(false);
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        ApiOperation route = context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiOperation>().Single();
        JsonObject json = Operations.Value[route.Id]!.DeepClone().AsObject();
        int[] errors = json[Errors].Deserialize<int[]>() ?? [];
        json.Remove(Errors);
        OpenApiOperation described = Parse<OpenApiOperation>(json.ToJsonString(), context.Document!);
        operation.OperationId = route.IsFirst ? route.Id : null;
        operation.Tags = described.Tags;
        operation.Summary = described.Summary;
        operation.Description = described.Description;
        operation.RequestBody = described.RequestBody;
        operation.Responses = described.Responses;
        operation.Parameters = [.. PathParameters(context.Description.RelativePath ?? ""), .. described.Parameters ?? []];
        bool hasKey = context.ApplicationServices.GetRequiredService<IOptions<SentimentServerOptions>>().Value.ApiKey is not null;
        if (hasKey && !route.IsOpen)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] }];
            errors = [.. errors, StatusCodes.Status401Unauthorized];
        }
        foreach (int status in errors.Order())
            operation.Responses![$"{status}"] = new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status),
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] =
                    new() { Schema = new OpenApiSchemaReference(Problem, context.Document) } },
            };
    }

    private static IEnumerable<IOpenApiParameter> PathParameters(string path) => RouteParameter().Matches(path).Select(match => new OpenApiParameter
    {
        Name = match.Groups[1].Value,
        In = ParameterLocation.Path,
        Required = true,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });

    private static OpenApiSchema Schema(string json, OpenApiDocument document) => Parse<OpenApiSchema>(json, document);

    private static T Parse<T>(string json, OpenApiDocument document)
        where T : IOpenApiElement
    {
        T? parsed = OpenApiModelFactory.Parse<T>(json, OpenApiSpecVersion.OpenApi3_1, document, out OpenApiDiagnostic diagnostic, "json");
        return parsed is not null && diagnostic.Errors.Count == 0
            ? parsed
            : throw new InvalidOperationException(
                $"operations.json is wrong: {string.Join(' ', diagnostic.Errors.Select(error => $"{error.Pointer}: {error.Message}"))}");
    }

    private const string PredictionSchema = """
        { "type": "object", "required": ["score", "label"], "properties": { "score": { "type": "number" }, "label": { "type": "string" } } }
        """;

    private const string ProblemSchema = """
        {
          "type": "object",
          "description": "Problem details (RFC 9457) with text-embeddings-inference's error and error_type; /classify has OpenAI's error object.",
          "required": ["title", "status", "detail", "error"],
          "properties": {
            "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" }, "detail": { "type": "string" },
            "error": { "oneOf": [{ "type": "string" }, { "type": "object", "properties": { "message": { "type": "string" }, "type": { "type": "string" }, "code": { "type": "integer" } } }] },
            "error_type": { "type": "string", "enum": ["Unhealthy", "Backend", "Overloaded", "Validation", "Tokenizer", "Empty", "Unauthorized"] }
          }
        }
        """;

    [GeneratedRegex(@"\{([a-z_]+)\}")]
    private static partial Regex RouteParameter();
}
