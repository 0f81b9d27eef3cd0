using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.TorchSharp;
using Microsoft.ML.TorchSharp.NasBert;
using SentimentML.Documentation.Tests.Infrastructure;

namespace SentimentML.Documentation.Tests;

/// <summary>
/// Microsoft.ML.TorchSharp in the same project: this file has both packages' namespaces and compiles, and our trainer works there. Theirs
/// does not under this TorchSharp (docs/from-mlnet-text-classification.md).
/// </summary>
public sealed class BesideTextClassificationTests
{
    [Fact]
    public async Task A_model_is_trained_saved_and_loaded_in_a_project_with_both_packages()
    {
        using TemporaryFolder folder = PageFolder.Create("docs/from-mlnet-text-classification.md");
        var ml = new MLContext(seed: 42);
        TextClassificationTrainer theirs =
            ml.MulticlassClassification.Trainers.TextClassification(labelColumnName: "Label", sentence1ColumnName: "Text", batchSize: 8, maxEpochs: 1);
        SentimentClassificationTrainer ours = ml.MulticlassClassification.Trainers.SentimentClassification(
            backbone: Backbone.FromFolder(folder.At("downloaded-backbone")), batchSize: 8, epochs: 1);
        Assert.NotEqual(theirs.GetType().Assembly, ours.GetType().Assembly);

        IDataView rows = ml.Data.LoadReviews(folder.At("reviews.csv"));
        ITransformer model = ml.Transforms.Conversion.MapStarsToSentiment().Append(ours).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(rows);
        ml.Model.Save(model, rows.Schema, folder.At("both.zip"));
        string[] texts = [.. rows.GetColumn<string>("Text").Take(5)];
        FreshProcess.Answer[] expected = FreshProcess.Answers(model.Transform(ml.Data.LoadFromEnumerable(texts.Select(text => new { Text = text }))));
        FreshProcess.Answer[] answers = await FreshProcess.Answers(folder.At("both.zip"), texts);
        Assert.Equal(expected.Select(answer => answer.Label), answers.Select(answer => answer.Label));
        Assert.Equal(expected.SelectMany(answer => answer.Score), answers.SelectMany(answer => answer.Score));
    }

    [Fact]
    public void No_public_type_of_theirs_has_the_name_of_one_of_ours()
    {
        IEnumerable<string> Names(Type type) => type.Assembly.GetExportedTypes().Where(exported => !exported.IsNested).Select(exported => exported.Name);
        Expect.None(Names(typeof(SentimentClassifier)).Intersect(Names(typeof(TextClassificationTrainer))));
    }
}
