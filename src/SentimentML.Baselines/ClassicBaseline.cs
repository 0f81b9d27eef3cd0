using Microsoft.ML;

namespace SentimentML;

/// <summary>A classic model to hold a sentiment model against: a name, what it is made of, and how to make it.</summary>
public sealed class ClassicBaseline
{
    private readonly Func<IEstimator<ITransformer>> _build;

    internal ClassicBaseline(string name, string description, Func<IEstimator<ITransformer>> build)
    {
        Name = name;
        Description = description;
        _build = build;
    }

    /// <summary>A short name for a table, such as "n-grams + L-BFGS".</summary>
    public string Name { get; }

    /// <summary>What the model is made of, in one sentence.</summary>
    public string Description { get; }

    /// <summary>
    /// Makes the untrained pipeline. Fitted, it adds the columns "PredictedLabel" (a key with the label's values) and "Score"
    /// (a probability for each class, in the order of the label's keys), and can be saved by <c>ml.Model.Save</c>.
    /// </summary>
    /// <returns>A new estimator each time.</returns>
    public IEstimator<ITransformer> Build() => _build();

    /// <summary>Returns <see cref="Name"/>.</summary>
    public override string ToString() => Name;
}
