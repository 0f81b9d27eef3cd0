using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SentimentML.Inference;
using SentimentML.MLNetInternals;
using SentimentML.Persistence;
using SentimentML.Pipeline;
using SentimentML.Training;
using SentimentML.Wording;

namespace SentimentML;

/// <summary>
/// A fine-tuned network as an ML.NET transformer: adds the most probable label (a key) and the labels' probabilities. It answers
/// as <see cref="SentimentClassifier"/> does, by the same engine in the same numbers.
/// </summary>
/// <remarks>
/// Dispose it to give the network's memory back. A prediction engine disposes the transformer it was made from unless
/// <see cref="PredictionEngineOptions.OwnsTransformer"/> is false. The weights are in memory once: when the first text is scored,
/// what must be saved as it was trained moves to a file in the system's temporary folder, which goes with the transformer.
/// </remarks>
public sealed class SentimentClassificationTransformer : ITransformer, IDisposable
{
    private readonly TextClassificationModel _model;
    private readonly ScoredColumns _columns;

    internal SentimentClassificationTransformer(TextClassificationModel model, ScoredColumns columns)
    {
        _model = model;
        _columns = columns;
    }

    /// <summary>The labels' names, in the order of the probabilities.</summary>
    public IReadOnlyList<string> Labels => _model.Parts.Labels;

    /// <summary>How the model was trained and measured, as it is saved with it.</summary>
    public ModelRecord Record => _model.Record;

    /// <summary>The validation set's metrics during the training, the untrained network's first; empty without a validation set.</summary>
    public IReadOnlyList<TrainingEvaluation> Evaluations => Record.Evaluations;

    /// <summary>Every step of the training, for a learning curve; null in a loaded model.</summary>
    internal TrainingHistory? History { get; init; }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    internal TextClassificationModel Model => _model;

    internal ScoredColumns Columns => _columns;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => new ScoredSchema(inputSchema, _columns, Labels).Schema;

    /// <summary>A view with the predictions: scored lazily, in batches, when it is read.</summary>
    /// <param name="input">Data with the column of texts.</param>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IDataView Transform(IDataView input)
    {
        _model.RequireAlive();
        return new ScoredView(input, _model.Scorer, _columns);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _model.RequireAlive();
        return new ScoredRowMapper(inputSchema, _model.Scorer, _columns);
    }

    /// <summary>Scores labelled data for an evaluation (<see cref="SentimentEvaluation.Of"/>): the rows whose label the model can answer.</summary>
    /// <remarks>
    /// Labels are matched by name. If the data has a label that the model does not have, both are matched as sentiments where their
    /// names or the stated maps say them (<see cref="LabeledRowsOptions.AsSentiments"/>). Rows with a label that the model cannot
    /// answer, such as 3 stars with a model of two labels, are left out and counted (<see cref="EvaluationRows.RowsLeftOut"/>).
    /// </remarks>
    /// <param name="rows">Data with a column of texts, and one of labels or of stars: such as a file that LoadReviews opened.</param>
    /// <param name="options">Where the data has what. The default value is null: the defaults, with the model's text columns.</param>
    /// <returns>The rows with their scores, in the data's order, numbered by their places in it.</returns>
    /// <exception cref="ArgumentException">An option is out of range; all that are, are named.</exception>
    /// <exception cref="SentimentMLException">A column is missing or of another type, or no row has a label that the model can answer.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public EvaluationRows ScoreLabeled(IDataView rows, LabeledRowsOptions? options = null)
    {
        _model.RequireAlive();
        return LabeledRows.Score(
            _model.Scorer, rows, options ?? new LabeledRowsOptions { TextColumnName = _columns.Text, TextPairColumnName = _columns.TextPair });
    }

    /// <summary>Writes the model as a folder that transformers' from_pretrained and <see cref="SentimentClassifier.Load(string)"/> read.</summary>
    /// <remarks>It holds the network alone. Transforms of a chain that rewrite its texts are kept by ml.Model.Save.</remarks>
    /// <param name="folder">The folder; a model that it holds is replaced when everything is written, and files that are not of a model stay.</param>
    /// <param name="weights">
    /// The numbers that the weights are saved in. The default value is <see cref="WeightType.Float32"/>: exactly as they were trained.
    /// </param>
    /// <exception cref="SentimentMLException">The folder cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void SaveFolder(string folder, WeightType weights = WeightType.Float32)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _model.RequireAlive();
        ModelFolder.Save(_model, folder, weights);
    }

    /// <summary>
    /// Writes what a training with LoRA changed, as peft saves an adapter (adapter_config.json, adapter_model.safetensors): a few MB instead
    /// of the whole network. It belongs to the weights that the training started from, and not to a later state of them. A training that started
    /// from an adapter, as SpanishSmall's ready model is one, saves both together, over the model below.
    /// </summary>
    /// <param name="folder">The folder, without a model's weights; an adapter that it holds is replaced when everything is written.</param>
    /// <param name="weights">The numbers that the adapter is saved in. The default value is <see cref="WeightType.Float32"/>.</param>
    /// <exception cref="InvalidOperationException">
    /// The model was not trained with <see cref="SentimentClassificationOptions.LoraRank"/>, was loaded, or started from an adapter that is more than
    /// a LoRA.
    /// </exception>
    /// <exception cref="SentimentMLException">The folder holds a model's weights, or cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public void SaveAdapter(string folder, WeightType weights = WeightType.Float32)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _model.RequireAlive();
        ModelFolder.SaveAdapter(_model.Parts, History?.Adapter ?? throw new InvalidOperationException(
            "The model has no adapter: it was not trained with LoRA; or it was loaded, and its adapter is merged; or the training started from an adapter "
                + "with more than a LoRA and a head (DoRA, biases). Train with a rank for LoRA, and save the adapter after Fit."), folder, weights);
    }

    /// <summary>
    /// Writes the training as a page: loss, learning rate and the validation set's figures over the steps. It needs no network and no
    /// script.
    /// </summary>
    /// <param name="path">The HTML file; what it held before is replaced when the page is written.</param>
    /// <param name="title">The page's heading. The default value is null: the backbone's name.</param>
    /// <param name="language">The page's language. The default value is <see cref="ReportLanguage.Spanish"/>.</param>
    /// <exception cref="InvalidOperationException">The model was loaded: the steps of its training are not kept with it.</exception>
    /// <exception cref="SentimentMLException">The file cannot be written.</exception>
    public void SaveLearningCurve(string path, string? title = null, ReportLanguage language = ReportLanguage.Spanish)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (History is null)
            throw new InvalidOperationException("The model was loaded: the steps of its training are not kept with it. Write the learning curve after Fit.");
        LearningCurve.WriteFile(path, History, title ?? Record.Backbone ?? ReportText.In(language).Say("Entrenamiento", "Training"), ReportText.In(language));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        _model.RequireAlive();
        TransformerFormat.Save(_model, _columns, ctx);
    }

    /// <summary>Called by ml.Model.Load, which finds it by its signature.</summary>
    private static SentimentClassificationTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        (TextClassificationModel model, ScoredColumns columns) = TransformerFormat.Load(ctx, MLNetHost.DeviceOf(env, TorchDevice.Auto));
        return new SentimentClassificationTransformer(model, columns);
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
