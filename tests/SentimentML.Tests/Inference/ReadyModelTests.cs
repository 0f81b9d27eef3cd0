using System.Text.Json.Nodes;

namespace SentimentML.Tests.Inference;

/// <summary>Models that others fine-tuned, used as they are: their labels, their kind of answer, their licence.</summary>
public class ReadyModelTests
{
    private static readonly string[] Texts = ["Me gustó mucho.", "No funciona, lo he devuelto."];

    [Theory]
    [InlineData("bert_uncased", "5 stars", Sentiment.Positive)]
    [InlineData("robertuito", "NEG", Sentiment.Negative)]
    [InlineData("distilbert", "neutral", Sentiment.Neutral)]
    public void A_labels_name_says_its_sentiment(string family, string label, Sentiment expected)
    {
        SavedModel saved = SavedModel.Open(Families.Folder(family, "classifier"), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected, saved.Sentiments!.Find(label));
        using SentimentClassifier classifier = SentimentClassifier.Load(saved, new(), TestContext.Current.CancellationToken);
        foreach (string text in Texts)
        {
            SentimentPrediction prediction = classifier.Classify(text);
            Assert.Equal(saved.Sentiments.Find(prediction.Label), prediction.Sentiment);
            Assert.Equal([prediction.Label], prediction.HoldingLabels);
        }
    }

    [Fact]
    public void Labels_that_say_nothing_have_no_sentiment_until_it_is_stated()
    {
        string folder = Shared.Golden("tiny_classifier");
        using (SentimentClassifier unknown = SentimentClassifier.Load(folder))
            Assert.Null(unknown.Classify(Texts[0]).Sentiment);
        using SentimentClassifier stated = SentimentClassifier.Load(
            folder, new() { Sentiments = SentimentMap.Parse("LABEL_0=negative,LABEL_1=positive") }, TestContext.Current.CancellationToken);
        SentimentPrediction prediction = stated.Classify(Texts[0]);
        Assert.Equal(prediction.LabelIndex == 0 ? Sentiment.Negative : Sentiment.Positive, prediction.Sentiment);
    }

    [Fact]
    public void A_model_of_several_labels_answers_by_sigmoid_and_says_which_hold()
    {
        using var folder = new TemporaryFolder();
        using SentimentClassifier classifier = SentimentClassifier.Load(Changed(folder, json => json["problem_type"] = "multi_label_classification"));
        foreach (string text in Texts)
        {
            SentimentPrediction prediction = classifier.Classify(text);
            Assert.Equal(ProblemType.MultiLabel, prediction.Problem);
            Assert.Equal(prediction.Logits.Select(logit => 1 / (1 + Math.Exp(-logit))), prediction.Probabilities.Select(p => (double)p), new Near(1e-6));
            Assert.Equal(prediction.Labels.Where((_, i) => prediction.Logits[i] >= 0), prediction.HoldingLabels);
        }
    }

    [Fact]
    public void A_regression_answers_with_its_value()
    {
        using var folder = new TemporaryFolder();
        using SentimentClassifier classifier = SentimentClassifier.Load(Changed(folder, json => json["problem_type"] = "regression"));
        SentimentPrediction prediction = classifier.Classify(Texts[0]);
        Assert.Equal(prediction.Logits, prediction.Probabilities);
        Assert.Null(prediction.Sentiment);
        Assert.Empty(prediction.HoldingLabels);
    }

    [Fact]
    public void An_unknown_problem_type_is_an_error_that_names_what_is_known()
    {
        using var folder = new TemporaryFolder();
        SentimentMLException error = Assert.ThrowsAny<SentimentMLException>(
            () => SavedModel.Open(Changed(folder, json => json["problem_type"] = "ranking"), cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("problem_type is 'ranking', expected single_label_classification, multi_label_classification or regression.", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("---\nlanguage: es\nlicense: apache-2.0\n---\n# x", "apache-2.0", false)]
    [InlineData("---\r\nlicense: 'cc-by-nc-4.0' # no\r\n---\r\n", "cc-by-nc-4.0", true)]
    [InlineData("# license: mit\nlicense: mit", null, false)]
    [InlineData("---\ntags: []\n---\nlicense: mit", null, false)]
    public void The_licence_is_the_cards(string card, string? expected, bool nonCommercial)
    {
        using var folder = new TemporaryFolder();
        string path = Changed(folder, _ => { });
        File.WriteAllText(Path.Combine(path, "README.md"), card);
        SavedModel saved = SavedModel.Open(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected, saved.License);
        Assert.Equal(nonCommercial, saved.IsNonCommercial);
    }

    [Fact]
    public void A_name_that_is_neither_a_path_nor_a_hub_id_is_an_error_that_says_what_was_expected()
    {
        SentimentMLException error =
            Assert.ThrowsAny<SentimentMLException>(() => SavedModel.Open("no-such-model", cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains("expected a model folder, a zip that ml.Model.Save wrote, or a hub id (organization/name).", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The tiny golden classifier with another config.json.</summary>
    private static string Changed(TemporaryFolder folder, Action<JsonObject> change)
    {
        foreach (string file in Directory.EnumerateFiles(Shared.Golden("tiny_classifier")))
            File.Copy(file, folder.At(Path.GetFileName(file)));
        JsonObject json = JsonNode.Parse(File.ReadAllText(folder.At("config.json")))!.AsObject();
        change(json);
        File.WriteAllText(folder.At("config.json"), json.ToJsonString());
        return folder.Path;
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double x) => 0;
    }
}
