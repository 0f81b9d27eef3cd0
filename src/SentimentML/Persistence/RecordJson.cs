using System.Text.Json;
using System.Text.Json.Serialization;

namespace SentimentML.Persistence;

/// <summary>How <see cref="ModelRecord"/> is written as JSON; its keys are the properties' names in snake case.</summary>
internal static class RecordJson
{
    /// <summary>
    /// By reflection, because generated code sets each init property: a key that the file lacks would lose its property's default value.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // no clipping is an infinite norm
        Converters = { new JsonStringEnumConverter() },
        AllowDuplicateProperties = false,
    };
}
