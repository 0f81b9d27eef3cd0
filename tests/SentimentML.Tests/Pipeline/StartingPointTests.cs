using Microsoft.ML;
using SentimentML.Tokenization;

namespace SentimentML.Tests.Pipeline;

/// <summary>Which weights a training starts from.</summary>
public sealed class StartingPointTests
{
    private const string Text = "Muy bueno, pero se rompió";
    private readonly MLContext _ml = TinyTask.Context();

    /// <summary>Its labels are negativo, neutro, positivo.</summary>
    private static Backbone Sentiment => Backbone.FromFolder(Shared.Golden("tiny_classifier_3"));

    [Theory]
    [InlineData("negative", "positive")]
    [InlineData("POS", "NEG")]
    [InlineData("negativa", "neutra")]
    public void A_sentiment_models_head_is_taken_by_what_the_labels_say(string first, string second)
    {
        using SentimentClassifier model = SentimentClassifier.Load(
            Shared.Golden("tiny_classifier_3"), new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = InferencePrecision.Float32 });
        IReadOnlyList<float> own = model.Classify(Text).Logits;
        using SentimentClassificationTransformer started = Fit(TrainingStart.SentimentModel, first, second);
        Assert.Equal(TrainingStart.SentimentModel, started.Record.Training!.StartFrom);
        float[] logits = started.Model.Scorer.Logits(new TextInput(Text));
        foreach ((string label, float logit) in started.Labels.Zip(logits))
            Assert.Equal(own[(int)SentimentMap.FromNames([label])!.ByLabel[label]], logit, 1e-4);
    }

    [Fact]
    public void A_backbone_without_a_ready_model_is_started_from_as_it_is()
    {
        using SentimentClassificationTransformer auto = Fit(TrainingStart.Auto, "negative", "positive"),
            plain = Fit(TrainingStart.Backbone, "negative", "positive");
        Assert.Equal((TrainingStart.Backbone, TrainingStart.Backbone), (auto.Record.Training!.StartFrom, plain.Record.Training!.StartFrom));
        Assert.Equal(plain.Model.Scorer.Logits(new TextInput(Text)), auto.Model.Scorer.Logits(new TextInput(Text)));
    }

    [Theory]
    [InlineData("bug", "praise")]
    [InlineData("negative", "negativo")]
    [InlineData("LABEL_0", "LABEL_1")]
    public void Labels_that_do_not_say_each_another_sentiment_are_rejected(string first, string second)
    {
        string message = Assert.Throws<SentimentMLException>(() => Fit(TrainingStart.SentimentModel, first, second)).Message;
        Assert.Contains($"its labels are {second}, {first}", message, StringComparison.Ordinal);
        Assert.Contains("negativo, neutro, positivo", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_are_rewritten_in_training_and_by_the_trained_model()
    {
        SentimentClassificationOptions plain = TinyTask.Options(), rewriting = TinyTask.Options();
        rewriting.Preprocessing = new TweetPreprocessing();
        using SentimentClassificationTransformer without = Fit(plain, "negative", "positive"), with = Fit(rewriting, "negative", "positive");
        Assert.Null(without.Record.Preprocessing);
        Assert.Equal(new TweetPreprocessingOptions(), with.Record.Preprocessing);
        Assert.Equal(with.Model.Scorer.Logits(new TextInput("@usuario Muy bueno url")),
            with.Model.Scorer.Logits(new TextInput("@pepe_87 Muy bueno https://ejemplo.com/abc")));
        Assert.NotEqual(without.Model.Scorer.Logits(new TextInput("@usuario Muy bueno url")),
            without.Model.Scorer.Logits(new TextInput("@pepe_87 Muy bueno https://ejemplo.com/abc")));
    }

    [Fact]
    public void A_training_rewrites_texts_as_the_weights_that_it_starts_from_need_it()
    {
        SentimentClassificationOptions first = TinyTask.Options();
        first.Preprocessing = new TweetPreprocessing();
        using var folder = new TemporaryFolder();
        using (SentimentClassificationTransformer tweets = Fit(first, "negative", "positive"))
            tweets.SaveFolder(folder.At("tweets"));
        SentimentClassificationOptions next = TinyTask.Options();
        (next.Backbone, next.StartFrom) = (Backbone.FromFolder(folder.At("tweets")), TrainingStart.Backbone);
        using SentimentClassificationTransformer onwards = Fit(next, "bug", "praise");
        Assert.Equal(new TweetPreprocessingOptions(), onwards.Record.Preprocessing);
    }

    [Theory]
    [InlineData(null, 1, 4, 5e-4, 3)]
    [InlineData(null, 1000, null, 1e-3, 1)]
    [InlineData(1e-5, 1, null, 1e-5, 1)]
    public void LoRA_that_the_weights_recommend_is_taken_unless_the_user_sets_the_rate_or_the_rows_are_few(
        double? rate, int minRows, int? rank, double taken, int epochs)
    {
        using var folder = new TemporaryFolder();
        SentimentClassificationOptions options = Recommending(
            folder, $$"""{ "rank": 4, "learning_rate": 5e-4, "epochs": 3, "hidden_dropout": 0.3, "min_rows": {{minRows}} }""");
        options.LearningRate = rate;
        using SentimentClassificationTransformer trained = Fit(options, "negative", "positive");
        TrainingRecipe recipe = trained.Record.Training!;
        Assert.Equal((rank, taken, epochs), (recipe.LoraRank, recipe.LearningRate, recipe.Epochs));
        Assert.Equal(rank is null ? LoraTargets.QueryAndValue : LoraTargets.AllMatrices, recipe.LoraTargets);
        Assert.Equal(rank is null ? null : 0.3, recipe.HiddenDropout);
    }

    [Theory]
    [InlineData(5, 10, null, 5)]
    [InlineData(5, 4, null, 4)]
    [InlineData(2, 10, null, 3)]
    [InlineData(5, 1, null, 3)]
    [InlineData(5, 10, 2, 2)]
    public void Few_rows_have_more_epochs_until_there_are_as_many_steps_as_the_weights_recommend(int minSteps, int maxEpochs, int? epochs, int taken)
    {
        using var folder = new TemporaryFolder();
        SentimentClassificationOptions options = Recommending(
            folder, $$"""{ "rank": 4, "learning_rate": 5e-4, "epochs": 3, "min_steps": {{minSteps}}, "max_epochs": {{maxEpochs}} }""");
        (options.Epochs, options.BatchSize) = (epochs, 1000); // a step for each epoch
        using SentimentClassificationTransformer trained = Fit(options, "negative", "positive");
        Assert.Equal(taken, trained.Record.Training!.Epochs);
    }

    [Theory]
    [InlineData("""{ "rank": 0, "learning_rate": 5e-4, "epochs": 3 }""", "fine_tuning.lora.rank")]
    [InlineData("""{ "rank": 2000000000, "learning_rate": 5e-4, "epochs": 3 }""", "fine_tuning.lora.rank")]
    [InlineData("""{ "rank": 4, "learning_rate": 1.5, "epochs": 3 }""", "fine_tuning.lora.learning_rate")]
    [InlineData("""{ "rank": 4, "learning_rate": 5e-4, "epochs": 0 }""", "fine_tuning.lora.epochs")]
    [InlineData("""{ "rank": 4, "learning_rate": 5e-4, "epochs": 3, "hidden_dropout": 1 }""", "fine_tuning.lora.hidden_dropout")]
    [InlineData("""{ "rank": 4, "learning_rate": 5e-4, "epochs": 3, "min_rows": -1 }""", "fine_tuning.lora.min_rows")]
    [InlineData("""{ "rank": 4, "learning_rate": 5e-4, "epochs": 3, "min_steps": -1 }""", "fine_tuning.lora.min_steps")]
    [InlineData("""{ "rank": 4, "learning_rate": 5e-4, "epochs": 3, "min_steps": 2000000000 }""", "fine_tuning.lora.min_steps")]
    [InlineData("""{ "rank": 4, "learning_rate": 5e-4, "epochs": 3, "min_steps": 9, "max_epochs": 0 }""", "fine_tuning.lora.max_epochs")]
    [InlineData("""{ "rank": 4, "learning_rate": 5e-4 }""", "epochs")]
    public void LoRA_that_cannot_be_trained_is_refused_by_its_key(string lora, string key)
    {
        using var folder = new TemporaryFolder();
        string message = Assert.ThrowsAny<SentimentMLException>(() => Fit(Recommending(folder, lora), "negative", "positive")).Message;
        Assert.Contains(key, message, StringComparison.Ordinal);
        Assert.Contains("sentimentml.json", message, StringComparison.Ordinal);
    }

    /// <summary>A training that starts from a sentiment model whose record recommends LoRA, and leaves rate and epochs to it.</summary>
    private static SentimentClassificationOptions Recommending(TemporaryFolder folder, string lora)
    {
        foreach (string file in Directory.GetFiles(Shared.Golden("tiny_classifier_3")))
            File.Copy(file, folder.At(Path.GetFileName(file)));
        folder.With("sentimentml.json", $$"""{ "fine_tuning": { "learning_rate": 1e-3, "epochs": 1, "lora": {{lora}} } }""");
        SentimentClassificationOptions options = TinyTask.Options();
        (options.Backbone, options.StartFrom) = (Backbone.FromFolder(folder.Path), TrainingStart.SentimentModel);
        (options.LearningRate, options.Epochs) = (null, null);
        return options;
    }

    private SentimentClassificationTransformer Fit(TrainingStart start, string first, string second)
    {
        SentimentClassificationOptions options = TinyTask.Options();
        (options.Backbone, options.StartFrom, options.LearningRate, options.Epochs, options.InferencePrecision) =
            (Sentiment, start, 1e-30, 1, InferencePrecision.Float32);
        return Fit(options, first, second);
    }

    private SentimentClassificationTransformer Fit(SentimentClassificationOptions options, string first, string second)
    {
        IDataView view = _ml.Data.LoadFromEnumerable(
            TinyTask.Reviews().Select(review => new Labeled { Text = review.Text, Label = review.Stars < 3 ? first : second }));
        return _ml.MulticlassClassification.Trainers.SentimentClassification(options)
            .Fit(_ml.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view));
    }

    private sealed class Labeled
    {
        public string Text { get; set; } = "";
        public string Label { get; set; } = "";
    }
}
