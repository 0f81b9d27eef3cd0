using System.Text.Json.Serialization;

namespace SentimentML;

/// <summary>Which weights a training starts from.</summary>
public enum TrainingStart
{
    /// <summary>
    /// The ready sentiment model if the backbone comes with one (<see cref="Backbone.HasSentimentModel"/>) and every label says a
    /// sentiment, each another one; else the backbone.
    /// </summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>The backbone, with a new head.</summary>
    [JsonStringEnumMemberName("backbone")]
    Backbone,

    /// <summary>
    /// A sentiment model: the one that the backbone comes with, or the backbone itself if it is a model of sentiments, such as one from
    /// the hub. The head's rows are taken by the sentiments that the labels say.
    /// </summary>
    [JsonStringEnumMemberName("sentiment_model")]
    SentimentModel,
}
