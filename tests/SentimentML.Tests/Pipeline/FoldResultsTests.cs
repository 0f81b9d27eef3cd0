using Microsoft.ML;

namespace SentimentML.Tests.Pipeline;

/// <summary>A cross-validation whose folds are kept in a folder: resumed, or done one by one.</summary>
public sealed class FoldResultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = TinyTask.Context();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folds_done_one_by_one_are_those_of_one_cross_validation()
    {
        string results = _folder.At("results");
        CrossValidationFold[] whole = [.. Trainer().CrossValidate(Rows(), 3)];
        Assert.Equal([0, 1, 2], Trainer().FindGap(Rows(), 3, results)!.Missing);
        foreach (int fold in (int[])[3, 1])
            AssertSame(whole[fold - 1], Trainer().CrossValidateFold(Rows(), fold, 3, results));
        Assert.Equal([1], Trainer().FindGap(Rows(), 3, results)!.Missing);
        string third = _folder.At("results", "fold-003.json"), kept = File.ReadAllText(third);
        File.WriteAllText(third, kept[..(kept.Length / 2)]); // damaged: it is done again
        DateTime first = File.GetLastWriteTimeUtc(_folder.At("results", "fold-001.json"));
        foreach ((CrossValidationFold expected, CrossValidationFold collected) in whole.Zip(Trainer().CrossValidate(Rows(), 3, results)))
            AssertSame(expected, collected);
        Assert.Null(Trainer().FindGap(Rows(), 3, results));
        Assert.Equal(kept, File.ReadAllText(third));
        Assert.Equal(first, File.GetLastWriteTimeUtc(_folder.At("results", "fold-001.json")));
    }

    [Fact]
    public void Results_of_other_work_are_refused()
    {
        string results = _folder.At("results");
        Trainer().CrossValidateFold(Rows(), 1, 3, results);
        string Refused(SentimentClassificationTrainer trainer, IDataView rows, int folds) =>
            Assert.Throws<SentimentMLException>(() => trainer.CrossValidateFold(rows, 1, folds, results)).Message;
        Assert.Contains("what differs: the trainings (there a cross-validation with 3 folds; here a cross-validation with 4 folds).",
            Refused(Trainer(), Rows(), 4), StringComparison.Ordinal);
        Assert.Contains("what differs: the training rows.", Refused(Trainer(), Rows(38), 3), StringComparison.Ordinal);
        Assert.Contains("what differs: the options (there", Refused(Trainer(epochs: 2), Rows(), 3), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer().CrossValidateFold(Rows(), 4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer().CrossValidateFold(Rows(), 0, 3));
    }

    private static void AssertSame(CrossValidationFold expected, CrossValidationFold actual)
    {
        Assert.Equal((expected.Fold, expected.TrainRows, expected.Metrics.Accuracy.Value, expected.Metrics.MacroF1.Value, expected.Metrics.LogLoss.Value),
            (actual.Fold, actual.TrainRows, actual.Metrics.Accuracy.Value, actual.Metrics.MacroF1.Value, actual.Metrics.LogLoss.Value));
        Assert.Equal(expected.Rows.Texts, actual.Rows.Texts);
        Assert.Equal(expected.Rows.Labels, actual.Rows.Labels);
        Assert.Equal(expected.Rows.LabelNames, actual.Rows.LabelNames);
        Assert.Equal(expected.Rows.Logits.SelectMany(row => row), actual.Rows.Logits.SelectMany(row => row));
        Assert.Equal(expected.Rows.Predictions, actual.Rows.Predictions);
        Assert.Equal(expected.Rows.RowNumbers, actual.Rows.RowNumbers);
        Assert.Equal(expected.Rows.Stars, actual.Rows.Stars);
    }

    private SentimentClassificationTrainer Trainer(int epochs = 1)
    {
        SentimentClassificationOptions options = TinyTask.Options();
        options.Epochs = epochs;
        return _ml.MulticlassClassification.Trainers.SentimentClassification(options);
    }

    private IDataView Rows(int count = 40)
    {
        IDataView view = TinyTask.View(_ml, count);
        return _ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view);
    }
}
