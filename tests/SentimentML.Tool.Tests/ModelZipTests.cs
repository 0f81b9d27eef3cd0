using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>A pipeline saved by ml.Model.Save in this process, loaded in others: the same probabilities, to the last bit.</summary>
public sealed class ModelZipTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _scores;

    public ModelZipTests()
    {
        var ml = new MLContext(seed: 1);
        _folder.With("train.jsonl", TestFiles.Head(TestFiles.Train, 40));
        IDataView train = ml.Data.LoadReviews(_folder.At("train.jsonl"));
        ITransformer model = ml.Transforms.Conversion.MapStarsToSentiment()
            .Append(ml.MulticlassClassification.Trainers.SentimentClassification(backbone: Backbone.FromFolder(TestFiles.TinyBackbone), epochs: 1, learningRate: 1e-3))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(train);
        ml.Model.Save(model, train.Schema, Zip);
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(FreshProcess.Texts.Select(text => new { Text = text })));
        _scores = FreshProcess.Bytes(scored.GetColumn<float[]>("Score"));
        (model as IDisposable)?.Dispose();
    }

    public void Dispose() => _folder.Dispose();

    private string Zip => _folder.At("sentiment.zip");

    [Fact]
    public async Task ML_NET_loads_it_in_another_process()
    {
        var variables = new Dictionary<string, string> { [FreshProcess.ModelVariable] = Zip, [FreshProcess.ScoresVariable] = _folder.At("scores") };
        string[] arguments = ["--explicit", "only", "--filter-method", $"*.{nameof(FreshProcess)}.{nameof(FreshProcess.A_saved_pipeline_is_loaded)}"];
        using Process process = ToolProcess.Start(Environment.ProcessPath!, AppContext.BaseDirectory, arguments, variables);
        (await ToolProcess.EndOfAsync(process, arguments)).Expect(0);
        Assert.Equal(_scores, await File.ReadAllBytesAsync(_folder.At("scores"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_classifier_loads_it_in_another_process()
    {
        _folder.With("texts.csv", "text\n" + string.Concat(FreshProcess.Texts.Select(text => $"\"{text}\"\n")));
        ToolResult result = (await ToolProcess.RunAsync(_folder, "predict", "--model", Zip, "--input", "texts.csv")).Expect(0);
        Assert.Equal(_scores, FreshProcess.Bytes(result.Lines.Select(line => line["probabilities"]!.AsObject().Select(p => (float)p.Value!))));
    }
}
