namespace SentimentML.Inference;

/// <summary>The answer to a call that was answered together with others.</summary>
/// <param name="Logits">The logits of the call's rows, one row after the other: [rows × labels].</param>
/// <param name="Waited">How long the call waited for its batch.</param>
/// <param name="Computed">How long its batch took.</param>
internal readonly record struct GatheredAnswer(float[] Logits, TimeSpan Waited, TimeSpan Computed);
