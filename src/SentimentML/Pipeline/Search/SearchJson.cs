using System.Text.Json.Serialization;

namespace SentimentML.Pipeline.Search;

/// <summary>How the lines of a search's table are written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)] // a training that diverged has an infinite loss
[JsonSerializable(typeof(SearchTable.Header))]
[JsonSerializable(typeof(SearchTrial))]
internal sealed partial class SearchJson : JsonSerializerContext;
