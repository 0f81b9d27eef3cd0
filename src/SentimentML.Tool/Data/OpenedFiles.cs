using Microsoft.ML;
using SentimentML.Labels;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Data;

/// <summary>The files of a training, found and not yet read.</summary>
/// <param name="Train">The rows to learn from.</param>
/// <param name="Validation">The rows to measure on; null for none.</param>
/// <param name="Neutral">What becomes of 3 stars.</param>
/// <param name="MaxRows">The most rows to learn from; null for all.</param>
internal sealed record OpenedFiles(ReviewData Train, ReviewData? Validation, NeutralStars Neutral, int? MaxRows)
{
    /// <summary>The rows to learn from, after all of them were checked.</summary>
    /// <exception cref="SentimentMLException">They have no label, or all have the same.</exception>
    public LabeledData CheckedTraining(SentimentClassificationOptions options, Screen screen)
    {
        LabeledData train = Train.Labeled(Neutral);
        int[] labels = train.ReadLabels(options.CancellationToken);
        LabelCheck.RequireFewerThanRows(train.Labels, labels, train.Path, options.Names);
        if (Train.LeftOut(Neutral, options.CancellationToken) is { } leftOut)
            screen.Note(leftOut);
        if (MaxRows < labels.Length)
        {
            train = options.Shuffle ? train.Sample(MaxRows.Value, options.Seed!.Value) : train.First(MaxRows.Value);
            labels = train.ReadLabels(options.CancellationToken);
        }
        if (labels.Length == 0)
            throw new SentimentMLException(
                $"{train.Path}: no row has a label and a text. Three-star reviews have none unless --neutral-class makes them a class of their own.");
        if (labels.Distinct().Count() == 1)
            throw new SentimentMLException($"{train.Path}: all {labels.Length} rows to learn from are labelled '{train.Labels[labels[0]]}', expected rows of "
                + "at least two labels. Give a file that has both kinds of reviews, or raise --max-rows.");
        screen.Note(train.Describe(labels));
        if (LabelCheck.CaseVariants(train.Labels, labels, options.Names) is { } variants)
            screen.NoteOnce(variants);
        foreach (string odd in Train.OddLabels(train, labels, options.StartsFromSentimentModel))
            screen.Note(odd);
        return train;
    }

    /// <summary>The rows to measure on; null where there are none.</summary>
    /// <exception cref="SentimentMLException">None of them has a label that is trained.</exception>
    public IDataView? CheckedValidation(IReadOnlyList<string> trained, SentimentClassificationOptions options, Screen screen)
    {
        if (Validation?.Labeled(Neutral) is not { } validation)
            return null;
        int[] labels = validation.ReadLabels(options.CancellationToken);
        Dictionary<string, int> places = LabelNames.Places(trained);
        string[] unknown = [.. validation.Labels.Where(label => !places.ContainsKey(label))];
        if (labels.All(label => unknown.Contains(validation.Labels[label])))
            throw new SentimentMLException($"{validation.Path}: no row has one of the labels that are trained ({string.Join(", ", trained)}). Its labels are "
                + $"{string.Join(", ", validation.Labels)}. Give both files the same labels, or take the stars of both.");
        if (Validation.LeftOut(Neutral, options.CancellationToken) is { } leftOut)
            screen.Note(leftOut);
        screen.Note(validation.Describe(labels));
        if (labels.Count(label => unknown.Contains(validation.Labels[label])) is > 0 and int rows)
        {
            string some = string.Join(", ", unknown.Take(5));
            screen.Note(Language.Format(
                $"{rows:N0} filas de {validation.Path} tienen una etiqueta que no tiene ninguna fila para aprender ({some}), y no cuentan.",
                $"{rows:N0} rows of {validation.Path} have a label that no row to learn from has ({some}), and are left out."));
        }
        return validation.Rows;
    }
}
