using System.Text.Json.Serialization;

namespace SentimentML.Training;

/// <summary>How what a training depends on is written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // no clipping is an infinite norm
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TrainingRecipe))]
internal sealed partial class TrainingJson : JsonSerializerContext;
