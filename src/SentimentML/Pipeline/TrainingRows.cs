using Microsoft.ML;
using Microsoft.ML.Runtime;
using SentimentML.Labels;
using SentimentML.Reviews;
using SentimentML.Training;
using SentimentML.Wording;

namespace SentimentML.Pipeline;

/// <summary>The rows of one training: read from their views, tokenized, checked and weighted.</summary>
/// <param name="columns">Where texts, labels and weights are.</param>
/// <param name="labels">The training labels.</param>
/// <param name="tokenize">Texts to ids.</param>
/// <param name="log">Where warnings go.</param>
/// <param name="names">How messages name the options.</param>
/// <param name="cancellationToken">Stops the reading.</param>
internal sealed class TrainingRows(
    TrainingColumns columns, IReadOnlyList<string> labels, Tokenize tokenize, IChannel log, OptionNames names, CancellationToken cancellationToken)
{
    /// <summary>The rows to learn from.</summary>
    /// <exception cref="SentimentMLException">There is nothing to learn from them.</exception>
    public TrainingData Train(IDataView view)
    {
        TrainingData data = TrainingData.Read(view, columns, labels, tokenize, cancellationToken);
        if (data.Examples.Count == 0 && data.WithoutText > 0)
            throw new SentimentMLException(
                $"No training row has a text and a label ({data.WithoutText} rows have no text, {data.Unlabeled} no label), expected rows with both.");
        if (data.Examples.Count == 0)
            throw new SentimentMLException(data.Unlabeled > 0
                ? $"No training row has a label ({data.Unlabeled} rows were read). Three-star reviews have none unless they are mapped to a third class."
                : "The training data has no rows.");
        int[] used = [.. data.Examples.Select(row => row.Label).Distinct()];
        if (used.Length < 2)
            throw new SentimentMLException(
                $"All {data.Examples.Count} training rows are labelled '{labels[used[0]]}': at least two labels are needed to learn to tell them apart.");
        int[] places = [.. data.Examples.Select(row => row.Label)];
        LabelCheck.RequireFewerThanRows(labels, places, $"The training data's column '{columns.Label}'", names);
        if (LabelCheck.CaseVariants(labels, places, names) is { } variants)
            log.Warning(variants);
        foreach (string missing in labels.Where((_, place) => !used.Contains(place)))
            log.Warning(Localized.Say($"Ninguna fila para aprender tiene la etiqueta '{missing}': el modelo no puede aprender a darla.",
                $"No training row is labelled '{missing}': the model cannot learn to answer it."));
        return data;
    }

    /// <summary>The rows to be measured on, which come as they were loaded: the training data has gone through the pipeline, they have not.</summary>
    /// <exception cref="SentimentMLException">None of them has a training label.</exception>
    public TrainingData Validation(IDataView view)
    {
        if (view.Schema.GetColumnOrNull(columns.Text) is null)
            throw new SentimentMLException($"The validation set has no column '{columns.Text}'; it has {string.Join(", ", view.Schema.Select(c => c.Name))}. "
                + "It does not pass through the pipeline: give it as the network is to read it, after the same transforms (prepared.Transform(validation)).");
        TrainingData data = TrainingData.Read(WithLabels(view, columns, labels), columns with { Weight = null }, labels, tokenize, cancellationToken);
        if (data.Examples.Count == 0)
            throw new SentimentMLException($"The validation set has no row with one of the training labels ({string.Join(", ", labels)}).");
        foreach (string missing in labels.Where((_, place) => data.Examples.All(row => row.Label != place)))
            log.Warning(Localized.Say($"Ninguna fila de validación tiene la etiqueta '{missing}': sus métricas no dicen nada de ella.",
                $"The validation set has no row labelled '{missing}': its metrics say nothing of that label."));
        return data;
    }

    /// <summary>The rows with their label's weight in their own.</summary>
    /// <exception cref="SentimentMLException">Every row weighs 0.</exception>
    public IReadOnlyList<Example> Weighted(IReadOnlyList<Example> rows, IReadOnlyDictionary<string, double>? classWeights)
    {
        if (classWeights is not null)
            rows = [.. rows.Select(row => row with { Weight = (float)(row.Weight * classWeights[labels[row.Label]]) })];
        return rows.Any(row => row.Weight > 0)
            ? rows
            : throw new SentimentMLException($"All {rows.Count} training rows weigh 0, so that there is nothing to learn from: look at "
                + names.Name(nameof(SentimentClassificationOptions.ClassWeights))
                + (columns.Weight is { } column ? $" and at the column '{column}'." : "."));
    }

    /// <summary>A validation set with a label column, made from its stars if the training's was.</summary>
    public static IDataView WithLabels(IDataView set, TrainingColumns columns, IReadOnlyList<string> labels)
    {
        const string stars = "Stars";
        if (set.Schema.GetColumnOrNull(columns.Label) is null && set.Schema.GetColumnOrNull(stars) is not null && Sentiments.NeutralOf(labels) is { } neutral)
            set = new StarsToSentimentEstimator(columns.Label, stars, neutral).Fit(set).Transform(set);
        if (set.Schema.GetColumnOrNull(columns.Label) is null)
            throw new SentimentMLException($"The validation set has no column '{columns.Label}'; it has {string.Join(", ", set.Schema.Select(c => c.Name))}. "
                + "Give it the labels as a key or as text; stars (a column 'Stars') are mapped where the training labels come from MapStarsToSentiment.");
        return set;
    }
}
