using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Inference;

/// <summary>A model that was disposed says that it was, whatever it is asked.</summary>
public sealed class DisposedModelTests : IDisposable
{
    private const string Text = "Muy bueno";

    private readonly MLContext _ml = TinyTask.Context();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_transformer()
    {
        ITransformer pipeline = TinyTask.Pipeline(_ml).Fit(TinyTask.View(_ml));
        SentimentClassificationTransformer model = pipeline.SentimentClassification();
        IDataView view = pipeline.Transform(TinyTask.View(_ml));
        PredictionEngine<TinyTask.Question, TinyTask.Answer> kept = Engine(pipeline, owns: false), owner = Engine(pipeline, owns: true);
        kept.Predict(new TinyTask.Question { Text = Text });
        owner.Dispose();
        Action[] uses =
        [
            () => model.Transform(TinyTask.View(_ml)),
            () => pipeline.Transform(TinyTask.View(_ml)),
            () => Assert.NotEmpty(view.GetColumn<float[]>("Score")),
            () => kept.Predict(new TinyTask.Question { Text = Text }),
            () => Engine(pipeline, owns: false),
            () => model.GetRowToRowMapper(TinyTask.View(_ml).Schema),
            () => model.ScoreLabeled(TinyTask.View(_ml)),
            () => model.SaveFolder(_folder.At("model")),
            () => _ml.Model.Save(pipeline, TinyTask.View(_ml).Schema, _folder.At("model.zip")),
        ];
        Assert.All(uses, use =>
        {
            var e = Assert.Throws<ObjectDisposedException>(use);
            Assert.Contains("The model was disposed. A PredictionEngine owns its model and disposes it with itself unless "
                + "PredictionEngineOptions.OwnsTransformer is false.", e.Message, StringComparison.Ordinal);
            Assert.Equal(nameof(SentimentClassificationTransformer), e.ObjectName);
        });
        Assert.False(Directory.Exists(_folder.At("model")));
        Assert.Equal(2, model.Labels.Count); // what needs no network is still known
        model.Dispose();
    }

    [Fact]
    public async Task A_classifier_that_explains_meanwhile()
    {
        for (int round = 0; round < 5; round++)
        {
            SentimentClassifier classifier = ClassifierLoadingTests.Load(new());
            using var begun = new SemaphoreSlim(0);
            Task[] explaining = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                for (int i = 0; i < 1000; i++)
                {
                    classifier.Explain(Text, cancellationToken: Stop);
                    begun.Release();
                }
            }, Stop))];
            await begun.WaitAsync(Stop);
            classifier.Dispose();
            foreach (Task each in explaining)
                Assert.Equal(nameof(SentimentClassifier), (await Assert.ThrowsAsync<ObjectDisposedException>(() => each)).ObjectName);
        }
    }

    [Fact]
    public async Task A_classifier()
    {
        SentimentClassifier classifier = ClassifierLoadingTests.Load(new());
        using IEnumerator<SentimentPrediction> begun = classifier.Classify(Enumerable.Range(0, int.MaxValue).Select(i => $"texto {i}"), Stop).GetEnumerator();
        Assert.True(begun.MoveNext());
        classifier.Dispose();
        Action[] uses =
        [
            () => classifier.Classify(Text),
            () => classifier.Classify([Text], Stop),
            () => classifier.ClassifyPair(Text, Text),
            () => classifier.ClassifyRows([Text], text => text, Stop),
            () => classifier.ScoreLabeled(TinyTask.View(_ml)),
            () => classifier.Explain(Text, cancellationToken: Stop),
            () => classifier.Explain(Text, ExplanationMethod.Occlusion, cancellationToken: Stop),
            () => classifier.ExplainPair(Text, Text, cancellationToken: Stop),
            () => { while (begun.MoveNext()) { } },
        ];
        Assert.All(uses, use => Says(Assert.Throws<ObjectDisposedException>(use)));
        Func<Task>[] asynchronous =
        [
            () => classifier.ClassifyAsync(Text, Stop),
            () => classifier.ClassifyPairAsync(Text, Text, Stop),
            () => classifier.ExplainAsync(Text, cancellationToken: Stop),
            async () => await classifier.ClassifyAsync(new[] { Text }.ToAsyncEnumerable(), Stop).CountAsync(Stop),
        ];
        foreach (Func<Task> use in asynchronous)
            Says(await Assert.ThrowsAsync<ObjectDisposedException>(use));
        Assert.Equal(2, classifier.Labels.Count);
        classifier.Dispose();
    }

    /// <summary>Freed under a batch in work, the weights would take the process down.</summary>
    [Fact]
    public async Task A_model_that_is_disposed_while_others_ask_finishes_their_answer_or_says_so()
    {
        for (int i = 0; i < 20; i++)
        {
            ITransformer pipeline = _ml.Model.Load(Zip(), out _);
            Task[] asking = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                PredictionEngine<TinyTask.Question, TinyTask.Answer> engine = Engine(pipeline, owns: false);
                while (true)
                    Assert.Equal(1, engine.Predict(new TinyTask.Question { Text = Text }).Score.Sum(), 4);
            }, Stop))];
            await Task.Delay(i * 5, Stop);
            pipeline.SentimentClassification().Dispose();
            foreach (Task task in asking)
                Assert.Contains("The model was disposed", (await Assert.ThrowsAsync<ObjectDisposedException>(() => task)).Message, StringComparison.Ordinal);
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static void Says(ObjectDisposedException e) =>
        Assert.StartsWith("The model of this SentimentClassifier was disposed. Load it again, or dispose it after its last call.", e.Message,
            StringComparison.Ordinal);

    private string Zip()
    {
        string path = _folder.At("asked.zip");
        if (!File.Exists(path))
            _ml.Model.Save(TinyTask.Pipeline(_ml).Fit(TinyTask.View(_ml)), TinyTask.View(_ml).Schema, path);
        return path;
    }

    private PredictionEngine<TinyTask.Question, TinyTask.Answer> Engine(ITransformer model, bool owns) =>
        _ml.Model.CreatePredictionEngine<TinyTask.Question, TinyTask.Answer>(model, new PredictionEngineOptions { OwnsTransformer = owns });
}
