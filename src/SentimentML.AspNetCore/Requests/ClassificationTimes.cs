namespace SentimentML.AspNetCore.Requests;

/// <summary>Where the time of a text went, or of a request's texts on average.</summary>
/// <param name="Total">From the beginning to the answer.</param>
/// <param name="Tokenization">Making tokens.</param>
/// <param name="Queue">Waiting for the batch.</param>
/// <param name="Inference">The batch.</param>
internal readonly record struct ClassificationTimes(TimeSpan Total, TimeSpan Tokenization, TimeSpan Queue, TimeSpan Inference);
