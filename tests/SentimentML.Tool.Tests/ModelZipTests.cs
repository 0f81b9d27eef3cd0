using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>A pipeline saved by ml.Model.Save in this process, loaded in others: the same probabilities, to the last bit.</summary>
public sealed class ModelZipTests : IDisposable
{
    /// <summary>Of several lengths, the first ones the reference notebook's.</summary>
    private static readonly string[] Texts =
    [
        "la mesa tiene las patas bonitas", "me parecen bonitas las patas de la mesa", "la mesa tiene las patas mal pintadas", "",
        "Llegó tarde, rota y sin instrucciones; devolverla costó tres semanas de correos.",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly float[][] _scores;

    public ModelZipTests()
    {
        var ml = new MLContext(seed: 1);
        _folder.With("train.jsonl", TestFiles.Head(TestFiles.Train, 40));
        IDataView train = ml.Data.LoadReviews(_folder.At("train.jsonl"));
        ITransformer model = ml.Transforms.Conversion.MapStarsToSentiment()
            .Append(ml.MulticlassClassification.Trainers.SentimentClassification(
                backbone: Backbone.FromFolder(TestFiles.TinyBackbone), epochs: 1, learningRate: 1e-3))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(train);
        ml.Model.Save(model, train.Schema, Zip);
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(Texts.Select(text => new { Text = text })));
        _scores = [.. scored.GetColumn<float[]>("Score")];
        (model as IDisposable)?.Dispose();
    }

    public void Dispose() => _folder.Dispose();

    private string Zip => _folder.At("sentiment.zip");

    [Fact]
    public async Task ML_NET_loads_it_in_another_process()
    {
        FreshProcess.Answer[] answers = await FreshProcess.Answers(Zip, Texts);
        Assert.Equal(_scores, answers.Select(answer => answer.Score));
    }

    [Fact]
    public async Task The_classifier_loads_it_in_another_process()
    {
        int[] rows = [.. Enumerable.Range(0, Texts.Length).Where(row => Texts[row].Length > 0)]; // an empty line of a file is no row
        _folder.With("texts.csv", "text\n" + string.Concat(rows.Select(row => $"\"{Texts[row]}\"\n")));
        ToolResult result = (await ToolProcess.RunAsync(_folder, "predict", "--model", Zip, "--input", "texts.csv")).Expect(0);
        Assert.Equal(rows.Select(row => _scores[row]), result.Lines.Select(line => line["probabilities"]!.AsObject().Select(p => (float)p.Value!).ToArray()));
    }

    [Fact]
    public async Task Of_two_networks_one_is_named_by_its_column_and_transforms_before_it_are_applied()
    {
        var ml = new MLContext(seed: 1);
        IDataView train = ml.Data.LoadReviews(_folder.At("train.jsonl"));
        ITransformer first = ml.Model.Load(Zip, out _);
        ITransformer second = ml.Transforms.Text.NormalizeText("Clean", "Text")
            .Append(ml.MulticlassClassification.Trainers.SentimentClassification(new SentimentClassificationOptions
            {
                Backbone = Backbone.FromFolder(TestFiles.TinyBackbone), Epochs = 1, TextColumnName = "Clean", PredictedLabelColumnName = "Second",
                    ScoreColumnName = "SecondScore",
            }))
            .Fit(first.Transform(train));
        var both = new TransformerChain<ITransformer>(first, second);
        ml.Model.Save(both, train.Schema, _folder.At("both.zip"));
        string[] predict = ["predict", "--model", "both.zip", "--text", "NO lo RECOMIENDO"];
        (await ToolProcess.RunAsync(_folder, predict))
            .ExpectFailure("holds 2 networks", "PredictedLabel (negative, positive); Second (negative, positive)", "--predicted-label-column");
        (await ToolProcess.RunAsync(_folder, [.. predict, "--predicted-label-column", "Third"])).ExpectFailure("None answers in 'Third'");
        float[] expected = both.Transform(ml.Data.LoadFromEnumerable([new { Text = "NO lo RECOMIENDO" }])).GetColumn<float[]>("SecondScore").Single();
        ToolResult result = (await ToolProcess.RunAsync(_folder, [.. predict, "--predicted-label-column", "Second"])).Expect(0);
        Assert.All(expected.Zip(result.Lines.Single()["probabilities"]!.AsObject()), pair => Assert.Equal(pair.First, (float)pair.Second.Value!, 1e-5f));
        ToolResult info = (await ToolProcess.RunAsync(_folder, "info", "--model", "both.zip", "--predicted-label-column", "Second", "--json")).Expect(0);
        Assert.Equal("TextNormalizingTransformer", info.Json["model"]!["text_transforms"]!.AsArray().Single()!.ToString());
        (await ToolProcess.RunAsync(_folder, "export", "--model", "both.zip", "--predicted-label-column", "Second", "--output", "graph"))
            .ExpectFailure("TextNormalizingTransformer");
    }
}
