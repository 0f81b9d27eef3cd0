using System.Reflection;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.Faces;

/// <summary>
/// What the server is and how it does: text-embeddings-inference's <c>/info</c>, <c>/health</c> and <c>/metrics</c>, and the list of models as OpenAI has it.
/// </summary>
internal static class InfoFace
{
    public static string Version { get; } =
        typeof(InfoFace).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Task InfoAsync(ServerRequest request)
    {
        ServedModel model = request.Model();
        SentimentClassifier classifier = model.Classifier;
        SentimentServerOptions options = request.Server.Options;
        return request.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("model_id", model.Source.Id);
            json.WriteNull("model_sha");
            json.WriteString("model_dtype", Number(classifier.Engine));
            json.WriteString("served_model_name", model.Name);
            json.WriteStartObject("model_type");
            json.WriteStartObject("classifier");
            json.WriteStartObject("id2label");
            for (int i = 0; i < classifier.Labels.Count; i++)
                json.WriteString($"{i}", classifier.Labels[i]);
            json.WriteEndObject();
            json.WriteStartObject("label2id");
            for (int i = 0; i < classifier.Labels.Count; i++)
                json.WriteNumber(classifier.Labels[i], i);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("problem_type", classifier.Scorer.Rule.Problem switch
            {
                ProblemType.MultiLabel => "multi_label_classification",
                ProblemType.Regression => "regression",
                _ => "single_label_classification",
            });
            json.WriteStartObject("sentiments");
            foreach (string label in classifier.Labels)
                json.WriteString(label, classifier.Scorer.Rule.Sentiments?.Find(label)?.Word());
            json.WriteEndObject();
            json.WriteNumber("max_concurrent_requests", options.MaxWaitingTexts);
            json.WriteNumber("max_input_length", classifier.Scorer.MaxTokens);
            json.WriteNumber("max_batch_tokens", classifier.Gathering.MaxBatchTokens);
            json.WriteNumber("max_batch_requests", classifier.Gathering.MaxBatchRows);
            json.WriteNumber("max_client_batch_size", options.MaxTextsPerRequest);
            json.WriteBoolean("auto_truncate", options.Truncate);
            json.WriteNumber("tokenization_workers", Environment.ProcessorCount);
            json.WriteString("version", Version);
            json.WriteNull("sha");
            json.WriteNull("docker_label");
            json.WriteString("engine", classifier.Engine);
            json.WriteStartArray("models");
            foreach (string name in request.Server.Models.Names)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    public static Task HealthAsync(ServerRequest request)
    {
        RequireHealth(request.Server);
        request.Context.Response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }

    /// <exception cref="RequestFault">The server is stopping, or has no model.</exception>
    public static void RequireHealth(SentimentServer server)
    {
        if (server.IsStopping)
            throw RequestFault.Unhealthy("The server is stopping.");
        if (server.Models.Names.Count == 0)
            throw RequestFault.Unhealthy("No model is loaded.");
    }

    public static Task MetricsAsync(ServerRequest request)
    {
        request.Context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return request.Context.Response.WriteAsync(request.Server.Metrics.ToPrometheus(), request.Aborted);
    }

    public static Task ModelsAsync(ServerRequest request) => request.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (string name in request.Server.Models.Names)
        {
            json.WriteStartObject();
            json.WriteString("id", name);
            json.WriteString("object", "model");
            json.WriteString("owned_by", "sentimentml");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The numbers that an engine's description names.</summary>
    private static string Number(string engine) =>
        ((string[])["bfloat16", "int8"]).FirstOrDefault(name => engine.Contains(name, StringComparison.OrdinalIgnoreCase)) ?? "float32";
}
