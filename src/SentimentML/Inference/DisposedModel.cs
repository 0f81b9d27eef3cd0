namespace SentimentML.Inference;

/// <summary>What a model says when it is used after its end.</summary>
internal static class DisposedModel
{
    /// <param name="owner">The public type whose caller disposed it.</param>
    public static ObjectDisposedException Error(string owner) => new(owner, owner == nameof(SentimentClassificationTransformer)
        ? "The model was disposed. A PredictionEngine owns its model and disposes it with itself unless PredictionEngineOptions.OwnsTransformer is false. "
            + "Load or fit the model again, or dispose it later."
        : $"The model of this {owner} was disposed. Load it again, or dispose it after its last call.");
}
