using System.Text.Json.Nodes;
using Microsoft.ML;

namespace SentimentML.Tests.Pipeline;

/// <summary>Models measured on data whose labels have other names than theirs.</summary>
public sealed class SentimentRowsTests : IDisposable
{
    private const string Stars = "text,stars\nMe gustó mucho.,5\nRegular.,3\n\"No funciona, lo he devuelto.\",1\nEstá bien.,4\n";
    private const string Labels =
        "text,label\nMe gustó mucho.,POSITIVO\nRegular.,neutro\n\"No funciona, lo he devuelto.\",Very Negative\nEstá bien.,positivo\n";

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bert_uncased", Stars)]
    [InlineData("bert_uncased", Labels)]
    [InlineData("robertuito", Stars)]
    [InlineData("robertuito", Labels)]
    [InlineData("distilbert", Labels)]
    public void Probabilities_are_summed_by_sentiment_and_the_label_is_the_sentiment_of_the_models(string family, string csv)
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(Families.Folder(family, "classifier"), TorchDevice.Cpu);
        EvaluationRows rows = classifier.ScoreLabeled(Load(csv));

        Assert.Equal(["negative", "neutral", "positive"], rows.LabelNames);
        Assert.Equal([2, 1, 0, 2], rows.Labels);
        SentimentMap map = SentimentMap.FromNames(classifier.Labels)!;
        for (int row = 0; row < rows.Texts.Count; row++)
        {
            SentimentPrediction prediction = classifier.Classify(rows.Texts[row]);
            Assert.Equal((int)prediction.Sentiment!.Value, rows.Predictions[row]);
            foreach (Sentiment sentiment in Enum.GetValues<Sentiment>())
            {
                double sum = prediction.Probabilities.Where((_, label) => map.Find(prediction.Labels[label]) == sentiment).Sum(p => (double)p);
                Assert.Equal(sum, Math.Exp(rows.Logits[row][(int)sentiment]), 1e-5);
            }
        }
    }

    [Fact]
    public void An_evaluation_counts_the_models_label_where_the_sums_say_another()
    {
        var rows = new EvaluationRows
        {
            Texts = ["a", "b"],
            Labels = [1, 0],
            Logits = [[Math.Log(0.6), Math.Log(0.4)], [Math.Log(0.9), Math.Log(0.1)]],
            Predictions = [1, 0], // 1: one label of 0.4 against two of 0.3
            LabelNames = ["negative", "positive"],
        };
        SentimentEvaluation evaluation = SentimentEvaluation.Of(rows);
        Assert.Equal(1, evaluation.Metrics.Accuracy.Value);
        Assert.Equal(0.4, evaluation.Confidences[0], 1e-12);
        Assert.Equal(1, evaluation.Calibrated.Metrics.Accuracy.Value);
        Assert.Throws<ArgumentException>(
            () => SentimentEvaluation.Of(new EvaluationRows { Texts = ["a"], Labels = [0], Logits = [[1, 2]], Predictions = [2], LabelNames = ["no", "yes"] }));
    }

    [Fact]
    public void Labels_that_say_nothing_are_measured_when_they_are_stated_and_neutral_rows_are_left_out()
    {
        string folder = Shared.Golden("tiny_classifier");
        using (SentimentClassifier unknown = SentimentClassifier.Load(folder, TorchDevice.Cpu))
        {
            string message = Assert.Throws<SentimentMLException>(() => unknown.ScoreLabeled(Load(Stars))).Message;
            foreach (string words in (string[])["LABEL_0, LABEL_1", "stars", "set SentimentClassifierOptions.Sentiments to \"LABEL_0=?,LABEL_1=?\""])
                Assert.Contains(words, message, StringComparison.Ordinal);
        }
        using SentimentClassifier stated = SentimentClassifier.Load(
            folder, new() { Device = TorchDevice.Cpu, Sentiments = SentimentMap.Parse("LABEL_0=positive,LABEL_1=negative") },
            TestContext.Current.CancellationToken);
        foreach (string csv in (string[])[Stars, Labels])
        {
            EvaluationRows rows = stated.ScoreLabeled(Load(csv));
            Assert.Equal(["negative", "positive"], rows.LabelNames);
            Assert.Equal([1, 0, 1], rows.Labels);
            Assert.Equal([1L, 3, 4], rows.RowNumbers!);
            Assert.Equal(1, rows.RowsLeftOut);
            Assert.Equal(rows.Texts.Select(text => 1 - stated.Classify(text).LabelIndex), rows.Predictions);
        }
    }

    [Fact]
    public void The_datas_labels_can_be_stated_too_and_others_are_left_out()
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(Families.Folder("robertuito", "classifier"), TorchDevice.Cpu);
        IDataView data = Load("text,label\nbueno,verde\nmalo,rojo\nraro,gris\n");
        EvaluationRows rows = classifier.ScoreLabeled(data, new LabeledRowsOptions { Sentiments = SentimentMap.Parse("verde=positive,rojo=negative") });
        Assert.Equal(["bueno", "malo"], rows.Texts);
        Assert.Equal([2, 0], rows.Labels);
        Assert.Equal(1, rows.RowsLeftOut);
    }

    [Theory]
    [InlineData("POS", "NEG", "SPAM")]
    [InlineData("Positivo", "Negativo", "Sin clasificar")]
    [InlineData("molt positiu", "negatiu", "label")]
    [InlineData("Satisfecho", "Muy insatisfecho", "Total")]
    public void A_label_that_says_no_sentiment_does_not_hide_those_that_do(string positive, string negative, string other)
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(Families.Folder("robertuito", "classifier"), TorchDevice.Cpu);
        EvaluationRows rows = classifier.ScoreLabeled(Load($"text,label\nbueno,{positive}\nmalo,{negative}\nregular,NEU\nraro,{other}\n"));
        Assert.Equal([2, 0, 1], rows.Labels);
        Assert.Equal(1, rows.RowsLeftOut);
        Assert.Equal([other], rows.LabelsLeftOut);
    }

    [Fact]
    public void One_known_label_among_strange_ones_is_no_evaluation()
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(Families.Folder("robertuito", "classifier"), TorchDevice.Cpu);
        string message = Assert.Throws<SentimentMLException>(
            () => classifier.ScoreLabeled(Load("text,label\nbueno,joy\nmalo,anger\nregular,neutral\n"))).Message;
        Assert.Equal("Of the data's labels only neutral is one that the model knows (its labels are NEG, NEU, POS), expected two. The data's labels anger, joy "
            + "do not say a sentiment. State it for each of them, negative, neutral or positive in place of each question mark: set "
            + "LabeledRowsOptions.Sentiments to \"anger=?,joy=?\".", message);
    }

    [Fact]
    public void Data_with_the_models_own_labels_keeps_them_unless_sentiments_are_asked_for()
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(Families.Folder("bert_uncased", "classifier"), TorchDevice.Cpu);
        IDataView data = Load("text,label\nbueno,5 stars\nmalo,1 star\nregular,3 stars\n");
        EvaluationRows own = classifier.ScoreLabeled(data), sentiments = classifier.ScoreLabeled(data, new LabeledRowsOptions { AsSentiments = true });
        Assert.Equal(classifier.Labels, own.LabelNames);
        Assert.Equal([4, 0, 2], own.Labels);
        SentimentPrediction alone = classifier.Classify("bueno");
        for (int label = 0; label < alone.Logits.Count; label++)
            Assert.Equal(alone.Logits[label], own.Logits[0][label], 1e-5);
        Assert.Equal(["negative", "neutral", "positive"], sentiments.LabelNames);
        Assert.Equal([2, 0, 1], sentiments.Labels);
    }

    [Fact]
    public void A_column_without_labels_is_an_error_that_says_so_when_sentiments_are_asked_for()
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(Families.Folder("robertuito", "classifier"), TorchDevice.Cpu);
        var options = new LabeledRowsOptions { AsSentiments = true };
        IDataView numbers = Load("text,label\n" + string.Concat(Enumerable.Range(0, 1001).Select(row => $"bueno,r{row}\n")));
        Assert.StartsWith("The column 'Label' has more than 1000 different values, expected labels that say a sentiment.",
            Assert.Throws<SentimentMLException>(() => classifier.ScoreLabeled(numbers, options)).Message, StringComparison.Ordinal);
        Assert.StartsWith("No row has a label, expected one of the model's",
            Assert.Throws<SentimentMLException>(() => classifier.ScoreLabeled(Load("text,label\nbueno,\nmalo,\n"), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_neutral_a_model_of_three_answers_with_the_more_probable_of_two()
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(Families.Folder("robertuito", "classifier"), TorchDevice.Cpu);
        IDataView data = Load("text,stars\nMe gustó mucho.,5\nRegular.,3\nNo funciona nada.,1\nEstá bien.,4\nFatal.,2\n");
        EvaluationRows all = classifier.ScoreLabeled(data), two = classifier.ScoreLabeled(data, new LabeledRowsOptions { WithoutNeutral = true });
        Assert.Equal(["negative", "neutral", "positive"], all.LabelNames);
        Assert.Equal(["negative", "positive"], two.LabelNames);
        Assert.Equal((5, 4, 1L), (all.Texts.Count, two.Texts.Count, two.RowsLeftOut));
        Assert.Equal([1, 0, 1, 0], two.Labels);
        for (int row = 0; row < two.Texts.Count; row++)
        {
            SentimentPrediction alone = classifier.Classify(two.Texts[row]);
            double negative = alone.Probabilities[alone.Labels.ToList().IndexOf("NEG")], positive = alone.Probabilities[alone.Labels.ToList().IndexOf("POS")];
            Assert.Equal(positive > negative ? 1 : 0, two.Predictions[row]);
            Assert.Equal(Math.Log(positive / (positive + negative)), two.Logits[row][1], 1e-4);
        }
    }

    [Fact]
    public void A_model_of_several_labels_is_measured_by_its_scaled_sums_and_a_regression_is_refused()
    {
        using SentimentClassifier several = SentimentClassifier.Load(Changed("multi_label_classification"), TorchDevice.Cpu);
        EvaluationRows rows = several.ScoreLabeled(Load(Stars));
        for (int row = 0; row < rows.Texts.Count; row++)
        {
            SentimentPrediction prediction = several.Classify(rows.Texts[row]);
            double all = prediction.Probabilities.Sum(p => (double)p);
            for (int label = 0; label < prediction.Labels.Count; label++)
                Assert.Equal(prediction.Probabilities[label] / all, Math.Exp(rows.Logits[row][label]), 1e-5);
        }
        using SentimentClassifier regression = SentimentClassifier.Load(Changed("regression"), TorchDevice.Cpu);
        Assert.Contains("answers with a value", Assert.Throws<SentimentMLException>(() => regression.ScoreLabeled(Load(Stars))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A copy of robertuito's model with another kind of answer.</summary>
    private string Changed(string problem)
    {
        string folder = _folder.At(problem);
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Families.Folder("robertuito", "classifier")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        string config = Path.Combine(folder, "config.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(config))!;
        json["problem_type"] = problem;
        File.WriteAllText(config, json.ToJsonString());
        return folder;
    }

    private IDataView Load(string csv)
    {
        string name = $"{Guid.NewGuid():N}.csv";
        _folder.With(name, csv);
        return _ml.Data.LoadReviews(_folder.At(name));
    }
}
