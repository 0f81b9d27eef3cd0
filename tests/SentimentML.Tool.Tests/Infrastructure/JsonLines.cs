using System.Text.Json.Nodes;

namespace SentimentML.Tool.Tests.Infrastructure;

/// <summary>One JSON value a line.</summary>
internal static class JsonLines
{
    public static JsonNode[] Parse(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
