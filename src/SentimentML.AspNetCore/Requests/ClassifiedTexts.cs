namespace SentimentML.AspNetCore.Requests;

/// <summary>The answers to a request's texts.</summary>
/// <param name="Predictions">In the texts' order.</param>
/// <param name="Characters">The texts' code points.</param>
/// <param name="Tokens">The texts' tokens, special ones included.</param>
/// <param name="Times">The means of the texts' times; the total is the request's.</param>
/// <param name="ComputeType">The kind of device that answered.</param>
internal sealed record ClassifiedTexts(
    IReadOnlyList<SentimentPrediction> Predictions, int Characters, int Tokens, ClassificationTimes Times, string ComputeType);
