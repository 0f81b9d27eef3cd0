using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>Evaluated texts that the model has seen in its training, or nearly.</summary>
public sealed class TrainingDuplicates
{
    /// <summary>Fewer words than these are the same by chance ("muy bueno"), not by a leak.</summary>
    public const int MinWords = 5;

    internal TrainingDuplicates(IReadOnlyList<string> training, IReadOnlyList<string> evaluated, int maxPairs)
    {
        IReadOnlyList<DuplicatePair> all = NearDuplicates.Between(training, evaluated);
        DuplicatePair[] telling = [.. all.Where(pair => Words.Count(evaluated[pair.Second]) >= MinWords)];
        TrainingRows = training.Count;
        Count = telling.Length;
        Exact = telling.Count(pair => pair.IsExact);
        TooShort = all.Count - telling.Length;
        Pairs = [.. telling.Take(maxPairs)];
        TrainingTexts = [.. Pairs.Select(pair => training[pair.First])];
    }

    /// <summary>The number of training texts that were compared with.</summary>
    public int TrainingRows { get; }

    /// <summary>The number of evaluated rows that have a training text like them.</summary>
    public int Count { get; }

    /// <summary>How many of these are the same word by word.</summary>
    public int Exact { get; }

    /// <summary>How many more are as alike but have fewer than <see cref="MinWords"/> words.</summary>
    public int TooShort { get; }

    /// <summary>The most alike, the training text first and the evaluated row second.</summary>
    public IReadOnlyList<DuplicatePair> Pairs { get; }

    /// <summary>The training text of each of the <see cref="Pairs"/>.</summary>
    public IReadOnlyList<string> TrainingTexts { get; }
}
