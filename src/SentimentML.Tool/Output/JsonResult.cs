using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Files;

namespace SentimentML.Tool.Output;

/// <summary>A command's result as one JSON object, for people to read too.</summary>
internal static class JsonResult
{
    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, NewLine = "\n", Encoder = ReadableJson.Encoder };

    public static void Print(JsonNode result) => Console.Out.WriteLine(result.ToJsonString(Indented));
}
