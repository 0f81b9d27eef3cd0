using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Evaluation;
using SentimentML.Inference;
using SentimentML.Tokenization;
using SentimentML.Tool.Commands;
using SentimentML.Tool.Output;
using SentimentML.Tool.Training;

namespace SentimentML.Tool.Evaluation;

/// <summary>
/// Trains models on the same rows, the simplest first, and measures them on rows that none of them saw. No model chooses
/// anything by the validation rows, the fine-tuned backbone its best epoch neither, so that the figures can be compared.
/// </summary>
internal sealed class Comparison(MLContext ml, TextRows train, TextRows validation, Screen screen)
{
    /// <summary>With fewer rows held out, a stack's weight would be chance.</summary>
    private const int FewestHeldOut = 20;

    public required SentimentClassificationOptions FineTuning { get; init; }

    private string BackboneShown => BackboneName.Short(FineTuning.Backbone);

    public IEnumerable<ComparedModel> Run()
    {
        ClassicModel? ngrams = null;
        foreach (ClassicBaseline baseline in ClassicBaselines.All(ml))
        {
            screen.Show($"Training {baseline.Name}");
            ClassicModel model = Classic(baseline, train.View(ml));
            if (baseline.Name == ClassicBaselines.Ngrams(ml).Name)
                ngrams = model;
            yield return model.Compared(baseline.Name, ComparedKind.Classic, validation, validation.View(ml));
        }

        FineTunedModel fineTuned = FineTuned(train, [validation.Texts]);
        foreach (ComparedModel model in OnVectors(fineTuned.SizeBytes))
            yield return model;
        yield return fineTuned.Compared(BackboneShown, validation);
        yield return Stacked(ngrams!, fineTuned);
    }

    /// <summary>Classic models on the frozen backbone's vectors; the time and size of making the vectors are theirs too.</summary>
    private IEnumerable<ComparedModel> OnVectors(long backboneBytes)
    {
        screen.Show("Making the frozen backbone's vectors");
        using TextEmbedder embedder = TextEmbedder.Load(FineTuning.Backbone, FineTuning.Device);
        long started = Stopwatch.GetTimestamp();
        float[][] trainVectors = embedder.Embed(train.Texts, cancellationToken: FineTuning.CancellationToken);
        double trainSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        started = Stopwatch.GetTimestamp();
        float[][] validationVectors = embedder.Embed(validation.Texts, cancellationToken: FineTuning.CancellationToken);
        double secondsPerRow = Stopwatch.GetElapsedTime(started).TotalSeconds / validation.Count;
        foreach (ClassicBaseline baseline in ClassicBaselines.VectorHeads(ml))
        {
            screen.Show($"Training {baseline.Name}");
            ComparedModel head = Classic(baseline, train.View(ml, trainVectors))
                .Compared($"{BackboneShown} {baseline.Name}", ComparedKind.Vectors, validation, validation.View(ml, validationVectors));
            yield return head with
            {
                TrainSeconds = head.TrainSeconds + trainSeconds,
                RowsPerSecond = 1 / (1 / head.RowsPerSecond + secondsPerRow),
                SizeBytes = head.SizeBytes + backboneBytes,
            };
        }
    }

    private ClassicModel Classic(ClassicBaseline baseline, IDataView view)
    {
        long started = Stopwatch.GetTimestamp();
        ITransformer model = baseline.Build().Fit(view);
        double trainSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var size = new CountingStream();
        ml.Model.Save(model, view.Schema, size);
        return new ClassicModel(model, trainSeconds, size.Length);
    }

    /// <summary>Fine-tunes the backbone and scores sets of texts; the network is given back.</summary>
    private FineTunedModel FineTuned(TextRows rows, IReadOnlyList<string[]> sets)
    {
        FineTuning.Progress = new TrainingScreen(screen, new TrainingLog(null));
        long started = Stopwatch.GetTimestamp();
        using SentimentClassificationTransformer model = ml.MulticlassClassification.Trainers.SentimentClassification(FineTuning).Fit(rows.View(ml));
        double trainSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long size = model.Model.Bytes;

        screen.Show("Scoring with the fine-tuned backbone");
        long scoring = Stopwatch.GetTimestamp();
        float[][][] logits = [.. sets.Select(texts => new ScoringPipeline(model.Model.Scorer, FineTuning.CancellationToken).Logits(texts.Select(text => new TextInput(text))).ToArray())];
        double rowsPerSecond = sets.Sum(texts => texts.Length) / Stopwatch.GetElapsedTime(scoring).TotalSeconds;
        return new FineTunedModel(logits, trainSeconds, rowsPerSecond, size);
    }

    /// <summary>
    /// N-grams and backbone as one. How much each counts is found with the two trained on four fifths of the training rows,
    /// on the fifth that they did not see; then it holds for the two trained on all.
    /// </summary>
    private ComparedModel Stacked(ClassicModel ngrams, FineTunedModel fineTuned)
    {
        screen.Show("Fitting the stack on held-out rows");
        (TextRows others, TextRows heldOut) = train.Split();
        float[][] ngramLogits = ngrams.Logits(validation.View(ml));
        double trainSeconds = ngrams.TrainSeconds + fineTuned.TrainSeconds;
        StackedModel stack;
        if (heldOut.Count < FewestHeldOut || others.Labels.Distinct().Count() < train.LabelNames.Length)
        {
            stack = StackedModel.EqualParts(ngramLogits, fineTuned.Logits[0]);
        }
        else
        {
            ClassicModel partNgrams = Classic(ClassicBaselines.Ngrams(ml), others.View(ml));
            FineTunedModel part = FineTuned(others, [heldOut.Texts]);
            stack = StackedModel.Fit(partNgrams.Logits(heldOut.View(ml)), part.Logits[0], heldOut.Labels);
            trainSeconds += partNgrams.TrainSeconds + part.TrainSeconds;
        }
        double[][] probabilities = Array.ConvertAll(stack.Probabilities(ngramLogits, fineTuned.Logits[0]), row => Array.ConvertAll(row, p => (double)p));
        double secondsPerRow = 1 / ngrams.RowsPerSecond + 1 / fineTuned.RowsPerSecond;
        return new ComparedModel($"n-grams + {BackboneShown}", ComparedKind.Stack,
            ScoredRows.FromProbabilities(validation.Labels, probabilities, validation.LabelNames),
            trainSeconds, 1 / secondsPerRow, ngrams.SizeBytes + fineTuned.SizeBytes);
    }

    private sealed class ClassicModel(ITransformer model, double trainSeconds, long sizeBytes)
    {
        public double TrainSeconds => trainSeconds;

        public long SizeBytes => sizeBytes;

        public double RowsPerSecond { get; private set; }

        public ComparedModel Compared(string name, ComparedKind kind, TextRows rows, IDataView view)
        {
            double[][] probabilities = Array.ConvertAll(Scores(view), row => Array.ConvertAll(row, p => (double)p));
            return new ComparedModel(name, kind, ScoredRows.FromProbabilities(rows.Labels, probabilities, rows.LabelNames), trainSeconds, RowsPerSecond, sizeBytes);
        }

        public float[][] Logits(IDataView view) => Array.ConvertAll(Scores(view), row => StackedModel.Logits(row));

        private float[][] Scores(IDataView view)
        {
            long started = Stopwatch.GetTimestamp();
            float[][] scores = [.. model.Transform(view).GetColumn<float[]>("Score")];
            RowsPerSecond = scores.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
            return scores;
        }
    }

    /// <param name="Logits">The logits of each set that was scored. [sets][rows][classes]</param>
    private sealed record FineTunedModel(float[][][] Logits, double TrainSeconds, double RowsPerSecond, long SizeBytes)
    {
        public ComparedModel Compared(string name, TextRows rows) => new(name, ComparedKind.FineTuned,
            ScoredRows.FromLogits(rows.Labels, Array.ConvertAll(Logits[0], row => Array.ConvertAll(row, logit => (double)logit)), rows.LabelNames),
            TrainSeconds, RowsPerSecond, SizeBytes);
    }
}
