using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Persistence;

/// <summary>A model written as a folder and as a zip, read again by every way there is.</summary>
public sealed class RoundTripTests : IDisposable
{
    private readonly MLContext _ml = TinyTask.Context();
    private readonly string _folder = Directory.CreateTempSubdirectory("sentimentml-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_zip_gives_the_same_probabilities_through_ml_net_and_through_the_classifier()
    {
        ITransformer model = Train();
        string zip = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, TinyTask.View(_ml).Schema, zip);

        float[][] before = Scores(model);
        Assert.Equal(before, Scores(new MLContext().Model.Load(zip, out DataViewSchema _)));
        using SentimentClassifier classifier = SentimentClassifier.Load(zip, TorchDevice.Cpu);
        Assert.Equal(before, Classified(classifier));
    }

    [Fact]
    public void A_folder_gives_the_same_probabilities()
    {
        using SentimentClassificationTransformer model = TrainNetwork();
        string folder = Path.Combine(_folder, "model");
        model.SaveFolder(folder);
        using SentimentClassifier classifier = SentimentClassifier.Load(folder, TorchDevice.Cpu);
        Assert.Equal(["negative", "positive"], classifier.Labels);
        Assert.Equal(Scores(model), Classified(classifier));
    }

    [Fact]
    public void A_folder_in_16_bits_has_half_the_weights_size_and_nearly_the_same_probabilities()
    {
        using SentimentClassificationTransformer model = TrainNetwork();
        string exact = Path.Combine(_folder, "exact"), half = Path.Combine(_folder, "half"), later = Path.Combine(_folder, "later");
        model.SaveFolder(exact);
        model.SaveFolder(half, WeightType.Float16);
        float[][] scores = Scores(model); // which moves the weights out of memory
        model.SaveFolder(later, WeightType.Float16);
        Assert.Equal(File.ReadAllBytes(Path.Combine(half, "model.safetensors")), File.ReadAllBytes(Path.Combine(later, "model.safetensors")));
        Assert.InRange(Length(half) * 2.0 / Length(exact), 0.98, 1.03);
        Assert.Equal("float16", JsonDocument.Parse(File.ReadAllText(Path.Combine(half, "config.json"))).RootElement.GetProperty("dtype").GetString());
        using SentimentClassifier classifier = SentimentClassifier.Load(half, TorchDevice.Cpu);
        foreach ((float[] expected, float[] found) in scores.Zip(Classified(classifier)))
            foreach ((float e, float f) in expected.Zip(found))
                Assert.Equal(e, f, 0.01);

        static long Length(string folder) => new FileInfo(Path.Combine(folder, "model.safetensors")).Length;
    }

    [Fact]
    public void A_loaded_model_written_again_is_the_same_byte_for_byte()
    {
        using SentimentClassificationTransformer model = TrainNetwork();
        string first = Path.Combine(_folder, "first"), second = Path.Combine(_folder, "second"), zip = Path.Combine(_folder, "model.zip");
        model.SaveFolder(first);
        _ml.Model.Save(model, TinyTask.View(_ml).Schema, zip);
        using var again = (SentimentClassificationTransformer)_ml.Model.Load(zip, out DataViewSchema _);
        again.SaveFolder(second);
        foreach (string file in Directory.GetFiles(first).Select(path => Path.GetFileName(path)!))
            Assert.True(File.ReadAllBytes(Path.Combine(first, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(second, file))), $"{file} differs");
    }

    [Fact]
    public void The_config_has_what_transformers_needs()
    {
        using SentimentClassificationTransformer model = TrainNetwork();
        model.SaveFolder(Path.Combine(_folder, "model"));
        JsonElement config = JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, "model", "config.json"))).RootElement;
        Assert.Equal("RobertaForSequenceClassification", config.GetProperty("architectures")[0].GetString());
        Assert.Equal("roberta", config.GetProperty("model_type").GetString());
        Assert.Equal("single_label_classification", config.GetProperty("problem_type").GetString());
        Assert.Equal("negative", config.GetProperty("id2label").GetProperty("0").GetString());
        Assert.Equal(1, config.GetProperty("label2id").GetProperty("positive").GetInt32());
        Assert.Equal("float32", config.GetProperty("dtype").GetString());
        string[] keys = [.. config.EnumerateObject().Select(p => p.Name)];
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        JsonElement backbone = JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Golden("tiny_mlm"), "config.json"))).RootElement;
        foreach (JsonProperty field in backbone.EnumerateObject().Where(f => f.Name != "architectures"))
            Assert.Equal(field.Value.GetRawText(), config.GetProperty(field.Name).GetRawText());
    }

    /// <summary>An own reading of the format, so that writer and reader cannot be wrong together.</summary>
    [Fact]
    public void The_weights_are_a_safetensors_file_of_format_pt()
    {
        using SentimentClassificationTransformer model = TrainNetwork();
        model.SaveFolder(Path.Combine(_folder, "model"));
        byte[] file = File.ReadAllBytes(Path.Combine(_folder, "model", "model.safetensors"));
        long length = BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, length % 8);
        JsonElement header = JsonDocument.Parse(Encoding.UTF8.GetString(file, 8, (int)length)).RootElement;
        Assert.Equal("pt", header.GetProperty("__metadata__").GetProperty("format").GetString());
        JsonProperty[] tensors = [.. header.EnumerateObject().Where(p => p.Name != "__metadata__")];
        Assert.Equal(file.Length - 8 - length, tensors.Max(t => t.Value.GetProperty("data_offsets")[1].GetInt64()));
        using var reference = JsonDocument.Parse(HeaderOf(Path.Combine(Shared.Golden("tiny_classifier"), "model.safetensors")));
        Assert.Equal(reference.RootElement.EnumerateObject().Select(p => p.Name).Order(), header.EnumerateObject().Select(p => p.Name).Order());
        foreach (JsonProperty tensor in tensors)
            Assert.Equal(reference.RootElement.GetProperty(tensor.Name).GetProperty("shape").GetRawText(), tensor.Value.GetProperty("shape").GetRawText());
    }

    [Fact]
    public void The_tokenizer_files_are_the_backbones_own()
    {
        using SentimentClassificationTransformer model = TrainNetwork();
        model.SaveFolder(Path.Combine(_folder, "model"));
        foreach (string file in (string[])["tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "special_tokens_map.json"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(Shared.Golden("tiny_mlm"), file)), File.ReadAllBytes(Path.Combine(_folder, "model", file)));
    }

    [Fact]
    public void Saving_over_a_model_replaces_its_files_deletes_its_graph_and_leaves_others()
    {
        string folder = Path.Combine(_folder, "model");
        Directory.CreateDirectory(Path.Combine(folder, "onnx"));
        File.WriteAllText(Path.Combine(folder, "onnx", "model.onnx"), "old");
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "mine");
        File.WriteAllText(Path.Combine(folder, "config.json"), "old");
        using SentimentClassificationTransformer model = TrainNetwork();
        model.SaveFolder(folder);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "notes.txt")));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "onnx")));
        using SentimentClassifier classifier = SentimentClassifier.Load(folder, TorchDevice.Cpu);
        Assert.Equal([folder], Directory.GetDirectories(_folder));
    }

    [Fact]
    public void A_backbone_that_was_never_trained_to_classify_is_refused()
    {
        var e = Assert.Throws<ModelFileException>(() => SentimentClassifier.Load(Shared.Golden("tiny_mlm")));
        Assert.Contains("no trained classifier", e.Message, StringComparison.Ordinal);
        Assert.Contains("classifier.out_proj.weight", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.99)]
    public void A_zip_that_is_cut_off_is_refused(double share)
    {
        string zip = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(Train(), TinyTask.View(_ml).Schema, zip);
        byte[] whole = File.ReadAllBytes(zip);
        File.WriteAllBytes(zip, whole[..(int)(whole.Length * share)]);
        var e = Assert.Throws<ModelFileException>(() => SentimentClassifier.Load(zip));
        Assert.Contains(zip, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_without_a_model_of_ours_is_refused()
    {
        string zip = Path.Combine(_folder, "other.zip");
        IDataView data = TinyTask.View(_ml);
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "Text").Fit(data), data.Schema, zip);
        var e = Assert.Throws<ModelFileException>(() => SentimentClassifier.Load(zip));
        Assert.Contains("SentimentClassification", e.Message, StringComparison.Ordinal);
    }

    private static string HeaderOf(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        return Encoding.UTF8.GetString(file, 8, (int)BinaryPrimitives.ReadInt64LittleEndian(file));
    }

    private ITransformer Train() => TinyTask.Pipeline(_ml).Fit(TinyTask.View(_ml));

    private SentimentClassificationTransformer TrainNetwork()
    {
        IDataView view = TinyTask.View(_ml);
        IDataView labeled = _ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view);
        return _ml.MulticlassClassification.Trainers.SentimentClassification(TinyTask.Options()).Fit(labeled);
    }

    private float[][] Scores(ITransformer model) =>
        [.. model.Transform(TinyTask.View(_ml)).GetColumn<float[]>("Score")];

    private static float[][] Classified(SentimentClassifier classifier) =>
        [.. classifier.Classify(TinyTask.Reviews().Select(review => review.Text)).Select(p => p.Probabilities.ToArray())];
}
