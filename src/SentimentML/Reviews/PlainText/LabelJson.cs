using System.Text.Json.Serialization;

namespace SentimentML.Reviews;

/// <summary>Writes several labels of a row as JSON.</summary>
[JsonSerializable(typeof(List<string>))]
internal sealed partial class LabelJson : JsonSerializerContext;
