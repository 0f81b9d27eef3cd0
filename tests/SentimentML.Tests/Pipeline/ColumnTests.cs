using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Pipeline;

/// <summary>The options that name columns.</summary>
public class ColumnTests
{
    private readonly MLContext _ml = TinyTask.Context();

    [Fact]
    public void Every_column_can_have_another_name()
    {
        IDataView data = Named(_ => 1);
        SentimentClassificationOptions options = Options();
        (options.ScoreColumnName, options.PredictedLabelColumnName) = ("Probabilities", "Answer");
        using SentimentClassificationTransformer model = Trainer(options).Fit(data);
        IDataView scored = model.Transform(data);
        Assert.Equal(["Answer", "Probabilities"], scored.Schema.Skip(data.Schema.Count).Select(column => column.Name));
        Assert.Equal(40, _ml.MulticlassClassification.Evaluate(scored, "Verdict", "Probabilities", "Answer").ConfusionMatrix.Counts.Sum(row => row.Sum()));
    }

    [Theory]
    [InlineData(nameof(SentimentClassificationOptions.TextColumnName))]
    [InlineData(nameof(SentimentClassificationOptions.TextPairColumnName))]
    [InlineData(nameof(SentimentClassificationOptions.LabelColumnName))]
    [InlineData(nameof(SentimentClassificationOptions.ExampleWeightColumnName))]
    public void A_column_that_is_not_there_is_told(string option)
    {
        SentimentClassificationOptions options = Options();
        typeof(SentimentClassificationOptions).GetProperty(option)!.SetValue(options, "Nothing");
        Exception told = Assert.ThrowsAny<Exception>(() => Trainer(options).Fit(Named(_ => 1)));
        Assert.Contains("Nothing", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Second_texts_are_learned_from()
    {
        // The first text says nothing; only the second one can be learned from.
        SentimentClassificationOptions options = Options();
        (options.TextColumnName, options.TextPairColumnName, options.Epochs) = ("Topic", "Opinion", 6);
        using SentimentClassificationTransformer model = Trainer(options).Fit(Named(_ => 1));
        double withPairs = Accuracy(model);
        Assert.True(withPairs > 0.9, $"accuracy {withPairs} on easy training rows");
        options.TextPairColumnName = null;
        using SentimentClassificationTransformer blind = Trainer(options).Fit(Named(_ => 1));
        Assert.Equal(0.5, Accuracy(blind));
    }

    [Fact]
    public void Rows_count_by_their_weight()
    {
        SentimentClassificationOptions options = Options();
        (options.ExampleWeightColumnName, options.Epochs) = ("Weight", 4);
        using SentimentClassificationTransformer model = Trainer(options).Fit(Named(row => row.Stars < 3 ? 0 : 1));
        Assert.All(Predicted(model), label => Assert.Equal("positive", label));
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    public void A_weight_that_is_none_is_told_with_its_row(float weight)
    {
        SentimentClassificationOptions options = Options();
        options.ExampleWeightColumnName = "Weight";
        string message = Assert.Throws<SentimentMLException>(
            () => Trainer(options).Fit(Named(row => row.Text.EndsWith(" 4", StringComparison.Ordinal) ? weight : 1))).Message;
        Assert.Contains("Row 5 has the weight", message, StringComparison.Ordinal);
        Assert.Contains("'Weight'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_all_weigh_nothing_are_refused()
    {
        SentimentClassificationOptions options = Options();
        options.ExampleWeightColumnName = "Weight";
        Assert.StartsWith("All 40 training rows weigh 0", Assert.Throws<SentimentMLException>(() => Trainer(options).Fit(Named(_ => 0))).Message,
            StringComparison.Ordinal);
        (options.ExampleWeightColumnName, options.ClassWeights) =
            (null, ClassWeights.Of(new Dictionary<string, double> { ["negative"] = 0, ["positive"] = 0 }));
        Assert.EndsWith("look at ClassWeights.", Assert.Throws<SentimentMLException>(() => Trainer(options).Fit(Named(_ => 1))).Message,
            StringComparison.Ordinal);
    }

    private static SentimentClassificationOptions Options()
    {
        SentimentClassificationOptions options = TinyTask.Options();
        (options.TextColumnName, options.LabelColumnName) = ("Opinion", "Verdict");
        return options;
    }

    private IEstimator<SentimentClassificationTransformer> Trainer(SentimentClassificationOptions options) =>
        _ml.MulticlassClassification.Trainers.SentimentClassification(options);

    private IDataView Named(Func<TinyTask.Review, float> weight)
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(
            TinyTask.Reviews().Select(review => new Row { Topic = "Una opinión", Opinion = review.Text, Stars = review.Stars, Weight = weight(review) }));
        return _ml.Transforms.Conversion.MapStarsToSentiment("Verdict").Fit(rows).Transform(rows);
    }

    private double Accuracy(SentimentClassificationTransformer model) =>
        _ml.MulticlassClassification.Evaluate(model.Transform(Named(_ => 1)), "Verdict").MicroAccuracy;

    private string[] Predicted(SentimentClassificationTransformer model)
    {
        IDataView scored = _ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(Named(_ => 1)))
            .Transform(model.Transform(Named(_ => 1)));
        return [.. scored.GetColumn<string>("PredictedLabel")];
    }

    private sealed class Row
    {
        public string Topic { get; set; } = "";
        public string Opinion { get; set; } = "";
        public float Stars { get; set; }
        public float Weight { get; set; }
    }
}
