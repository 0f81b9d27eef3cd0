using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace SentimentML.Tests.Persistence;

/// <summary>A zip's network without ML.NET: what the pipeline makes of a text before the network reads it is made here too.</summary>
public sealed class TextChainTests : IDisposable
{
    private static readonly string[] Texts = ["MUY BUENO, lo recomiendo", "Pésima CALIDAD", "", "NO funciona: SE ROMPIÓ", "Última Oportunidad ÑANDÚ"];

    private readonly MLContext _ml = TinyTask.Context();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("normalized in place", "TextNormalizingTransformer")]
    [InlineData("normalized into another column", "TextNormalizingTransformer")]
    [InlineData("copied", "ColumnCopyingTransformer")]
    [InlineData("normalized, copied and selected", "TextNormalizingTransformer, ColumnCopyingTransformer")]
    [InlineData("by an expression", "ExpressionTransformer")]
    [InlineData("by a custom mapping", "CustomMappingTransformer`2")]
    public void A_text_goes_through_the_transforms_before_the_network(string kind, string transforms)
    {
        (IEstimator<ITransformer> before, string column) = Before(kind);
        ITransformer pipeline = Fit(before, options => options.TextColumnName = column);
        string zip = Save(pipeline);
        Assert.Equal(transforms, string.Join(", ", SavedModel.Open(zip, cancellationToken: Stop).TextTransforms));

        using SentimentClassifier classifier = SentimentClassifier.Load(zip, TorchDevice.Cpu);
        float[][] expected = Scores(pipeline, Texts, "Score");
        Assert.Equal(expected, Texts.Select(text => Probabilities(classifier.Classify(text))), NearlyEqual);
        string[] many = [.. Enumerable.Range(0, 300).Select(i => $"{Texts[i % Texts.Length]} {i}")]; // tokenized by several threads
        Assert.Equal(Scores(pipeline, many, "Score"), classifier.Classify(many, Stop).Select(Probabilities), NearlyEqual);
    }

    [Fact]
    public void Transforms_of_other_columns_are_left_out()
    {
        IEstimator<ITransformer> before = _ml.Transforms.Text.NormalizeText("Other", "Text").Append(_ml.Transforms.Conversion.MapValueToKey("Key", "Other"));
        ITransformer pipeline = Fit(before, _ => { });
        string zip = Save(pipeline);
        Assert.Empty(SavedModel.Open(zip, cancellationToken: Stop).TextTransforms);
        using SentimentClassifier classifier = SentimentClassifier.Load(zip, TorchDevice.Cpu);
        Assert.Equal(Scores(pipeline, Texts, "Score"), Texts.Select(text => Probabilities(classifier.Classify(text))), NearlyEqual);
    }

    [Fact]
    public void A_text_that_is_made_of_several_columns_is_refused()
    {
        IEstimator<ITransformer> before = _ml.Transforms.Expression("Whole", "(title, body) => concat(title, \" \", body)", "Title", "Body")
            .Append(_ml.Transforms.Text.NormalizeText("Clean", "Whole"));
        ITransformer pipeline = before.Append(Trainer(options => options.TextColumnName = "Clean")).Fit(TitledView());
        string message = Refusal(Save(pipeline, TitledView().Schema));
        Assert.Contains("(ExpressionTransformer, TextNormalizingTransformer): it comes from 'Title' (String), 'Body' (String), expected one column of text",
            message, StringComparison.Ordinal);
        Assert.Contains("the column 'Clean', which the network reads", message, StringComparison.Ordinal);
        Assert.Contains("ml.Model.Load, and ask it through a PredictionEngine", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_not_made_of_text_is_refused()
    {
        IEstimator<ITransformer> before = _ml.Transforms.Conversion.ConvertType("Written", "Stars", DataKind.String);
        Assert.Contains("(TypeConvertingTransformer): it comes from 'Stars' (Single), expected one column of text",
            Refusal(Save(Fit(before, options => options.TextColumnName = "Written"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_the_answer_of_another_network_is_refused()
    {
        ITransformer first = TinyTask.Pipeline(_ml, Short()).Fit(TinyTask.View(_ml));
        IDataView answered = first.Transform(TinyTask.View(_ml));
        ITransformer second = Trainer(
            options => (options.TextColumnName, options.PredictedLabelColumnName, options.ScoreColumnName) = ("PredictedLabel", "Second", "SecondScore"))
            .Fit(answered);
        string zip = Save(new TransformerChain<ITransformer>(first, second));
        Assert.Contains("it needs the answer of another network in the zip",
            Assert.Throws<ModelFileException>(
                () => SentimentClassifier.Load(SavedModel.Open(zip, predictedLabelColumnName: "Second", cancellationToken: Stop), new())).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_without_the_schema_of_its_data_is_read_where_labels_alone_are_mapped_before_the_network()
    {
        ITransformer pipeline = _ml.Transforms.Conversion.MapValueToKey("Key", "Stars").Append(Trainer(options => options.LabelColumnName = "Key", "Key"))
            .Fit(TinyTask.View(_ml));
        using SentimentClassifier classifier = SentimentClassifier.Load(Save(pipeline, null), TorchDevice.Cpu);
        Assert.Equal(Scores(pipeline, Texts, "Score"), Texts.Select(text => Probabilities(classifier.Classify(text))), NearlyEqual);
    }

    [Fact]
    public void A_zip_without_the_schema_of_its_data_says_so()
    {
        ITransformer pipeline = Fit(Before("normalized in place").Before, _ => { });
        Assert.Contains("pass the data's schema to ml.Model.Save", Refusal(Save(pipeline, null)), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_networks_the_one_is_taken_that_is_named()
    {
        IDataView rows = TinyTask.View(_ml);
        ITransformer first = TinyTask.Pipeline(_ml, Short()).Fit(rows);
        ITransformer second = _ml.Transforms.Text.NormalizeText("Clean", "Text")
            .Append(_ml.Transforms.Conversion.ConvertType("Written", "Stars", DataKind.String))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Topic", "Written"))
            .Append(Trainer(options =>
                (options.TextColumnName, options.LabelColumnName, options.PredictedLabelColumnName, options.ScoreColumnName) =
                ("Clean", "Topic", "PredictedTopic", "TopicScore"), "Topic"))
            .Fit(first.Transform(rows));
        ITransformer pipeline = new TransformerChain<ITransformer>(first, second);
        string zip = Save(pipeline);

        Assert.Contains("holds 2 networks, by the column of its answers: PredictedLabel (negative, positive); PredictedTopic (4, 1, 5, 2). Name the column",
            Assert.Throws<ModelFileException>(() => SavedModel.Open(zip, cancellationToken: Stop)).Message, StringComparison.Ordinal);
        Assert.Contains("None answers in 'Other'",
            Assert.Throws<ModelFileException>(() => SavedModel.Open(zip, predictedLabelColumnName: "Other", cancellationToken: Stop)).Message,
            StringComparison.Ordinal);
        foreach ((string column, string score) in (ReadOnlySpan<(string, string)>)[("PredictedLabel", "Score"), ("PredictedTopic", "TopicScore")])
        {
            SavedModel named = SavedModel.Open(zip, predictedLabelColumnName: column, cancellationToken: Stop);
            Assert.Equal(column == "PredictedLabel" ? [] : ["TextNormalizingTransformer"], named.TextTransforms);
            using SentimentClassifier classifier = SentimentClassifier.Load(named, new() { Device = TorchDevice.Cpu }, Stop);
            Assert.Equal(Scores(pipeline, Texts, score), Texts.Select(text => Probabilities(classifier.Classify(text))), NearlyEqual);
        }
    }

    [Fact]
    public void Of_two_networks_that_answer_in_one_column_the_pipelines_answer_is_the_last_ones()
    {
        ITransformer first = TinyTask.Pipeline(_ml, Short()).Fit(TinyTask.View(_ml));
        ITransformer second = Trainer(options => options.Seed = 99).Fit(first.Transform(TinyTask.View(_ml)));
        ITransformer pipeline = new TransformerChain<ITransformer>(first, second);
        using SentimentClassifier classifier = SentimentClassifier.Load(
            SavedModel.Open(Save(pipeline), predictedLabelColumnName: "PredictedLabel", cancellationToken: Stop), new() { Device = TorchDevice.Cpu }, Stop);
        Assert.Equal(Scores(pipeline, Texts, "Score"), Texts.Select(text => Probabilities(classifier.Classify(text))), NearlyEqual);
        Assert.Equal(FirstLogitAlone(second), classifier.Classify(Texts[0]).Logits[0], 1e-5f);
    }

    [Fact]
    public void A_single_network_may_be_named_too()
    {
        string zip = Save(Fit(Before("copied").Before, options => options.TextColumnName = "Copy"));
        Assert.Equal(2, SavedModel.Open(zip, predictedLabelColumnName: "PredictedLabel", cancellationToken: Stop).Labels.Count);
        Assert.Contains("holds one network, by the column of its answers: PredictedLabel",
            Assert.Throws<ModelFileException>(() => SavedModel.Open(zip, predictedLabelColumnName: "Other", cancellationToken: Stop)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_that_is_made_of_the_text_is_made_here_too()
    {
        ITransformer pipeline = Fit(_ml.Transforms.Text.NormalizeText("Pair", "Text"), options => options.TextPairColumnName = "Pair");
        using SentimentClassifier classifier = SentimentClassifier.Load(Save(pipeline), TorchDevice.Cpu);
        Assert.Equal(Scores(pipeline, Texts, "Score"), Texts.Select(text => Probabilities(classifier.Classify(text))), NearlyEqual);
        Assert.Contains("makes both texts of a pair from the column 'Text' (TextNormalizingTransformer)",
            Assert.Throws<SentimentMLException>(() => classifier.ClassifyPair("a", "b")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_text_of_a_pair_goes_through_its_own_transforms()
    {
        IEstimator<ITransformer> before = _ml.Transforms.Text.NormalizeText("Clean", "Body");
        ITransformer pipeline = before.Append(Trainer(options => (options.TextColumnName, options.TextPairColumnName) = ("Title", "Clean"))).Fit(TitledView());
        using SentimentClassifier classifier = SentimentClassifier.Load(Save(pipeline, TitledView().Schema), TorchDevice.Cpu);
        Titled[] rows = [.. Texts.Select(text => new Titled { Title = $"TÍTULO {text}", Body = $"{text} CUERPO", Stars = 1 })];
        float[][] expected = [.. pipeline.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score")];
        Assert.Equal(expected, rows.Select(row => Probabilities(classifier.ClassifyPair(row.Title, row.Body))), NearlyEqual);
    }

    [Fact]
    public void An_explanation_is_of_the_text_that_the_network_reads()
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(Save(Fit(Before("normalized in place").Before, _ => { })), TorchDevice.Cpu);
        Explanation explanation = classifier.Explain("Muy BUENO", ExplanationMethod.Occlusion, cancellationToken: Stop);
        Assert.Equal("muy bueno", explanation.Text);
        Assert.Equal(classifier.Classify("Muy BUENO").Label, explanation.Label);
    }

    [Fact]
    public void Vectors_are_of_the_text_that_the_network_reads()
    {
        ITransformer pipeline = Fit(Before("normalized in place").Before, _ => { });
        pipeline.SentimentClassification().SaveFolder(_folder.At("network"));
        using TextEmbedder ofZip = TextEmbedder.Load(SavedModel.Open(Save(pipeline), cancellationToken: Stop), cancellationToken: Stop);
        using TextEmbedder ofNetwork = TextEmbedder.Load(SavedModel.Open(_folder.At("network"), cancellationToken: Stop), cancellationToken: Stop);
        Assert.Equal(ofNetwork.Embed("muy bueno"), ofZip.Embed("Muy BUENO"));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static float[] Probabilities(SentimentPrediction prediction) => [.. prediction.Probabilities.Select(p => (float)p)];

    private static bool NearlyEqual(float[] a, float[] b) => a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) < 1e-5f);

    private static SentimentClassificationOptions Short()
    {
        SentimentClassificationOptions options = TinyTask.Options();
        options.Epochs = 1;
        return options;
    }

    /// <summary>The first logit of the first text, by the network alone.</summary>
    private float FirstLogitAlone(ITransformer network)
    {
        string folder = _folder.At("alone");
        network.SentimentClassification().SaveFolder(folder);
        using SentimentClassifier classifier = SentimentClassifier.Load(folder, TorchDevice.Cpu);
        return classifier.Classify(Texts[0]).Logits[0];
    }

    private (IEstimator<ITransformer> Before, string Column) Before(string kind) => kind switch
    {
        "normalized in place" => (_ml.Transforms.Text.NormalizeText("Text"), "Text"),
        "normalized into another column" => (_ml.Transforms.Text.NormalizeText("Clean", "Text", keepDiacritics: false), "Clean"),
        "copied" => (_ml.Transforms.CopyColumns("Copy", "Text"), "Copy"),
        "normalized, copied and selected" =>
            (_ml.Transforms.Text.NormalizeText("Text").Append(_ml.Transforms.CopyColumns("Copy", "Text"))
                .Append(_ml.Transforms.SelectColumns("Stars", "Copy")), "Copy"),
        "by an expression" => (_ml.Transforms.Expression("Lower", "(text) => lower(text)", "Text"), "Lower"),
        "by a custom mapping" => (_ml.Transforms.CustomMapping(new Shout().GetMapping(), Shout.Name), "Loud"),
        _ => throw new ArgumentException(kind),
    };

    private IEstimator<ITransformer> Trainer(Action<SentimentClassificationOptions> change, string label = "Label")
    {
        SentimentClassificationOptions options = Short();
        change(options);
        SentimentClassificationTrainer trainer = _ml.MulticlassClassification.Trainers.SentimentClassification(options);
        return label == "Label" ? _ml.Transforms.Conversion.MapStarsToSentiment().Append(trainer) : new EstimatorChain<ITransformer>().Append(trainer);
    }

    private ITransformer Fit(IEstimator<ITransformer> before, Action<SentimentClassificationOptions> change) =>
        before.Append(Trainer(change)).Fit(TinyTask.View(_ml));

    private string Save(ITransformer pipeline) => Save(pipeline, TinyTask.View(_ml).Schema);

    private string Save(ITransformer pipeline, DataViewSchema? schema)
    {
        string path = _folder.At("model.zip");
        _ml.Model.Save(pipeline, schema, path);
        return path;
    }

    private float[][] Scores(ITransformer pipeline, IEnumerable<string> texts, string column) =>
        [.. pipeline.Transform(_ml.Data.LoadFromEnumerable(texts.Select(text => new TinyTask.Review { Text = text, Stars = 5 }))).GetColumn<float[]>(column)];

    private static string Refusal(string zip)
    {
        ModelFileException thrown = Assert.Throws<ModelFileException>(() => SentimentClassifier.Load(zip, TorchDevice.Cpu));
        Assert.Contains(zip, thrown.Message, StringComparison.Ordinal);
        return thrown.Message;
    }

    private IDataView TitledView() =>
        _ml.Data.LoadFromEnumerable(TinyTask.Reviews().Select(review => new Titled { Title = "Opinión", Body = review.Text, Stars = review.Stars }));

    private sealed class Titled
    {
        public string Title { get; set; } = "";
        public string Body { get; set; } = "";
        public float Stars { get; set; }
    }
}

/// <summary>A user's own mapping, which ML.NET finds again by its name.</summary>
[CustomMappingFactoryAttribute(Name)]
public sealed class Shout : CustomMappingFactory<Shout.Given, Shout.Made>
{
    public const string Name = "shout";

    public override Action<Given, Made> GetMapping() => static (given, made) => made.Loud = given.Text.ToUpperInvariant();

    public sealed class Given
    {
        public string Text { get; set; } = "";
    }

    public sealed class Made
    {
        public string Loud { get; set; } = "";
    }
}
