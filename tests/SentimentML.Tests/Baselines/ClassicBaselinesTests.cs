using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Baselines;

public class ClassicBaselinesTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<int> Baselines => [.. Enumerable.Range(0, ClassicBaselines.All(new MLContext()).Count)];

    [Theory]
    [MemberData(nameof(Baselines))]
    public void Three_unbalanced_classes_with_text_labels_are_learned(int index)
    {
        (IDataView train, IDataView test) = ThreeClasses(_ml);
        ClassicBaseline baseline = ClassicBaselines.All(_ml)[index];

        IDataView scored = baseline.Build().Fit(train).Transform(test);

        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(scored);
        Assert.True(metrics.MacroAccuracy > 0.9, $"{baseline}: macro accuracy {metrics.MacroAccuracy}, {metrics.ConfusionMatrix.GetFormattedConfusionTable()}");
        Assert.All(scored.GetColumn<float[]>("Score"), score =>
        {
            Assert.Equal(3, score.Length);
            Assert.Equal(1, score.Sum(), 1e-4);
        });
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["PredictedLabel"].GetKeyValues(ref names);
        Assert.Equal(["negative", "neutral", "positive"], names.DenseValues().Select(n => n.ToString()));
    }

    [Theory]
    [MemberData(nameof(Baselines))]
    public void The_same_seed_gives_the_same_model(int index) => Assert.Equal(Scores(index), Scores(index));

    [Theory]
    [MemberData(nameof(Baselines))]
    public void A_saved_model_loads_and_answers_the_same(int index)
    {
        (IDataView train, IDataView test) = ThreeClasses(_ml);
        ITransformer model = ClassicBaselines.All(_ml)[index].Build().Fit(train);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, train.Schema, stream);
        stream.Position = 0;

        ITransformer loaded = new MLContext().Model.Load(stream, out _);

        Assert.Equal(model.Transform(test).GetColumn<float[]>("Score"), loaded.Transform(test).GetColumn<float[]>("Score"));
    }

    [Fact]
    public void A_prediction_engine_asks_for_no_label()
    {
        (IDataView train, _) = ThreeClasses(_ml);
        using var engine = _ml.Model.CreatePredictionEngine<TextAlone, Scored>(ClassicBaselines.Ngrams(_ml).Build().Fit(train));
        Assert.Equal(3u, engine.Predict(new TextAlone { Text = "la silla me encanta" }).PredictedLabel);
        Assert.Equal(1u, engine.Predict(new TextAlone { Text = "la silla llegó rota" }).PredictedLabel);
    }

    [Fact]
    public void A_class_with_a_single_row_does_not_stop_a_baseline()
    {
        List<LabelledText> rows =
            [.. LabelledText.ThreeClasses(60, seed: 3).Where(r => r.Sentiment != "neutral"), new() { Text = "es normal", Sentiment = "neutral" }];
        IDataView view = LabelledText.View(_ml, rows);
        Assert.All(ClassicBaselines.All(_ml), baseline =>
            Assert.All(baseline.Build().Fit(view).Transform(view).GetColumn<float[]>("Score"), score =>
                Assert.All(score, s => Assert.True(float.IsFinite(s)))));
    }

    [Fact]
    public void Texts_without_a_word_are_scored()
    {
        (IDataView train, _) = ThreeClasses(_ml);
        IDataView odd = LabelledText.View(_ml, [.. new[] { "", " ", "!", "😀" }.Select(text => new LabelledText { Text = text, Sentiment = "neutral" })]);
        Assert.All(ClassicBaselines.Ngrams(_ml).Build().Fit(train).Transform(odd).GetColumn<float[]>("Score"),
            score => Assert.Equal(1, score.Sum(), 1e-4));
    }

    [Fact]
    public void A_missing_text_column_is_named()
    {
        (IDataView train, _) = ThreeClasses(_ml);
        var error = Assert.ThrowsAny<ArgumentException>(() => ClassicBaselines.Ngrams(_ml, textColumnName: "Review").Build().Fit(train));
        Assert.Contains("'Review'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_with_nothing_to_learn_from_are_an_error_that_says_so()
    {
        IDataView empty = LabelledText.View(_ml, [new() { Text = "", Sentiment = "negative" }, new() { Text = "", Sentiment = "positive" }]);
        var error = Assert.Throws<InvalidOperationException>(() => ClassicBaselines.Ngrams(_ml).Build().Fit(empty));
        Assert.Contains("Column 'Text' holds no n-gram", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Heads_on_vectors_learn_what_the_vectors_tell()
    {
        var random = new Random(5);
        LabelledVector[] rows = [.. Enumerable.Range(0, 600).Select(row => new LabelledVector
        {
            Sentiment = row % 3 == 0 ? "negative" : "positive",
            Features = [.. Enumerable.Range(0, 16).Select(i => (float)(100 * i + (random.NextDouble() - 0.5 + (i == 7 && row % 3 == 0 ? 0.9 : 0)) * (i + 1)))],
        })];
        IDataView view = _ml.Data.LoadFromEnumerable(rows);
        view = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(LabelledVector.Sentiment)).Fit(view).Transform(view);
        DataOperationsCatalog.TrainTestData split = _ml.Data.TrainTestSplit(view, 0.3, seed: 1);
        Assert.All(ClassicBaselines.VectorHeads(_ml), head =>
        {
            double accuracy = _ml.MulticlassClassification.Evaluate(head.Build().Fit(split.TrainSet).Transform(split.TestSet)).MicroAccuracy;
            Assert.True(accuracy > 0.9, $"{head}: {accuracy}");
        });
    }

    private static (IDataView Train, IDataView Test) ThreeClasses(MLContext ml)
        => (LabelledText.View(ml, LabelledText.ThreeClasses(500, seed: 1)), LabelledText.View(ml, LabelledText.ThreeClasses(200, seed: 2)));

    private static List<float[]> Scores(int index)
    {
        var ml = new MLContext(seed: 7);
        (IDataView train, IDataView test) = ThreeClasses(ml);
        return [.. ClassicBaselines.All(ml)[index].Build().Fit(train).Transform(test).GetColumn<float[]>("Score")];
    }

    private sealed class TextAlone
    {
        public string Text { get; set; } = "";
    }

    private sealed class Scored
    {
        public uint PredictedLabel { get; set; }
    }

    private sealed class LabelledVector
    {
        public string Sentiment { get; set; } = "";

        [VectorType(16)]
        public float[] Features { get; set; } = [];
    }
}
