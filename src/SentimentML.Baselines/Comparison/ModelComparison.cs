using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Comparison;
using SentimentML.Wording;

namespace SentimentML;

/// <summary>
/// Trains models on the same rows, the simplest first, and measures them on rows that none of them saw: the classic baselines,
/// classic models on the backbone's vectors, the fine-tuned backbone, and the backbone stacked with n-grams. No model chooses anything by
/// the validation rows, so that the figures can be compared.
/// </summary>
public sealed class ModelComparison
{
    /// <summary>With fewer rows held out, a stack's weight would be chance.</summary>
    private const int MinHeldOut = 20;

    private readonly MLContext _ml;
    private readonly ModelComparisonOptions _options;
    private readonly string _backbone;

    /// <param name="ml">The context; its seed is that of the classic models.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The fine-tuning has a validation set, or reads pairs of texts.</exception>
    public ModelComparison(MLContext ml, ModelComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(options);
        if (options.FineTuning.ValidationSet is not null)
            throw new ArgumentException("FineTuning.ValidationSet is given, expected null: no model chooses anything by the validation rows.", nameof(options));
        if (options.FineTuning.TextPairColumnName is not null)
            throw new ArgumentException("FineTuning.TextPairColumnName is given, expected null: the classic models read one text.", nameof(options));
        _ml = ml;
        _options = options;
        _backbone = options.BackboneName ?? options.FineTuning.Backbone.Name;
    }

    private CancellationToken Cancellation => _options.FineTuning.CancellationToken;

    /// <summary>Trains and measures the models; each is trained when it is asked for.</summary>
    /// <param name="train">The rows to learn from, with the fine-tuning's columns of text and label; the label is a key with names.</param>
    /// <param name="validation">The rows to measure on, with the same columns; those with a label that no training row has are left out.</param>
    /// <exception cref="SentimentMLException">A column is missing, or there are too few labels.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public IEnumerable<ComparedModel> Run(IDataView train, IDataView validation)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        LabeledTexts learned = LabeledTexts.Train(train, _options.FineTuning);
        return Run(learned, LabeledTexts.Validation(validation, _options.FineTuning, learned.LabelNames));
    }

    private IEnumerable<ComparedModel> Run(LabeledTexts train, LabeledTexts validation)
    {
        ClassicModel? ngrams = null;
        string ngramsName = ClassicBaselines.Ngrams(_ml).Name;
        foreach (ClassicBaseline baseline in ClassicBaselines.All(_ml))
        {
            ClassicModel model = Classic(baseline, train.View(_ml), validation.View(_ml));
            if (baseline.Name == ngramsName)
                ngrams = model;
            yield return model.Compared(baseline.Name, ComparedModelKind.Classic, validation);
        }

        FineTunedModel fineTuned = FineTuned(train, validation);
        foreach (ComparedModel model in OnVectors(train, validation, fineTuned.Bytes))
            yield return model;
        yield return new ComparedModel(_backbone, ComparedModelKind.FineTuned, validation.Scored(fineTuned.Logits))
        {
            TrainingTime = fineTuned.TrainingTime,
            RowsPerSecond = fineTuned.RowsPerSecond,
            Bytes = fineTuned.Bytes,
        };
        yield return Stacked(ngrams!, fineTuned, train, validation);
    }

    /// <summary>Classic models on the vectors of the backbone as it is; the time and size of making the vectors are theirs too.</summary>
    private IEnumerable<ComparedModel> OnVectors(LabeledTexts train, LabeledTexts validation, long backboneBytes)
    {
        Begin("Calculando los vectores de la red congelada", "Making the frozen backbone's vectors");
        using TextEmbedder embedder =
            TextEmbedder.Load(_options.FineTuning.Backbone, new TextEmbedderOptions { Device = _options.FineTuning.Device }, Cancellation);
        (float[][] trainVectors, TimeSpan trainTime) = Timed(() => embedder.Embed(train.Texts, Cancellation).ToArray());
        (float[][] validationVectors, TimeSpan time) = Timed(() => embedder.Embed(validation.Texts, Cancellation).ToArray());
        foreach (ClassicBaseline baseline in ClassicBaselines.VectorHeads(_ml))
        {
            ComparedModel head = Classic(baseline, train.View(_ml, trainVectors), validation.View(_ml, validationVectors))
                .Compared($"{_backbone} {baseline.Name}", ComparedModelKind.Vectors, validation);
            yield return head with
            {
                TrainingTime = head.TrainingTime + trainTime,
                RowsPerSecond = 1 / (1 / head.RowsPerSecond + time.TotalSeconds / validation.Count),
                Bytes = head.Bytes + backboneBytes,
            };
        }
    }

    private ClassicModel Classic(ClassicBaseline baseline, IDataView train, IDataView scored)
    {
        Begin($"Entrenando {baseline.Name}", $"Training {baseline.Name}");
        (ITransformer model, TimeSpan trainingTime) = Timed(() => baseline.Build().Fit(train));
        using var size = new CountingStream();
        _ml.Model.Save(model, train.Schema, size);
        (float[][] scores, TimeSpan time) = Timed(() => model.Transform(scored).GetColumn<float[]>("Score").ToArray());
        return new ClassicModel(scores, trainingTime, scores.Length / time.TotalSeconds, size.Length);
    }

    /// <summary>Fine-tunes the backbone, and scores texts with the saved model.</summary>
    private FineTunedModel FineTuned(LabeledTexts train, LabeledTexts scored)
    {
        Begin($"Ajustando {_backbone}", $"Fine-tuning {_backbone}");
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("sentimentml-");
        try
        {
            string folder = Path.Combine(temporary.FullName, "model");
            TimeSpan trainingTime;
            (SentimentClassificationTransformer model, trainingTime) =
                Timed(() => _ml.MulticlassClassification.Trainers.SentimentClassification(_options.FineTuning).Fit(train.View(_ml)));
            using (model)
                model.SaveFolder(folder);
            Begin($"Clasificando con {_backbone}", $"Scoring with {_backbone}");
            using SentimentClassifier classifier = _options.LoadClassifier?.Invoke(folder) ?? SentimentClassifier.Load(folder, _options.FineTuning.Device);
            (double[][] logits, TimeSpan time) = Timed(() => classifier.Classify(scored.Texts, Cancellation)
                .Select(prediction => prediction.Logits.Select(logit => (double)logit).ToArray()).ToArray());
            return new FineTunedModel(logits, trainingTime, logits.Length / time.TotalSeconds, SavedModel.Open(folder).Bytes);
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    /// <summary>
    /// N-grams and backbone as one. How much each counts is found with the two trained on four fifths of the training rows,
    /// on the fifth that they did not see; then it holds for the two trained on all.
    /// </summary>
    private ComparedModel Stacked(ClassicModel ngrams, FineTunedModel fineTuned, LabeledTexts train, LabeledTexts validation)
    {
        Begin("Ajustando la combinación con filas apartadas", "Fitting the stack on held-out rows");
        (LabeledTexts others, LabeledTexts heldOut) = train.Split();
        TimeSpan trainingTime = ngrams.TrainingTime + fineTuned.TrainingTime;
        StackedModel stack;
        if (heldOut.Count < MinHeldOut || others.Labels.Distinct().Count() < train.LabelNames.Count)
        {
            stack = StackedModel.EqualParts(ngrams.Logits, fineTuned.Logits);
        }
        else
        {
            ClassicModel partNgrams = Classic(ClassicBaselines.Ngrams(_ml), others.View(_ml), heldOut.View(_ml));
            FineTunedModel part = FineTuned(others, heldOut);
            stack = StackedModel.Fit(partNgrams.Logits, part.Logits, heldOut.Labels);
            trainingTime += partNgrams.TrainingTime + part.TrainingTime;
        }
        IReadOnlyList<IReadOnlyList<double>> probabilities = stack.Probabilities(ngrams.Logits, fineTuned.Logits);
        return new ComparedModel($"n-grams + {_backbone}", ComparedModelKind.Stack, validation.Scored([.. probabilities.Select(LogOf)]))
        {
            TrainingTime = trainingTime,
            RowsPerSecond = 1 / (1 / ngrams.RowsPerSecond + 1 / fineTuned.RowsPerSecond),
            Bytes = ngrams.Bytes + fineTuned.Bytes,
        };
    }

    private void Begin(string spanish, string english)
    {
        Cancellation.ThrowIfCancellationRequested();
        _options.Progress?.Report(Localized.Say(spanish, english));
    }

    private static (T Result, TimeSpan Time) Timed<T>(Func<T> work)
    {
        long started = Stopwatch.GetTimestamp();
        T result = work();
        return (result, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Logits whose softmax gives the probabilities back; one that is 0 becomes the smallest float above it.</summary>
    private static double[] LogOf(IReadOnlyList<double> probabilities) => [.. probabilities.Select(p => Math.Log(Math.Max(p, float.Epsilon)))];

    // Scores: the probabilities of the rows that were scored. [rows, labels]
    private sealed record ClassicModel(float[][] Scores, TimeSpan TrainingTime, double RowsPerSecond, long Bytes)
    {
        /// <summary>Logits for the stack. *Shape:* (rows, labels)</summary>
        public IReadOnlyList<IReadOnlyList<double>> Logits => [.. Scores.Select(StackedModel.Logits)];

        public ComparedModel Compared(string name, ComparedModelKind kind, LabeledTexts rows) =>
            new(name, kind, rows.Scored([.. Scores.Select(row => LogOf([.. row.Select(p => (double)p)]))]))
            {
                TrainingTime = TrainingTime,
                RowsPerSecond = RowsPerSecond,
                Bytes = Bytes,
            };
    }

    // Logits: those of the rows that were scored. [rows, labels]
    private sealed record FineTunedModel(IReadOnlyList<IReadOnlyList<double>> Logits, TimeSpan TrainingTime, double RowsPerSecond, long Bytes);
}
