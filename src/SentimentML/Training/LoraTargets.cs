using System.Text.Json.Serialization;

namespace SentimentML;

/// <summary>Which matrices of an encoder's layers LoRA adapts.</summary>
public enum LoraTargets
{
    /// <summary>Those of the attention's queries and values, as peft does by default.</summary>
    [JsonStringEnumMemberName("query_and_value")]
    QueryAndValue,

    /// <summary>
    /// All six (four in ModernBERT): queries, keys, values, the attention's output and both of the feed-forward network; peft's "all-linear".
    /// </summary>
    [JsonStringEnumMemberName("all_matrices")]
    AllMatrices,
}
