using Microsoft.ML;

namespace SentimentML;

/// <summary>Finds the fine-tuned model inside a fitted pipeline.</summary>
public static class SentimentTransformers
{
    /// <summary>
    /// The fine-tuned model of a fitted or loaded pipeline: what can be saved as a folder
    /// (<see cref="SentimentClassificationTransformer.SaveFolder"/>) and knows how it was trained and measured.
    /// </summary>
    /// <param name="model">What Fit or ml.Model.Load returned: the transformer itself, or a chain that holds it, at any depth.</param>
    /// <exception cref="InvalidOperationException">The pipeline holds no such transformer, or several.</exception>
    public static SentimentClassificationTransformer SentimentClassification(this ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ITransformer[] parts = [.. Parts(model)];
        SentimentClassificationTransformer[] found = [.. parts.OfType<SentimentClassificationTransformer>()];
        return found.Length == 1 ? found[0] : throw new InvalidOperationException(
            $"The pipeline holds {(found.Length == 0 ? "no" : found.Length)} {nameof(SentimentClassificationTransformer)}, expected one. Its transformers are "
                + $"{string.Join(", ", parts.Select(part => part.GetType().Name))}.");
    }

    private static IEnumerable<ITransformer> Parts(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(Parts) : [model];
}
