using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SentimentML.Backbones;
using SentimentML.Inference;
using SentimentML.MLNetInternals;
using SentimentML.Pipeline;
using SentimentML.Encoders;
using SentimentML.Training;
using TorchSharp;

namespace SentimentML;

/// <summary>
/// Fine-tunes a RoBERTa for classifying texts, as transformers' Trainer does with RobertaForSequenceClassification: shuffled
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
    /// <exception cref="SentimentMLException">The data, the backbone or the device is not what the training needs.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public SentimentClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var run = new TrainingRun(_environment, _options, _seed);
        return run.Fit(input);
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
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"The label column '{label.Name}' holds {label.ItemType}, expected a key: map stars with MapStarsToSentiment, text labels with MapValueToKey.");
        return inputSchema.With(
            SchemaShapes.Key(_options.PredictedLabelColumnName),
            SchemaShapes.Vector(_options.ScoreColumnName, NumberDataViewType.Single, slotNames: true));
    }

    private static void RequireText(SchemaShape schema, string name)
    {
        SchemaShape.Column column = Require(schema, name, "texts");
        if (column.ItemType is not TextDataViewType || column.Kind != SchemaShape.Column.VectorKind.Scalar)
            throw new ArgumentOutOfRangeException(nameof(schema), $"The column '{name}' holds {column.ItemType}, expected text.");
    }

    private static SchemaShape.Column Require(SchemaShape schema, string name, string what)
    {
        foreach (SchemaShape.Column column in schema)
            if (column.Name == name)
                return column;
        throw new ArgumentOutOfRangeException(nameof(schema), $"The data has no column '{name}' of {what}; it has {string.Join(", ", schema.Select(c => c.Name))}.");
    }
}
