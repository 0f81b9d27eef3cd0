using SentimentML.Reviews;

namespace SentimentML;

/// <summary>Per-label loss weights; it multiplies the rows' own weights.</summary>
public sealed class ClassWeights
{
    private readonly IReadOnlyDictionary<string, double>? _given;

    private ClassWeights(IReadOnlyDictionary<string, double>? given) => _given = given;

    /// <summary>Every label counts as much as every other, however rare: rows / (labels × rows of the label), as scikit-learn's "balanced".</summary>
    public static ClassWeights Balanced { get; } = new(null);

    /// <summary>Weights by the labels' names; a label that is not named weighs 1.</summary>
    /// <param name="weights">Numbers of 0 or more; copied.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite.</exception>
    public static ClassWeights Of(IReadOnlyDictionary<string, double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        foreach ((string label, double weight) in weights)
            if (!(weight >= 0 && double.IsFinite(weight)))
                throw new ArgumentException(
                    FormattableString.Invariant($"The label '{label}' has the weight {weight}, expected a number of 0 or more."), nameof(weights));
        return new ClassWeights(new Dictionary<string, double>(weights, StringComparer.Ordinal));
    }

    /// <summary>A weight for each label.</summary>
    /// <param name="labels">The labels' names.</param>
    /// <param name="counts">How many rows have each label.</param>
    /// <param name="names">How a message names the option; null for its property.</param>
    /// <exception cref="SentimentMLException">A weight was given for a label that there is not.</exception>
    internal double[] For(IReadOnlyList<string> labels, IReadOnlyList<int> counts, OptionNames? names = null)
    {
        if (_given is null)
        {
            int present = counts.Count(count => count > 0);
            return [.. counts.Select(count => count == 0 ? 1 : counts.Sum() / ((double)present * count))];
        }
        string[] unknown = [.. _given.Keys.Except(labels, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (unknown.Length > 0)
        {
            string option = (names ?? OptionNames.Properties).Name(nameof(SentimentClassificationOptions.ClassWeights));
            throw new SentimentMLException($"{option} names {Quoted(unknown)}; the training labels are {Quoted(labels)}.");
        }
        return [.. labels.Select(name => _given.GetValueOrDefault(name, 1))];
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
