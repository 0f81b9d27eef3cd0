using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Pipeline;

/// <summary>Data that is not as it should be: the training behaves, and says so in ML.NET's log.</summary>
public sealed class DifficultDataTests : IDisposable
{
    private readonly MLContext _ml = TinyTask.Context();
    private readonly List<string> _log = [];
    private readonly TemporaryFolder _folder = new();

    public DifficultDataTests() => _ml.Log += (_, e) =>
    {
        lock (_log)
            _log.Add(e.Message);
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Very_long_texts_are_trained_on_and_empty_ones_left_out_and_both_are_told()
    {
        List<TinyTask.Review> rows =
            [.. TinyTask.Reviews(), new() { Text = "", Stars = 1 }, new() { Text = " \n\t", Stars = 5 },
                new() { Text = string.Concat(Enumerable.Repeat("muy bueno ", 10_000)), Stars = 5 }];
        using SentimentClassificationTransformer model = Fit(rows);
        Told("1 cut to ");
        Told("1 training rows are longer than");
        Told("41 training rows, 0 without a label and 2 without a text left out");
        float[] scores = [.. model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").SelectMany(s => s)];
        Assert.All(scores, score => Assert.InRange(score, 0, 1));
    }

    [Fact]
    public void Rows_that_come_in_another_order_each_time_are_not_paired_wrongly()
    {
        using SentimentClassificationTransformer model = Fit(TinyTask.Reviews());
        var random = new Random(3);
        IDataView shuffled = _ml.Data.LoadFromEnumerable(TinyTask.Reviews().OrderBy(_ => random.Next()));
        Assert.Contains("Cache it first", Fault(shuffled), StringComparison.Ordinal);
        Assert.Equal(40, model.Transform(_ml.Data.Cache(shuffled)).GetColumn<float[]>("Score").Count());

        var queue = new Queue<TinyTask.Review>(TinyTask.Reviews());
        IEnumerable<TinyTask.Review> Once()
        {
            while (queue.TryDequeue(out TinyTask.Review? review))
                yield return review;
        }
        Assert.Contains("Cache it first", Fault(_ml.Data.LoadFromEnumerable(Once())), StringComparison.Ordinal);

        string Fault(IDataView data) =>
            Assert.ThrowsAny<InvalidOperationException>(() => model.Transform(data).GetColumn<float[]>("Score").Count()).Message;
    }

    [Fact]
    public void A_validation_set_that_misses_the_transforms_before_the_training_is_told()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(TinyTask.Reviews());
        IEstimator<ITransformer> Chain(string text, SentimentClassificationOptions options)
        {
            options.TextColumnName = text;
            return _ml.Transforms.Text.NormalizeText(text, "Text").Append(_ml.Transforms.Conversion.MapStarsToSentiment())
                .Append(_ml.MulticlassClassification.Trainers.SentimentClassification(options));
        }
        using var inPlace = (IDisposable)Chain("Text", TinyTask.Options(rows)).Fit(rows);
        Told("the validation set does not pass through it");
        string message = Assert.Throws<SentimentMLException>(() => Chain("Clean", TinyTask.Options(rows)).Fit(rows)).Message;
        Assert.Contains("The validation set has no column 'Clean'", message, StringComparison.Ordinal);
        Assert.Contains("prepared.Transform(validation)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_of_another_kind_are_told_before_the_training()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(TinyTask.Reviews());
        IEstimator<ITransformer> labels = _ml.Transforms.Conversion.MapStarsToSentiment();
        var joined = _ml.Transforms.Concatenate("Text", "Text").Append(labels)
            .Append(_ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options()));
        Assert.Contains("holds several values of String a row, expected one text", Assert.ThrowsAny<Exception>(() => joined.Fit(rows)).Message,
            StringComparison.Ordinal);
        var featurized = _ml.Transforms.Text.FeaturizeText("Text").Append(labels)
            .Append(_ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options()));
        Assert.Contains("The column 'Text' holds Single, expected text: the network reads the text itself, without FeaturizeText before it.",
            Assert.ThrowsAny<Exception>(() => featurized.Fit(rows)).Message, StringComparison.Ordinal);
        SentimentClassificationOptions options = TinyTask.Options();
        options.ExampleWeightColumnName = "Label";
        var weighted = labels.Append(_ml.MulticlassClassification.Trainers.SentimentClassification(options));
        Assert.Contains("The column 'Label' of weights holds", Assert.ThrowsAny<Exception>(() => weighted.Fit(rows)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_set_without_a_label_is_told()
    {
        SentimentClassificationOptions options = TinyTask.Options(_ml.Data.LoadFromEnumerable(TinyTask.Reviews().Where(r => r.Stars > 3)));
        using SentimentClassificationTransformer model = Fit(TinyTask.Reviews(), options);
        Told("The validation set has no row labelled 'negative'");
        Assert.All(model.Evaluations, e => Assert.InRange(e.MacroF1, 0, 1));
    }

    [Fact]
    public void Validation_labels_that_training_does_not_know_are_left_out_and_told()
    {
        IDataView validation = _ml.Data.LoadFromEnumerable(
            [new { Text = "bueno", Label = "positive" }, new { Text = "malo", Label = "negative" }, new { Text = "regular", Label = "neutral" }]);
        using SentimentClassificationTransformer model = Fit(TinyTask.Reviews(), TinyTask.Options(validation));
        Told("2 validation rows, 1 without a known label left out");
        Assert.Contains(model.Evaluations[0].Accuracy, (double[])[0, 0.5, 1]);
    }

    [Fact]
    public void A_label_that_no_training_row_has_is_told()
    {
        IDataView view = _ml.Data.LoadFromEnumerable(TinyTask.Reviews());
        IDataView three = _ml.Transforms.Conversion.MapStarsToSentiment(neutral: NeutralStars.Class).Fit(view).Transform(view);
        using SentimentClassificationTransformer model = _ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options()).Fit(three);
        Assert.Equal(3, model.Labels.Count);
        Told("No training row is labelled 'neutral'");
    }

    [Fact]
    public void A_training_that_diverges_names_step_rows_and_what_to_change()
    {
        SentimentClassificationOptions options = TinyTask.Options();
        (options.LearningRate, options.MaxGradientNorm, options.Precision) = (1e30, double.PositiveInfinity, TrainingPrecision.Float32);
        TrainingDivergedException e = Assert.Throws<TrainingDivergedException>(() => Fit(TinyTask.Reviews(), options));
        Assert.Matches($@"^The (loss|norm of the gradients) of step {e.Step} is .*: training has diverged\. The rows, counted from 1 in the training data: \d+(, \d+)*\. Lower LearningRate \(it was .* at this step\) or raise WarmupSteps \(it was 0\)", e.Message);
    }

    [Fact]
    public void A_model_that_cannot_be_saved_stays_in_memory()
    {
        using SentimentClassificationTransformer model = Fit(TinyTask.Reviews());
        string file = _folder.At("not-a-folder");
        File.WriteAllText(file, "");
        Assert.Throws<SentimentMLException>(() => model.SaveFolder(Path.Combine(file, "model")));
        model.SaveFolder(_folder.At("model"));
        using SentimentClassifier saved = SentimentClassifier.Load(_folder.At("model"), TorchDevice.Cpu);
        Assert.Equal(model.Labels, saved.Labels);
    }

    [Fact]
    public void A_model_trained_without_clipping_can_be_saved()
    {
        SentimentClassificationOptions options = TinyTask.Options();
        options.MaxGradientNorm = double.PositiveInfinity;
        using SentimentClassificationTransformer model = Fit(TinyTask.Reviews(), options);
        model.SaveFolder(_folder.At("model"));
        using SentimentClassifier saved = SentimentClassifier.Load(_folder.At("model"), TorchDevice.Cpu);
        Assert.Equal(model.Labels, saved.Labels);
    }

    [Fact]
    public void Very_long_texts_are_validated_on_and_empty_ones_left_out()
    {
        IDataView validation = _ml.Data.LoadFromEnumerable(
            [.. TinyTask.Reviews(10), new TinyTask.Review { Text = "", Stars = 1 }, new TinyTask.Review { Text = new string('ñ', 100_000), Stars = 5 }]);
        using SentimentClassificationTransformer model = Fit(TinyTask.Reviews(), TinyTask.Options(validation));
        Told("11 validation rows, 0 without a known label and 1 without a text left out, 1 cut to ");
        Assert.All(model.Evaluations, e => Assert.True(double.IsFinite(e.Loss), $"{e}"));
    }

    private SentimentClassificationTransformer Fit(IEnumerable<TinyTask.Review> rows, SentimentClassificationOptions? options = null)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(rows);
        return _ml.MulticlassClassification.Trainers.SentimentClassification(options ?? TinyTask.Options())
            .Fit(_ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view));
    }

    private void Told(string what)
    {
        lock (_log)
            Assert.True(_log.Any(line => line.Contains(what, StringComparison.Ordinal)),
                $"'{what}' is not in the log:\n{string.Join('\n', _log.Where(l => l.Contains("Fine-tuning", StringComparison.Ordinal)))}");
    }
}
