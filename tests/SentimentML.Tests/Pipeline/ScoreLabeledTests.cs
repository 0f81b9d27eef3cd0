using Microsoft.ML;

namespace SentimentML.Tests.Pipeline;

/// <summary>Labelled data scored for an evaluation, by the transformer and by the classifier.</summary>
public sealed class ScoreLabeledTests : IDisposable
{
    private readonly MLContext _ml = TinyTask.Context();
    private readonly TemporaryFolder _folder = new();
    private readonly SentimentClassificationTransformer _model;

    public ScoreLabeledTests()
    {
        IDataView train = _ml.Transforms.Conversion.MapStarsToSentiment().Fit(TinyTask.View(_ml)).Transform(TinyTask.View(_ml));
        _model = _ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options()).Fit(train);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Stars_become_labels_and_rows_keep_their_numbers()
    {
        EvaluationRows rows = _model.ScoreLabeled(Load("text,stars,shop\nbueno,5,a\nregular,3,a\nmalo,1,b\nsin,,b\nmejor,4,a\n"));
        Assert.Equal(["bueno", "malo", "mejor"], rows.Texts);
        Assert.Equal([1, 0, 1], rows.Labels);
        Assert.Equal([1L, 3, 5], rows.RowNumbers!);
        Assert.Equal([5f, 1, 4], rows.Stars!);
        Assert.Equal(["a", "b", "a"], rows.Columns["shop"]);
        Assert.Equal(1, rows.RowsLeftOut); // the three stars; a row without stars has no label at all
    }

    [Fact]
    public void Labels_are_matched_by_name_and_unknown_ones_counted()
    {
        EvaluationRows rows = _model.ScoreLabeled(Load("text,label\nbueno,positive\nraro,ambiguous\nmalo,negative\n"));
        Assert.Equal([1, 0], rows.Labels);
        Assert.Equal(1, rows.RowsLeftOut);
        Assert.Null(rows.Stars);

        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Load("text,label\nbueno,positive\nmalo,negative\n"))
            .Transform(Load("text,label\nmalo,negative\nbueno,positive\n"));
        Assert.Equal([0, 1], _model.ScoreLabeled(keys).Labels); // the keys' own order is another
    }

    [Fact]
    public void The_classifier_gives_the_scores_of_its_predictions()
    {
        _model.SaveFolder(_folder.At("model"));
        using var classifier = SentimentClassifier.Load(_folder.At("model"), TorchDevice.Cpu);
        var done = new List<long>();
        EvaluationRows rows = classifier.ScoreLabeled(TinyTask.View(_ml), new LabeledRowsOptions { Progress = new Reported<long>(done.Add) });

        SentimentPrediction[] predictions = [.. classifier.Classify(TinyTask.Reviews().Select(review => review.Text), TestContext.Current.CancellationToken)];
        Assert.Equal(predictions.Select(prediction => prediction.Label), rows.Predictions.Select(label => rows.LabelNames[label]));
        Assert.Equal(predictions[7].Logits.Select(logit => (double)logit), rows.Logits[7]);
        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), done);
        Assert.Equal(1, McNemar.Test(rows, _model.ScoreLabeled(TinyTask.View(_ml))).PValue);
        Assert.Equal(40, SentimentEvaluation.Of(rows).Metrics.RowCount);
    }

    [Fact]
    public void Data_without_one_of_the_models_labels_is_refused_with_its_own()
    {
        string message = Assert.Throws<SentimentMLException>(() => _model.ScoreLabeled(Load("text,label\nbueno,rojo\nmalo,azul\n"))).Message;
        Assert.Equal("No row has one of the model's labels (negative, positive). The data's labels are azul, rojo. The data's labels azul, rojo do not say a "
            + "sentiment. "
            + "State it for each of them, negative, neutral or positive in place of each question mark: set LabeledRowsOptions.Sentiments to "
            + "\"azul=?,rojo=?\".", message);
        message = Assert.Throws<SentimentMLException>(
            () => _model.ScoreLabeled(Load("text,label\nbueno,bien\n"), new LabeledRowsOptions { LabelColumnName = "Right" })).Message;
        Assert.StartsWith("The data has neither a column 'Right' of labels nor a column 'Stars' of stars, expected one of them.", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Cross_validation_measures_every_row_once_by_a_model_that_did_not_see_it()
    {
        IDataView data = _ml.Transforms.Conversion.MapStarsToSentiment().Fit(TinyTask.View(_ml, 30)).Transform(TinyTask.View(_ml, 30));
        SentimentClassificationOptions options = TinyTask.Options();
        options.CheckpointFolder = _folder.At("checkpoints");
        CrossValidationFold[] folds = [.. _ml.MulticlassClassification.Trainers.SentimentClassification(options).CrossValidate(data, 3)];

        Assert.Equal([1, 2, 3], folds.Select(fold => fold.Fold));
        Assert.All(folds, fold => Assert.Equal((20, 10, 5), (fold.TrainRows, fold.Metrics.RowCount, fold.Rows.Labels.Count(label => label == 1))));
        Assert.Equal(TinyTask.Reviews(30).Select(review => review.Text).Order(), folds.SelectMany(fold => fold.Rows.Texts).Order());
        Assert.Equal(["fold-1-of-3", "fold-2-of-3", "fold-3-of-3"], Directory.EnumerateDirectories(_folder.At("checkpoints")).Select(Path.GetFileName).Order());
    }

    private IDataView Load(string csv)
    {
        string name = $"{Guid.NewGuid():N}.csv";
        _folder.With(name, csv);
        return _ml.Data.LoadReviews(_folder.At(name));
    }
}
