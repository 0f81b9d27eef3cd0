using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Inference;
using SentimentML.Numerics;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.Tests.Pipeline;

/// <summary>What a training leaves in the model from its validation set: the temperature, and whether bfloat16 keeps the labels.</summary>
public sealed class CalibratedModelTests : IDisposable
{
    private readonly MLContext _ml = TinyTask.Context();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TrainingPrecision.Float32)]
    [InlineData(TrainingPrecision.BFloat16)]
    public void The_saved_temperature_is_that_of_the_kept_weights_on_the_validation_set(TrainingPrecision precision)
    {
        using SentimentClassificationTransformer model = Train(options => options.Precision = precision);
        double saved = model.Record.Temperature!.Value;

        Assert.Equal(FittedTemperature(model), saved, 1e-4 * saved);
    }

    /// <summary>
    /// A network that has learned its rows by heart is sure of itself, and wrong in every fifth validation row: the loss rises after the
    /// first epochs.
    /// </summary>
    [Fact]
    public void It_is_that_of_the_best_evaluation_and_not_of_the_last()
    {
        using SentimentClassificationTransformer model = Train(options =>
            (options.Epochs, options.LearningRate, options.BestModelBy, options.Precision) = (16, 5e-3, BestModelMetric.Loss, TrainingPrecision.Float32));
        double best = model.Evaluations.Where(e => e.Step > 0).Min(e => e.Loss);
        Assert.True(best < model.Evaluations[^1].Loss - 0.2, string.Join('\n', model.Evaluations));
        Assert.Equal(FittedTemperature(model), model.Record.Temperature!.Value, 1e-3);
    }

    [Fact]
    public void A_run_that_is_resumed_after_its_best_evaluation_has_the_temperature_too()
    {
        void Checkpointed(SentimentClassificationOptions options) => (options.CheckpointFolder, options.Resume) = (_folder.Path, true);
        using SentimentClassificationTransformer whole = Train(Checkpointed);
        using SentimentClassificationTransformer resumed = Train(Checkpointed);

        Assert.Equal(whole.Record.Temperature!.Value, resumed.Record.Temperature!.Value, 1e-4);
    }

    [Fact]
    public void A_calibrated_classifier_divides_the_logits_by_the_temperature_and_changes_no_label()
    {
        string folder = SavedFolder(_ => { });
        using SentimentClassifier plain = Load(folder, null), calibrated = Load(folder, true);
        double temperature = SavedModel.Open(folder, cancellationToken: TestContext.Current.CancellationToken).Record.Temperature!.Value;
        Assert.NotEqual(1, temperature, 0.01);

        foreach (string text in TinyTask.Reviews(10).Select(review => review.Text))
        {
            SentimentPrediction before = plain.Classify(text), after = calibrated.Classify(text);
            Assert.Equal(before.Logits, after.Logits);
            Assert.Equal(before.Label, after.Label);
            double[] expected = Softmax.Of([.. before.Logits.Select(logit => (double)logit)], temperature);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], after.Probabilities[i], 1e-6);
            Assert.Equal(after.Probabilities.Max(), after.Score);
            Assert.NotEqual(before.Score, after.Score, 1e-5f);
        }
    }

    [Fact]
    public void Calibrated_scores_are_an_option_that_the_saved_model_keeps()
    {
        using SentimentClassificationTransformer plain = Train(_ => { }), calibrated = Train(options => options.CalibratedScores = true);
        string zip = _folder.At("model.zip"), folder = _folder.At("model");
        _ml.Model.Save(calibrated, Validation(40).Schema, zip);
        calibrated.SaveFolder(folder);
        double temperature = calibrated.Record.Temperature!.Value;
        float[][] raw = Scores(plain), scores = Scores(calibrated);

        for (int row = 0; row < raw.Length; row++)
        {
            double lead = Math.Log(raw[row][1] / (double)raw[row][0]) / temperature;
            Assert.Equal(1 / (1 + Math.Exp(-lead)), scores[row][1], 1e-5);
        }
        var loaded = (SentimentClassificationTransformer)new MLContext().Model.Load(zip, out DataViewSchema _);
        Assert.Equal(scores, Scores(loaded));
        foreach (string path in (string[])[zip, folder])
        {
            using SentimentClassifier asTrained = Load(path, null), uncalibrated = Load(path, false);
            Assert.Equal(scores, Classified(asTrained));
            Assert.Equal(raw, Classified(uncalibrated));
        }
        loaded.Dispose();
    }

    [Fact]
    public void A_prediction_engine_gives_the_calibrated_scores_of_a_view()
    {
        using SentimentClassificationTransformer model = Train(options => options.CalibratedScores = true);
        using PredictionEngine<TinyTask.Question, ScoreOnly> engine =
            _ml.Model.CreatePredictionEngine<TinyTask.Question, ScoreOnly>(model, new PredictionEngineOptions { OwnsTransformer = false });

        string text = TinyTask.Reviews(1)[0].Text;
        Assert.Equal(Scores(model)[0], engine.Predict(new TinyTask.Question { Text = text }).Score, (a, b) => Math.Abs(a - b) < 1e-5f);
    }

    [Fact]
    public void Without_a_validation_set_there_is_no_temperature_and_asking_for_it_says_so()
    {
        string folder = SavedFolder(options => options.ValidationSet = null);
        using SentimentClassifier plain = Load(folder, null);
        Assert.Null(SavedModel.Open(folder, cancellationToken: TestContext.Current.CancellationToken).Record.Temperature);

        var e = Assert.Throws<SentimentMLException>(() => Load(folder, true));
        Assert.Contains(folder, e.Message, StringComparison.Ordinal);
        Assert.Contains("has no temperature", e.Message, StringComparison.Ordinal);
        Assert.Contains("validation set", e.Message, StringComparison.Ordinal);
        var options = new SentimentClassificationOptions { Backbone = TinyTask.Backbone, CalibratedScores = true };
        Assert.Contains("ValidationSet is null, expected rows to validate on, for CalibratedScores.",
            Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.SentimentClassification(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_validation_set_without_a_mistake_no_temperature_is_made_up()
    {
        List<string> log = [];
        _ml.Log += (_, e) => log.Add(e.RawMessage);
        using SentimentClassificationTransformer model = Train(options =>
            (options.ValidationSet, options.Epochs, options.CalibratedScores) = (TinyTask.View(_ml), 8, true));
        Assert.Equal(1, model.Evaluations[^1].Accuracy);

        Assert.Null(model.Record.Temperature);
        Assert.Contains(log, line => line.Contains("No temperature fits", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("its scores stay as they are", StringComparison.Ordinal));
        Assert.All(Scores(model), row => Assert.Equal(1, row.Sum(), 1e-5f));
    }

    [Fact]
    public void How_many_labels_faster_numbers_keep_is_measured_on_rows_enough_to_tell()
    {
        using SentimentClassificationTransformer few = Train(options => options.Epochs = 1);
        Assert.Null(few.Record.LabelsKept);

        using SentimentClassificationTransformer many = Train(options => (options.Epochs, options.ValidationSet) = (1, Validation(PrecisionChoice.MinTexts)));
        foreach (InferencePrecision precision in PrecisionChoice.Faster)
        {
            if (PrecisionChoice.IsFast(precision, CPU))
                Assert.InRange(many.Record.LabelsKept!.By(precision)!.Value, 0.9, 1);
            else
                Assert.Null(many.Record.LabelsKept!.By(precision));
        }
    }

    [Fact]
    public void A_cancelled_run_keeps_its_model_and_the_temperature_that_costs_nothing()
    {
        using var stop = new CancellationTokenSource();
        using SentimentClassificationTransformer model = Train(options =>
        {
            (options.CancellationToken, options.OnCancellation, options.Precision) = (stop.Token, CancellationOutcome.KeepBest, TrainingPrecision.Float32);
            options.Progress = new Reported<TrainingProgress>(progress =>
            {
                if (progress.Step == 6)
                    stop.Cancel();
            });
        });
        Assert.Equal(6, model.History!.Steps.Count);
        Assert.Equal(FittedTemperature(model), model.Record.Temperature!.Value, 1e-3);
    }

    [Fact]
    public void A_run_cancelled_before_its_rows_could_be_scored_keeps_its_model_and_has_no_temperature()
    {
        using var stop = new CancellationTokenSource();
        using SentimentClassificationTransformer model = Train(options =>
        {
            (options.CancellationToken, options.OnCancellation, options.CalibratedScores) = (stop.Token, CancellationOutcome.KeepBest, true);
            options.Progress = new Reported<TrainingProgress>(progress =>
            {
                if (progress.Step == 2)
                    stop.Cancel();
            });
        });
        Assert.Null(model.Record.Temperature);
        Assert.All(Scores(model), row => Assert.Equal(1, row.Sum(), 1e-5f));
    }

    private SentimentClassificationTransformer Train(Action<SentimentClassificationOptions> change)
    {
        SentimentClassificationOptions options = TinyTask.Options(Validation(40));
        change(options);
        IDataView view = TinyTask.View(_ml);
        return _ml.MulticlassClassification.Trainers.SentimentClassification(options)
            .Fit(_ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view));
    }

    private string SavedFolder(Action<SentimentClassificationOptions> change)
    {
        using SentimentClassificationTransformer model = Train(change);
        string folder = _folder.At("model");
        model.SaveFolder(folder);
        return folder;
    }

    private static SentimentClassifier Load(string path, bool? calibrated) =>
        SentimentClassifier.Load(
            path, new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = InferencePrecision.Float32, Calibrated = calibrated });

    /// <summary>Every fifth row has the other label, so that no model is right in all.</summary>
    private IDataView Validation(int count) => _ml.Data.LoadFromEnumerable(Noisy(count));

    private static IEnumerable<TinyTask.Review> Noisy(int count) =>
        TinyTask.Reviews(count).Select((review, i) => new TinyTask.Review { Text = review.Text, Stars = i % 5 == 0 ? 6 - review.Stars : review.Stars });

    /// <summary>The temperature that fits the model's logits on its validation set, by the way of a user.</summary>
    private static double FittedTemperature(SentimentClassificationTransformer model)
    {
        TinyTask.Review[] rows = [.. Noisy(40)];
        double[][] logits = [.. rows.Select(row => model.Model.Scorer.Logits(new TextInput(row.Text)).Select(logit => (double)logit).ToArray())];
        return Calibration.Fit([.. rows.Select(row => row.Stars > 3 ? 1 : 0)], logits).Temperature;
    }

    private float[][] Scores(ITransformer model) => [.. model.Transform(TinyTask.View(_ml)).GetColumn<float[]>("Score")];

    private static float[][] Classified(SentimentClassifier classifier) =>
        [.. classifier.Classify(TinyTask.Reviews().Select(review => review.Text)).Select(p => p.Probabilities.ToArray())];

    private sealed class ScoreOnly
    {
        public float[] Score { get; set; } = [];
    }
}
