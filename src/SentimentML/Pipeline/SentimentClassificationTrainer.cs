using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SentimentML.MLNetInternals;
using SentimentML.Pipeline;
using SentimentML.Pipeline.Results;

namespace SentimentML;

/// <summary>
/// Fine-tunes a pretrained encoder for classifying texts, as transformers' Trainer does with its sequence classifiers: shuffled
/// batches padded to their longest row, cross-entropy, AdamW without decay on biases and LayerNorm, linear decay of the
/// learning rate, gradients clipped by their norm, the best epoch kept.
/// </summary>
public sealed class SentimentClassificationTrainer : IEstimator<SentimentClassificationTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly SentimentClassificationOptions _options;
    private readonly int _seed;

    internal SentimentClassificationTrainer(IHostEnvironment environment, SentimentClassificationOptions options)
    {
        options.Check(nameof(options));
        _environment = environment;
        _options = options.Copy();
        _seed = options.Seed ?? MLNetHost.SeedOf(environment) ?? 42;
    }

    /// <summary>The seed of all random choices.</summary>
    internal int Seed => _seed;

    /// <summary>Trains a model.</summary>
    /// <param name="input">Data with the columns of texts and labels.</param>
    /// <exception cref="HubException">The hub did not give a file of the backbone.</exception>
    /// <exception cref="ModelFileException">The backbone's files cannot be used.</exception>
    /// <exception cref="TrainingDivergedException">A loss or a norm of gradients was not finite.</exception>
    /// <exception cref="TrainingOutOfMemoryException">Memory ran out.</exception>
    /// <exception cref="SentimentMLException">The data or the device is not what the training needs.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public SentimentClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var run = new TrainingRun(_environment, _options, _seed);
        return run.Fit(input);
    }

    /// <summary>
    /// Cross-validates: trains once for each fold, on all rows but the fold's, and measures on the fold's. Every fold has the labels in
    /// the same shares (stratified). No choice is made by the rows measured on: the validation set, if there is one, chooses the
    /// best epoch, as it does in <see cref="Fit"/>.
    /// </summary>
    /// <param name="input">Data with the columns of texts and labels; rows without a label are left out.</param>
    /// <param name="numberOfFolds">The number of folds, 2 or more. The default value is 5.</param>
    /// <param name="resultsFolder">
    /// A folder that keeps each fold's result, with the texts of its rows: folds that have one are not trained again. Results of other data or
    /// options are refused. The default value is null: no folder.
    /// </param>
    /// <returns>
    /// The folds. Each is trained when it is asked for, and its model is freed when it is measured. With a checkpoint folder, each fold's
    /// checkpoints lie in a folder of their own inside it.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numberOfFolds"/> is below 2.</exception>
    /// <exception cref="SentimentMLException">A label has fewer rows than there are folds, the results are of other work, or the training fails.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public IEnumerable<CrossValidationFold> CrossValidate(IDataView input, int numberOfFolds = 5, string? resultsFolder = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2);
        return Folds(input, numberOfFolds, resultsFolder);
    }

    /// <summary>
    /// Trains and measures one fold of <see cref="CrossValidate"/>: the folds do not depend on one another, so they can be spread over any number
    /// of processes and machines of one kind, which share a folder of results.
    /// </summary>
    /// <param name="input">The data, the same for all folds.</param>
    /// <param name="fold">Which, from 1.</param>
    /// <param name="numberOfFolds">The number of folds, 2 or more.</param>
    /// <param name="resultsFolder">As for <see cref="CrossValidate"/>. The default value is null: no folder.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numberOfFolds"/> is below 2, or there is no such fold.</exception>
    /// <inheritdoc cref="CrossValidate" path="/exception"/>
    public CrossValidationFold CrossValidateFold(IDataView input, int fold, int numberOfFolds, string? resultsFolder = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2);
        if (fold < 1 || fold > numberOfFolds)
            throw new ArgumentOutOfRangeException(nameof(fold), fold, $"There are the folds 1 to {numberOfFolds}.");
        return new FoldRun(_environment, _options, _seed, input, numberOfFolds, resultsFolder).Run(fold);
    }

    /// <summary>Begins a folder of results, or makes sure that it is this cross-validation's.</summary>
    /// <returns>The folds without a result, from 0; null if all have one.</returns>
    internal ResultsGap? FindGap(IDataView input, int numberOfFolds, string resultsFolder)
    {
        var run = new FoldRun(_environment, _options, _seed, input, numberOfFolds, resultsFolder);
        int[] missing = [.. Enumerable.Range(0, numberOfFolds).Where(fold => run.Known(fold + 1) is null)];
        return missing.Length > 0 ? new ResultsGap(1, missing) : null;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        RequireText(inputSchema, _options.TextColumnName);
        if (_options.TextPairColumnName is { } pair)
            RequireText(inputSchema, pair);
        SchemaShape.Column label = Require(inputSchema, _options.LabelColumnName, "labels");
        if (!label.IsKey)
            throw new ArgumentOutOfRangeException(nameof(inputSchema),
                $"The label column '{label.Name}' holds {label.ItemType}, expected a key. "
                    + "Map stars with MapStarsToSentiment, other labels with MapValueToKey.");
        if (_options.ExampleWeightColumnName is { } weight && Require(inputSchema, weight, "weights") is var weights
            && (weights.ItemType != NumberDataViewType.Single || weights.Kind != SchemaShape.Column.VectorKind.Scalar))
            throw new ArgumentOutOfRangeException(nameof(inputSchema),
                $"The column '{weight}' of weights holds {weights.ItemType}, expected one Single a row. Convert it with Conversion.ConvertType.");
        return inputSchema.With(
            SchemaShapes.Key(_options.PredictedLabelColumnName, SchemaShapes.KeyValuesType(label)),
            SchemaShapes.Vector(_options.ScoreColumnName, NumberDataViewType.Single, slotNames: true));
    }

    private IEnumerable<CrossValidationFold> Folds(IDataView input, int count, string? resultsFolder)
    {
        var run = new FoldRun(_environment, _options, _seed, input, count, resultsFolder);
        for (int fold = 1; fold <= count; fold++)
            yield return run.Run(fold);
    }

    private static void RequireText(SchemaShape schema, string name)
    {
        SchemaShape.Column column = Require(schema, name, "texts");
        if (column.ItemType is not TextDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw new ArgumentOutOfRangeException(nameof(schema), column.ItemType is not TextDataViewType
                ? $"The column '{name}' holds {column.ItemType}, expected text: the network reads the text itself, without FeaturizeText before it."
                : $"The column '{name}' holds several values of {column.ItemType} a row, expected one text. Join texts in a CustomMapping, not by "
                    + "Concatenate.");
    }

    private static SchemaShape.Column Require(SchemaShape schema, string name, string what)
    {
        foreach (SchemaShape.Column column in schema)
            if (column.Name == name)
                return column;
        throw new ArgumentOutOfRangeException(
            nameof(schema), $"The data has no column '{name}' of {what}; it has {string.Join(", ", schema.Select(c => c.Name))}.");
    }
}
