using System.Buffers;
using System.Globalization;
using System.Text.Json;
using SentimentML.AspNetCore.Models;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.Faces;

/// <summary>
/// KServe's Open Inference Protocol, version 2, as Triton speaks it too: <c>text</c> as BYTES in (and <c>text_pair</c> for models of
/// pairs), <c>label</c> as BYTES and <c>probabilities</c> as FP32 out, <c>logits</c> when asked; with the extension for binary tensors.
/// </summary>
internal static class OpenInferenceFace
{
    private const string HeaderLength = "Inference-Header-Content-Length";
    private const string Extensions = "binary_tensor_data,model_repository";

    private static readonly string[] Outputs = [InferenceTensors.Label, InferenceTensors.Probabilities, InferenceTensors.Logits];

    public static Task ServerAsync(ServerRequest request) => request.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", "sentimentml");
        json.WriteString("version", InfoFace.Version);
        json.WriteStartArray("extensions");
        foreach (string extension in Extensions.Split(','))
            json.WriteStringValue(extension);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static Task LiveAsync(ServerRequest request) => request.WriteJsonAsync(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("live", true);
        json.WriteEndObject();
    });

    public static Task ReadyAsync(ServerRequest request)
    {
        InfoFace.RequireHealth(request.Server);
        return request.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("ready", true);
            json.WriteEndObject();
        });
    }

    public static Task ModelReadyAsync(ServerRequest request)
    {
        ServedModel model = Model(request);
        return request.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteBoolean("ready", true);
            json.WriteEndObject();
        });
    }

    public static Task ModelAsync(ServerRequest request)
    {
        ServedModel model = Model(request);
        return request.WriteJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteStartArray("versions");
            json.WriteStringValue(VersionOf(model));
            json.WriteEndArray();
            json.WriteString("platform", "sentimentml");
            json.WriteStartArray("inputs");
            WriteTensor(InferenceTensors.Text, "BYTES", -1);
            json.WriteEndArray();
            json.WriteStartArray("outputs");
            WriteTensor(InferenceTensors.Label, "BYTES", -1);
            WriteTensor(InferenceTensors.Probabilities, "FP32", -1, model.Classifier.Labels.Count);
            WriteTensor(InferenceTensors.Logits, "FP32", -1, model.Classifier.Labels.Count);
            json.WriteEndArray();
            json.WriteEndObject();

            void WriteTensor(string name, string datatype, params int[] shape)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("datatype", datatype);
                json.WriteStartArray("shape");
                foreach (int size in shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        });
    }

    public static async Task InferAsync(ServerRequest request)
    {
        ServedModel model = Model(request);
        TextRequest.RequireRoom(request, model);
        // Triton's own client sends no Content-Type.
        bool hasBinary = request.Context.Request.Headers.ContainsKey(HeaderLength);
        if (!hasBinary)
            RequestBody.RequireJson(request.Context.Request, allowMissing: true);
        ReadOnlyMemory<byte> body = await request.ReadBodyAsync().ConfigureAwait(false);
        int jsonLength = hasBinary ? JsonLength(request.Context.Request, body.Length) : body.Length;

        TextRequest texts;
        string? id;
        List<(string Name, bool IsBinary)> outputs;
        using (JsonDocument document = JsonText.Parse(body[..jsonLength]))
        {
            JsonElement json = document.RootElement;
            id = json.Has("id", out JsonElement given) ? given.Text("id") : null;
            outputs = Requested(json);
            texts = new TextRequest(
                InferenceTensors.Texts(json, body[jsonLength..], request.Server.Options.MaxTextsPerRequest), IsBatch: true, request.Server.Options.Truncate);
        }
        ClassifiedTexts answer = await texts.ClassifyAsync(request, model).ConfigureAwait(false);
        request.WriteHeaders(answer);
        await WriteAsync(request, model, id, answer.Predictions, outputs).ConfigureAwait(false);
    }

    private static ServedModel Model(ServerRequest request)
    {
        ServedModel model = request.Model();
        return request.Route("version") is { } version && version != VersionOf(model)
            ? throw new RequestFault(StatusCodes.Status404NotFound, "Validation", "validation",
                $"The model '{model.Name}' has no version '{RequestFault.Shown(version)}', it has version {VersionOf(model)}.")
            : model;
    }

    private static string VersionOf(ServedModel model) => model.Version.ToString(CultureInfo.InvariantCulture);

    private static int JsonLength(HttpRequest request, int bodyLength) =>
        int.TryParse(request.Headers[HeaderLength].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int length) && length <= bodyLength
            ? length
            : throw RequestFault.Malformed($"{HeaderLength} is not the length of the body's JSON.");

    private static List<(string Name, bool IsBinary)> Requested(JsonElement json)
    {
        bool byDefault = json.Has("parameters", out JsonElement parameters) && parameters.ValueKind == JsonValueKind.Object
            && parameters.Boolean("binary_data_output") == true;
        if (!json.Has("outputs", out JsonElement outputs) || (outputs.ValueKind == JsonValueKind.Array && outputs.GetArrayLength() == 0))
            return [(InferenceTensors.Label, byDefault), (InferenceTensors.Probabilities, byDefault)];
        var requested = new List<(string Name, bool IsBinary)>();
        foreach (JsonElement output in outputs.Items("outputs"))
        {
            if (output.ValueKind != JsonValueKind.Object)
                throw RequestFault.Invalid("`outputs` has an element that is not a JSON object.");
            string name = output.Required("name").Text("name");
            if (!Outputs.Contains(name) || requested.Any(other => other.Name == name))
                throw RequestFault.Invalid($"`outputs` has '{RequestFault.Shown(name)}', expected {string.Join(", ", Outputs)}, each at most once.");
            bool? own = output.Has("parameters", out JsonElement ownParameters) && ownParameters.ValueKind == JsonValueKind.Object
                ? ownParameters.Boolean("binary_data") : null;
            requested.Add((name, own ?? byDefault));
        }
        return requested;
    }

    private static async Task WriteAsync(
        ServerRequest request, ServedModel model, string? id, IReadOnlyList<SentimentPrediction> predictions, List<(string Name, bool IsBinary)> outputs)
    {
        var body = new ArrayBufferWriter<byte>();
        var binary = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("model_name", model.Name);
            json.WriteString("model_version", VersionOf(model));
            if (id is not null)
                json.WriteString("id", id);
            json.WriteStartArray("outputs");
            foreach ((string name, bool isBinary) in outputs)
                WriteOutput(json, binary, name, isBinary, predictions);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        HttpResponse response = request.Context.Response;
        response.ContentType = binary.Length == 0 ? "application/json" : "application/octet-stream";
        response.ContentLength = body.WrittenCount + binary.Length;
        if (binary.Length > 0)
            response.Headers[HeaderLength] = body.WrittenCount.ToString(CultureInfo.InvariantCulture);
        body.Write(binary.GetBuffer().AsSpan(0, (int)binary.Length));
        await response.Body.WriteAsync(body.WrittenMemory, request.Aborted).ConfigureAwait(false);
    }

    private static void WriteOutput(Utf8JsonWriter json, MemoryStream binary, string name, bool isBinary, IReadOnlyList<SentimentPrediction> predictions)
    {
        bool isLabel = name == InferenceTensors.Label;
        float[] numbers = isLabel
            ? []
            : [.. predictions.SelectMany(prediction => name == InferenceTensors.Logits ? prediction.Logits : prediction.Probabilities)];
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("datatype", isLabel ? "BYTES" : "FP32");
        json.WriteStartArray("shape");
        json.WriteNumberValue(predictions.Count);
        if (!isLabel)
            json.WriteNumberValue(numbers.Length / predictions.Count);
        json.WriteEndArray();
        if (isBinary)
        {
            byte[] bytes = isLabel ? InferenceTensors.Binary(predictions.Select(prediction => prediction.Label)) : InferenceTensors.Binary(numbers);
            binary.Write(bytes);
            json.WriteStartObject("parameters");
            json.WriteNumber("binary_data_size", bytes.Length);
            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray("data");
            foreach (SentimentPrediction prediction in isLabel ? predictions : [])
                json.WriteStringValue(prediction.Label);
            foreach (float number in numbers)
                json.WriteNumberValue(number);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
