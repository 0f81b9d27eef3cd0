using System.Runtime.CompilerServices;
using Microsoft.ML;
using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Explanations;
using SentimentML.Inference;
using SentimentML.Tokenization;
using static TorchSharp.torch;

#pragma warning disable RS0026 // A text and a stream of texts cannot be taken for each other, so both ClassifyAsync may have an optional token.

namespace SentimentML;

/// <summary>
/// A fine-tuned model without ML.NET's data views: texts in, predictions out. Safe to use from many threads at once; keep one
/// for the life of the process, and dispose it at the end.
/// </summary>
public sealed class SentimentClassifier : IDisposable
{
    private readonly TextScorer _scorer;
    private readonly GatheringEngine _engine;
    private readonly SemaphoreSlim _explaining = new(1);
    private readonly ExplainedNetwork? _network;

    /// <param name="scorer">What answers; disposed with the classifier.</param>
    /// <param name="network">
    /// Loads the network that the scorer's engine was made from, for explanations that need its gradients: the engine
    /// itself keeps the weights in an order of its own, and once. Null if there is no network.
    /// </param>
    internal SentimentClassifier(TextScorer scorer, Func<SequenceClassifier>? network = null)
    {
        _engine = scorer.Engine as GatheringEngine ?? new GatheringEngine(scorer.Engine, TimeSpan.Zero, together: false);
        _scorer = scorer with { Engine = _engine };
        _network = network is null ? null : new ExplainedNetwork(network);
    }

    /// <summary>The labels' names, in the order of probabilities and logits.</summary>
    public IReadOnlyList<string> Labels => _scorer.Labels;

    /// <summary>The engine that answers, its precision and its device in a short human-readable form.</summary>
    public string Engine => _scorer.Engine.Description;

    internal TextScorer Scorer => _scorer;

    internal GatheringEngine Gathering => _engine;

    /// <summary>Loads a model, to compute on the best device that there is.</summary>
    /// <inheritdoc cref="Load(string, SentimentClassifierOptions, CancellationToken)"/>
    public static SentimentClassifier Load(string path) => Load(path, new SentimentClassifierOptions());

    /// <summary>Loads a model, to compute on one device.</summary>
    /// <param name="path">
    /// A model folder (ours or any Hugging Face folder of a sequence classifier), a zip that ml.Model.Save wrote, or a model on the
    /// Hugging Face hub, "organization/name" or "organization/name@revision", which is downloaded at first use.
    /// </param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="ModelFileException">There is no usable model at the path.</exception>
    /// <exception cref="SentimentMLException">The device cannot be used.</exception>
    public static SentimentClassifier Load(string path, TorchDevice device) => Load(path, new SentimentClassifierOptions { Device = device });

    /// <summary>Loads a model.</summary>
    /// <param name="path">
    /// A model folder (ours or any Hugging Face folder of a sequence classifier), a zip that ml.Model.Save wrote, or a model on the
    /// Hugging Face hub, "organization/name" or "organization/name@revision", which is downloaded at first use.
    /// </param>
    /// <param name="options">How to compute.</param>
    /// <param name="cancellationToken">Cancels the loading, also while weights are read and while Int8 is calibrated. The default value is none.</param>
    /// <exception cref="OperationCanceledException">The loading was cancelled.</exception>
    /// <exception cref="ModelFileException">There is no usable model at the path.</exception>
    /// <exception cref="SentimentMLException">
    /// This machine cannot compute as the options ask, or the model has no temperature and is to be calibrated.
    /// </exception>
    public static SentimentClassifier Load(string path, SentimentClassifierOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(options);
        return Load(SavedModel.Open(path, cancellationToken: cancellationToken), options, cancellationToken);
    }

    /// <summary>Loads a model that was opened.</summary>
    /// <param name="saved">The model.</param>
    /// <param name="options">How to compute.</param>
    /// <param name="cancellationToken">Cancels the loading, also while weights are read. The default value is none.</param>
    /// <exception cref="OperationCanceledException">The loading was cancelled.</exception>
    /// <exception cref="SentimentMLException">
    /// The weights are damaged, this machine cannot compute as the options ask, or the model has no temperature and is to be calibrated.
    /// </exception>
    public static SentimentClassifier Load(SavedModel saved, SentimentClassifierOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(saved);
        ArgumentNullException.ThrowIfNull(options);
        // Before the engine is made, which would stay in memory if these threw.
        Func<TextInput, TextInput>? transforms = saved.Transforms;
        AnswerRule rule = saved.Rule(options.Calibrated, options.Sentiments, options.UnsureBelow);
        Device device = options.Device.Resolve();
        InferencePrecision precision = saved.Parts.PrecisionOn(options.Precision, device);
        IInferenceEngine engine = saved.LoadEngine(precision, device, cancellationToken);
        if (options.GatherConcurrentCalls)
            engine = new GatheringEngine(engine, options.MaxGatherDelay);
        var scorer = new TextScorer(engine, saved.Tokenizer, rule, saved.MaxTokens)
        {
            Transforms = transforms,
            Preprocessing = saved.PreprocessingFor(options.Preprocessing),
        };
        return new SentimentClassifier(scorer, () => saved.LoadNetwork(device));
    }

    /// <summary>Loads a model on another thread, for callers that must not block.</summary>
    /// <param name="path">
    /// A model folder (ours or any Hugging Face folder of a sequence classifier), a zip that ml.Model.Save wrote, or a model on the
    /// Hugging Face hub, "organization/name" or "organization/name@revision", which is downloaded at first use.
    /// </param>
    /// <param name="options">How to compute. The default value is null: the options' defaults.</param>
    /// <param name="cancellationToken">Cancels the loading, also while weights are read.</param>
    /// <inheritdoc cref="Load(string, SentimentClassifierOptions, CancellationToken)" path="/exception"/>
    public static Task<SentimentClassifier> LoadAsync(string path, SentimentClassifierOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Task.Run(() => Load(path, options ?? new SentimentClassifierOptions(), cancellationToken), cancellationToken);
    }

    /// <summary>Classifies one text.</summary>
    /// <param name="text">The text; an empty one is allowed, one that is too long is cut.</param>
    public SentimentPrediction Classify(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _engine.RequireAlive();
        return Prediction(_scorer.Logits(new TextInput(text)));
    }

    /// <summary>Classifies one text. No thread is held while the call waits for its turn and its answer, so thousands may wait at once.</summary>
    /// <param name="text">The text; an empty one is allowed, one that is too long is cut. It is tokenized on the calling thread.</param>
    /// <param name="cancellationToken">Cancels the call. If its batch has not begun, the text is not computed at all.</param>
    /// <exception cref="ObjectDisposedException">The classifier was disposed before the text's turn.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<SentimentPrediction> ClassifyAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PredictionAsync(new TextInput(text), cancellationToken);
    }

    /// <summary>Classifies a pair of texts, with a model that was trained on pairs.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="textPair">The second text.</param>
    public SentimentPrediction ClassifyPair(string text, string textPair)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(textPair);
        _engine.RequireAlive();
        return Prediction(_scorer.Logits(new TextInput(text, textPair)));
    }

    /// <summary>Classifies a pair of texts, as <see cref="ClassifyAsync(string, CancellationToken)"/> classifies one.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="textPair">The second text.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ObjectDisposedException">The classifier was disposed before the pair's turn.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<SentimentPrediction> ClassifyPairAsync(string text, string textPair, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(textPair);
        return PredictionAsync(new TextInput(text, textPair), cancellationToken);
    }

    /// <summary>Classifies many texts, lazily and in constant memory: answers come in the texts' order while later texts are still being read.</summary>
    /// <param name="texts">The texts, read once, a window ahead of the answers.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public IEnumerable<SentimentPrediction> Classify(IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        _engine.RequireAlive();
        return new ScoringPipeline(_scorer, cancellationToken)
            .Logits(texts.Select(text => new TextInput(text ?? throw new ArgumentException("A text is null.", nameof(texts)))))
            .Select(Prediction);
    }

    /// <summary>Classifies rows by their text, lazily and in constant memory, and gives each row back with its prediction.</summary>
    /// <typeparam name="T">The type of a row.</typeparam>
    /// <param name="rows">The rows, read once, a window ahead of the answers.</param>
    /// <param name="text">The text of a row.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public IEnumerable<(T Row, SentimentPrediction Prediction)> ClassifyRows<T>(
        IEnumerable<T> rows, Func<T, string> text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(text);
        _engine.RequireAlive();
        return new ScoringPipeline(_scorer, cancellationToken)
            .Logits(rows, row => new TextInput(text(row) ?? throw new ArgumentException("A text is null.", nameof(text))))
            .Select(answer => (answer.Row, Prediction(answer.Logits)));
    }

    /// <summary>Scores labelled data for an evaluation (<see cref="SentimentEvaluation.Of"/>): the rows whose label the model can answer.</summary>
    /// <remarks>
    /// Labels are matched by name. If the data has a label that the model does not have, both are matched as sentiments where their
    /// names or the stated maps say them (<see cref="LabeledRowsOptions.AsSentiments"/>). Rows with a label that the model cannot
    /// answer, such as 3 stars with a model of two labels, are left out and counted (<see cref="EvaluationRows.RowsLeftOut"/>).
    /// </remarks>
    /// <param name="rows">Data with a column of texts, and one of labels or of stars: such as a file that LoadReviews opened.</param>
    /// <param name="options">Where the data has what. The default value is null: the defaults.</param>
    /// <returns>The rows with their scores, in the data's order, numbered by their places in it.</returns>
    /// <exception cref="ArgumentException">An option is out of range; all that are, are named.</exception>
    /// <exception cref="SentimentMLException">A column is missing or of another type, or no row has a label that the model can answer.</exception>
    /// <exception cref="ObjectDisposedException">The classifier was disposed.</exception>
    public EvaluationRows ScoreLabeled(IDataView rows, LabeledRowsOptions? options = null)
    {
        _engine.RequireAlive();
        return LabeledRows.Score(_scorer, rows, options ?? new LabeledRowsOptions());
    }

    /// <summary>Classifies a stream of texts, in constant memory; what has arrived is answered without waiting for more.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async IAsyncEnumerable<SentimentPrediction> ClassifyAsync(
        IAsyncEnumerable<string> texts, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        _engine.RequireAlive();
        IAsyncEnumerable<TextInput> inputs = texts.Select(text => new TextInput(text ?? throw new ArgumentException("A text is null.", nameof(texts))));
        await foreach (float[] logits in new ScoringPipeline(_scorer, cancellationToken).LogitsAsync(inputs).ConfigureAwait(false))
            yield return Prediction(logits);
    }

    /// <summary>
    /// Finds out which words of a text moved the answer, and which way. The first call by integrated gradients loads the
    /// network once more, in float32. If a zip's pipeline changes texts before its network reads them, the changed text is explained.
    /// </summary>
    /// <param name="text">The text; of one that is too long the part that the model reads is explained.</param>
    /// <param name="method">How. The default value is <see cref="ExplanationMethod.IntegratedGradients"/>.</param>
    /// <param name="label">The label to explain. The default value is null: the most probable one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The model has no such label.</exception>
    /// <exception cref="SentimentMLException">The method needs gradients, and the classifier's engine has none.</exception>
    public Explanation Explain(
        string text, ExplanationMethod method = ExplanationMethod.IntegratedGradients, string? label = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Explain(new TextInput(text), method, label, int.MaxValue, cancellationToken);
    }

    /// <summary>
    /// Explains as <see cref="Explain(string, ExplanationMethod, string?, CancellationToken)"/> does, on another thread and one text at a
    /// time; calls that wait for their turn hold no thread.
    /// </summary>
    /// <inheritdoc cref="Explain(string, ExplanationMethod, string?, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="Explain(string, ExplanationMethod, string?, CancellationToken)" path="/exception"/>
    public Task<Explanation> ExplainAsync(string text, ExplanationMethod method = ExplanationMethod.IntegratedGradients,
        string? label = null, CancellationToken cancellationToken = default) => ExplainAsync(text, method, label, int.MaxValue, cancellationToken);

    /// <summary>Explains as above. If the text has more words than the limit, runs of neighbours are weighed as one word.</summary>
    /// <param name="text">The text.</param>
    /// <param name="method">How.</param>
    /// <param name="label">The label to explain; null for the most probable one.</param>
    /// <param name="maxWords">The most words that are weighed, 1 or more: occlusion computes as many texts.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    internal async Task<Explanation> ExplainAsync(string text, ExplanationMethod method, string? label, int maxWords, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        _engine.RequireAlive();
        await _explaining.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Explain(new TextInput(text), method, label, maxWords, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _explaining.Release();
        }
    }

    /// <summary>The same for a pair of texts, with a model that was trained on pairs.</summary>
    /// <param name="text">The first text.</param>
    /// <param name="textPair">The second text.</param>
    /// <param name="method">How. The default value is <see cref="ExplanationMethod.IntegratedGradients"/>.</param>
    /// <param name="label">The label to explain. The default value is null: the most probable one.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The model has no such label.</exception>
    /// <exception cref="SentimentMLException">The method needs gradients, and the classifier's engine has none.</exception>
    public Explanation ExplainPair(
        string text, string textPair, ExplanationMethod method = ExplanationMethod.IntegratedGradients, string? label = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(textPair);
        return Explain(new TextInput(text, textPair), method, label, int.MaxValue, cancellationToken);
    }

    /// <summary>
    /// Gives the network's memory back. Texts that are being computed or explained are answered first; calls that still wait fail with an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        _scorer.Dispose();
        _network?.Dispose();
    }

    private Explanation Explain(TextInput input, ExplanationMethod method, string? label, int maxWords, CancellationToken cancellationToken)
    {
        _engine.RequireAlive();
        TextInput read = _scorer.Transformed(input); // the words that are weighed are those that the network reads
        TextScorer scorer = _scorer with { Transforms = null };
        return method == ExplanationMethod.IntegratedGradients && _network is not null ? _network.Use(Explained) : Explained(null);

        Explanation Explained(SequenceClassifier? network) =>
            new Explainer(scorer, network).Explain(read, Prediction(scorer.Logits(read)), method, label, maxWords, cancellationToken);
    }

    private async Task<SentimentPrediction> PredictionAsync(TextInput input, CancellationToken cancellationToken) =>
        Prediction(await _engine.LogitsAsync([_scorer.Tokenize(input)], cancellationToken).ConfigureAwait(false));

    private SentimentPrediction Prediction(float[] logits) => _scorer.Rule.Answer(logits);
}
