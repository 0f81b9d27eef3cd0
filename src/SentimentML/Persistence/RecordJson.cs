using System.Text.Json.Serialization;

namespace SentimentML.Persistence;

/// <summary>How <see cref="ModelRecord"/> is written as JSON; its keys are the properties' names in snake case.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // no clipping is an infinite norm
    UseStringEnumConverter = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ModelRecord))]
internal sealed partial class RecordJson : JsonSerializerContext;
