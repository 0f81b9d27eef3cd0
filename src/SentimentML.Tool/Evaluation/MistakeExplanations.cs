namespace SentimentML.Tool.Evaluation;

/// <summary>
/// Explains the worst mistakes of a report by integrated gradients, as many as cost little beside the classifying of all rows. To
/// explain a text, it goes through the network and back at 16 points or more, in float32 and by kernels that keep what gradients
/// need: that is the work of about 150 texts of its length. So of every 1,500 characters of the file one is explained.
/// </summary>
internal sealed class MistakeExplanations
{
    private const long CharactersForOne = 1500;

    /// <summary>A small file costs so little that a few sentences more do not matter.</summary>
    private const long MinCharacters = 200;

    private readonly SentimentClassifier _classifier;
    private readonly CancellationToken _cancellation;
    private long _charactersLeft;

    /// <param name="classifier">Whose answers are explained.</param>
    /// <param name="texts">All texts of the report.</param>
    /// <param name="cancellation">Stops the work.</param>
    public MistakeExplanations(SentimentClassifier classifier, IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        _classifier = classifier;
        _cancellation = cancellation;
        _charactersLeft = Math.Max(MinCharacters, texts.Sum(text => (long)text.Length) / CharactersForOne);
    }

    /// <summary>What moved the answer to a text; null where that would cost more than is left.</summary>
    public Explanation? Of(string text)
    {
        if (text.Length > _charactersLeft)
            return null;
        _charactersLeft -= text.Length;
        return _classifier.Explain(text, cancellationToken: _cancellation);
    }
}
