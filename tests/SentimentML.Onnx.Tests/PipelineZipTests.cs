using Microsoft.ML;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Persistence;
using static TorchSharp.torch;

namespace SentimentML.Onnx.Tests;

/// <summary>Zips of pipelines that do more than to classify a text as it comes.</summary>
public sealed class PipelineZipTests : IDisposable
{
    private static readonly string[] Texts = ["La Mesa TIENE las patas bonitas", "NO lo recomiendo", ""];

    private readonly MLContext _ml = new(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Transforms_before_the_network_are_applied_and_are_not_lost_in_an_export()
    {
        string zip = Save(_ml.Transforms.Text.NormalizeText("Text").Fit(View), Network("tiny_classifier", "PredictedLabel"));
        using SentimentClassifier network = SentimentClassifier.Load(Shared.Golden("tiny_classifier"), TorchDevice.Cpu),
            onnx = OnnxSentimentClassifier.Load(zip);
        foreach (string text in Texts)
            Assert.All(network.Classify(text.ToLowerInvariant()).Logits.Zip(onnx.Classify(text).Logits), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        string message = Assert.Throws<ModelFileException>(() => OnnxExport.Write(zip, _folder.At("export"))).Message;
        Assert.Contains("transforms of the pipeline make the text that the network reads (TextNormalizingTransformer), and a graph would answer without them",
            message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("export")));
    }

    [Fact]
    public void Of_two_networks_the_one_is_exported_and_answers_that_is_named()
    {
        string zip = Save(Network("tiny_classifier", "First"), Network("tiny_classifier_3", "Second"));
        Assert.Contains("holds 2 networks", Assert.Throws<ModelFileException>(() => OnnxExport.Write(zip, _folder.At("export"))).Message,
            StringComparison.Ordinal);
        foreach ((string column, string golden) in ((string, string)[])[("First", "tiny_classifier"), ("Second", "tiny_classifier_3")])
        {
            SavedModel named = SavedModel.Open(zip, predictedLabelColumnName: column);
            OnnxExport.Write(named, _folder.At(column));
            using SentimentClassifier network = SentimentClassifier.Load(Shared.Golden(golden), TorchDevice.Cpu);
            using SentimentClassifier ofZip = OnnxSentimentClassifier.Load(named), ofExport = OnnxSentimentClassifier.Load(_folder.At(column));
            foreach (SentimentClassifier onnx in (SentimentClassifier[])[ofZip, ofExport])
                Assert.All(network.Classify(Texts[0]).Logits.Zip(onnx.Classify(Texts[0]).Logits), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Fact]
    public async Task A_disposed_classifier_says_so()
    {
        SentimentClassifier classifier = OnnxSentimentClassifier.Load(Shared.Golden("tiny_classifier"));
        classifier.Dispose();
        Assert.Contains("was disposed", Assert.Throws<ObjectDisposedException>(() => classifier.Classify("a")).Message, StringComparison.Ordinal);
        Assert.Contains("was disposed", Assert.Throws<ObjectDisposedException>(() => classifier.Explain("a", ExplanationMethod.Occlusion)).Message,
            StringComparison.Ordinal);
        Assert.Contains("was disposed", (await Assert.ThrowsAsync<ObjectDisposedException>(() => classifier.ClassifyAsync("a"))).Message,
            StringComparison.Ordinal);
    }

    private IDataView View => _ml.Data.LoadFromEnumerable([new Row()]);

    private SentimentClassificationTransformer Network(string golden, string column)
    {
        Pretrained loaded = Pretrained.Classifier(ModelFiles.InFolder(Shared.Golden(golden)), CPU);
        return new SentimentClassificationTransformer(
            new TextClassificationModel(new ModelParts(loaded.Network.Config, loaded.Tokenizer, new ModelRecord()), loaded.Network, CPU),
            new ScoredColumns("Text", null, column, column + "Score"));
    }

    private string Save(params ITransformer[] transformers)
    {
        _ml.Model.Save(new Microsoft.ML.Data.TransformerChain<ITransformer>(transformers), View.Schema, _folder.At("model.zip"));
        return _folder.At("model.zip");
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
