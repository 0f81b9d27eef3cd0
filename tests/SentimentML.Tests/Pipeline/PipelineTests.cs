using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Pipeline;

/// <summary>The trainer and its transformer inside ML.NET: Append, Fit, Transform, Evaluate, CrossValidate, prediction engine.</summary>
public class PipelineTests
{
    private readonly MLContext _ml = TinyTask.Context();

    [Fact]
    public void Scores_are_probabilities_under_the_labels_names()
    {
        IDataView scored = Fit().Transform(TinyTask.View(_ml));
        DataViewSchema.Column score = scored.Schema["Score"];
        Assert.Equal(2, ((VectorDataViewType)score.Type).Size);
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        Assert.Equal(["negative", "positive"], names.DenseValues().Select(name => name.ToString()));
        foreach (TinyTask.Answer answer in Answers(scored))
        {
            Assert.Equal(1, answer.Score.Sum(), 5);
            Assert.Equal(answer.Score[0] > answer.Score[1] ? "negative" : "positive", answer.PredictedLabel);
        }
    }

    [Fact]
    public void Estimator_and_transformer_agree_on_the_schema()
    {
        IDataView data = TinyTask.View(_ml);
        IEstimator<ITransformer> pipeline = TinyTask.Pipeline(_ml);
        SchemaShape promised = pipeline.GetOutputSchema(MLNetInternals.SchemaShapes.Of(data.Schema));
        DataViewSchema given = pipeline.Fit(data).GetOutputSchema(data.Schema);
        string[] visible = [.. given.Where(column => !column.IsHidden).Select(column => column.Name)];
        Assert.Equal(promised.Select(column => column.Name).Order(), visible.Order());
        Assert.Equal(["Text", "Stars", "Label", "PredictedLabel", "Score"], visible);
        foreach (SchemaShape.Column column in promised)
            Assert.Equal(column.ItemType.RawType,
                given[column.Name].Type is VectorDataViewType vector ? vector.ItemType.RawType : given[column.Name].Type.RawType);
    }

    [Fact]
    public void The_predicted_label_comes_before_the_score_as_in_other_trainers()
    {
        IDataView data = Labeled();
        using SentimentClassificationTransformer model = _ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options()).Fit(data);
        Assert.Equal(["PredictedLabel", "Score"], model.GetOutputSchema(data.Schema).Skip(data.Schema.Count).Select(column => column.Name));
        Assert.True(model.GetOutputSchema(data.Schema)["PredictedLabel"].HasKeyValues());
    }

    [Fact]
    public void Evaluate_counts_every_labelled_row()
    {
        IDataView data = TinyTask.View(_ml, 60);
        SentimentClassificationOptions options = TinyTask.Options();
        options.Epochs = 4;
        MulticlassClassificationMetrics metrics =
            _ml.MulticlassClassification.Evaluate(TinyTask.Pipeline(_ml, options).Fit(TinyTask.View(_ml)).Transform(data));
        Assert.Equal(60, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy} on easy training rows");
    }

    [Fact]
    public void Text_alone_can_be_scored()
    {
        ITransformer model = Fit();
        TinyTask.Question[] questions = [.. TinyTask.Reviews(30).Select(review => new TinyTask.Question { Text = review.Text })];
        IReadOnlyList<TinyTask.Answer> answers = Answers(model.Transform(_ml.Data.LoadFromEnumerable(questions)));
        Assert.Equal(30, answers.Count);
        Assert.Equal(Answers(model.Transform(TinyTask.View(_ml, 30))).Select(a => a.Score[0]), answers.Select(a => a.Score[0]));
    }

    [Fact]
    public void A_prediction_engine_agrees_with_batch_scoring()
    {
        ITransformer model = Fit();
        IReadOnlyList<TinyTask.Answer> batch = Answers(model.Transform(TinyTask.View(_ml, 20)));
        using PredictionEngine<TinyTask.Question, TinyTask.Answer> engine = _ml.Model.CreatePredictionEngine<TinyTask.Question, TinyTask.Answer>(model);
        IReadOnlyList<TinyTask.Review> reviews = TinyTask.Reviews(20);
        for (int i = 0; i < reviews.Count; i++)
        {
            TinyTask.Answer single = engine.Predict(new TinyTask.Question { Text = reviews[i].Text });
            Assert.Equal(batch[i].PredictedLabel, single.PredictedLabel);
            Goldens.Near($"'{reviews[i].Text}'", batch[i].Score.Select(x => (double)x).ToArray(), single.Score.Select(x => (double)x).ToArray(), 1e-5);
        }
    }

    [Fact]
    public void Rows_keep_their_order_over_several_windows()
    {
        ITransformer model = Fit();
        // More rows than a look-ahead window holds, of very different lengths.
        TinyTask.Review[] many =
            [.. Enumerable.Range(0, 2500).Select(i => new TinyTask.Review { Text = $"{string.Concat(Enumerable.Repeat("bueno ", i % 37))}{i}", Stars = 5 })];
        IDataView scored = model.Transform(_ml.Data.LoadFromEnumerable(many));
        string[] texts = [.. scored.GetColumn<string>("Text")];
        Assert.Equal(many.Select(review => review.Text), texts);
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        foreach (int row in (int[])[0, 1, 1023, 1024, 1025, 2047, 2048, 2499])
        {
            float[] alone = model.Transform(_ml.Data.LoadFromEnumerable([many[row]])).GetColumn<float[]>("Score").Single();
            Goldens.Near($"row {row}", alone.Select(x => (double)x).ToArray(), scores[row].Select(x => (double)x).ToArray(), 1e-5);
        }
    }

    [Fact]
    public void Cross_validation_trains_a_model_for_each_fold()
    {
        var folds = _ml.MulticlassClassification.CrossValidate(TinyTask.View(_ml, 40), TinyTask.Pipeline(_ml), numberOfFolds: 2);
        Assert.Equal(2, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.LogLoss, 0, 10));
    }

    [Fact]
    public void Columns_that_are_not_asked_for_cost_no_scoring()
    {
        using SentimentClassificationTransformer model = _ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options()).Fit(Labeled());
        IDataView scored = model.Transform(TinyTask.View(_ml));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Text"]]);
        Assert.True(cursor.MoveNext());
        Assert.False(cursor.IsColumnActive(scored.Schema["Score"]));
        Assert.Throws<ArgumentException>(() => cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]));
    }

    [Fact]
    public void The_same_seed_gives_the_same_model_and_another_another()
    {
        float First(int seed) => Answers(TinyTask.Pipeline(TinyTask.Context(seed)).Fit(TinyTask.View(_ml)).Transform(TinyTask.View(_ml, 4)))[0].Score[0];
        Assert.Equal(First(3), First(3));
        Assert.NotEqual(First(3), First(4));
    }

    [Fact]
    public void The_validation_set_is_scored_before_the_first_step_and_after_each_epoch()
    {
        IDataView data = Labeled();
        using SentimentClassificationTransformer model = _ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options(TinyTask.View(_ml, 20)))
            .Fit(data);
        Assert.Equal([0, 1, 2], model.Evaluations.Select(e => e.Epoch));
        double best = model.Evaluations.Skip(1).Max(e => e.Accuracy);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(Labeled(20)));
        Assert.Equal(best, metrics.MicroAccuracy, 9);
    }

    private IDataView Labeled(int count = 40)
    {
        IDataView view = TinyTask.View(_ml, count);
        return _ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view);
    }

    private ITransformer Fit() => TinyTask.Pipeline(_ml).Fit(TinyTask.View(_ml));

    private IReadOnlyList<TinyTask.Answer> Answers(IDataView scored) =>
        [.. _ml.Data.CreateEnumerable<TinyTask.Answer>(scored, reuseRowObject: false)];
}
