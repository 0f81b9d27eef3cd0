using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SentimentML.Tool.Output;

/// <summary>A command's result as one JSON object, for people to read too.</summary>
internal static class JsonResult
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(JsonNode result) => Console.Out.WriteLine(result.ToJsonString(Indented));
}
