namespace SentimentML;

/// <summary>
/// A Spanish encoder that comes inside this package, and a sentiment model made from it that answers without any training: negative,
/// neutral or positive.
/// </summary>
public static class SpanishSmall
{
    /// <summary>
    /// multilingual-e5-small (Wang et al., 2024, arXiv:2402.05672) with its vocabulary trimmed to Spanish: 33.6 million parameters, 12 layers
    /// of 384 with 12 heads and 1,536 inside, 32,000 pieces, kept in 4 bits. It recommends a recipe for fine-tuning itself. A training whose
    /// labels are sentiments starts from <see cref="SentimentModel"/> unless <see cref="SentimentClassificationOptions.StartFrom"/> says otherwise.
    /// </summary>
    public static Backbone Backbone { get; } = Backbone.FromResources(typeof(SpanishSmall).Assembly, "model/", "SentimentML.SpanishSmall", "sentiment/");

    /// <summary>The ready sentiment model: what it is, how it was trained and measured. Its labels are negative, neutral and positive.</summary>
    public static SavedModel SentimentModel => SavedModel.OpenSentimentModel(Backbone);

    /// <summary>Loads the ready sentiment model. Keep it for the life of the process.</summary>
    /// <param name="options">How to compute. The default value is null: the options' defaults.</param>
    /// <param name="cancellationToken">Cancels the loading. The default value is none.</param>
    /// <exception cref="SentimentMLException">This machine cannot compute as the options ask.</exception>
    /// <exception cref="OperationCanceledException">The loading was cancelled.</exception>
    public static SentimentClassifier LoadClassifier(SentimentClassifierOptions? options = null, CancellationToken cancellationToken = default) =>
        SentimentClassifier.Load(SentimentModel, options ?? new SentimentClassifierOptions(), cancellationToken);
}
