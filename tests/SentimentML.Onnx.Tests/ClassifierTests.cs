namespace SentimentML.Onnx.Tests;

/// <summary>OnnxExport and OnnxSentimentClassifier, from a path to an answer.</summary>
public class ClassifierTests
{
    private static readonly string[] Texts = ["la mesa tiene las patas bonitas", "No lo recomiendo: llegó roto.", ""];

    [Fact]
    public void An_exported_folder_holds_the_graph_the_configuration_and_the_tokenizer()
    {
        using var tiny = new TinyModel("tiny_classifier");
        using var folder = new TemporaryFolder();
        OnnxExport.Write(tiny.Folder, folder.At("a", "b"));
        OnnxExport.Write(tiny.Folder, folder.At("a", "b"), OnnxPrecision.Int8);
        Assert.Equal(
            ["README.md", "config.json", "merges.txt", "onnx/model.onnx", "onnx/model_quantized.onnx", "sentimentml.json", "special_tokens_map.json",
                "tokenizer.json", "tokenizer_config.json", "vocab.json"],
            Directory.EnumerateFiles(folder.At("a", "b"), "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(folder.At("a", "b"), f).Replace('\\', '/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_exported_folder_answers_as_the_model_does()
    {
        using var tiny = new TinyModel("tiny_classifier_3");
        using var folder = new TemporaryFolder();
        OnnxExport.Write(tiny.Folder, folder.Path);
        using SentimentClassifier network = SentimentClassifier.Load(tiny.Folder, TorchDevice.Cpu);
        using SentimentClassifier onnx = OnnxSentimentClassifier.Load(folder.Path);
        Same(network, onnx);
    }

    /// <summary>As optimum's command writes it: the graph beside the configuration, and no weights.</summary>
    [Fact]
    public void A_graph_beside_the_configuration_is_read_where_there_are_no_weights()
    {
        using var tiny = new TinyModel("tiny_classifier_3");
        using var folder = new TemporaryFolder();
        OnnxExport.Write(tiny.Folder, folder.Path);
        File.Move(folder.At("onnx", "model.onnx"), folder.At("model.onnx"));
        Directory.Delete(folder.At("onnx"));
        using SentimentClassifier network = SentimentClassifier.Load(tiny.Folder, TorchDevice.Cpu);
        using (SentimentClassifier onnx = OnnxSentimentClassifier.Load(folder.Path))
            Same(network, onnx);
        File.Copy(Path.Combine(tiny.Folder, "model.safetensors"), folder.At("model.safetensors"));
        File.WriteAllText(folder.At("model.onnx"), "a graph that nobody says is of these weights");
        using (SentimentClassifier own = OnnxSentimentClassifier.Load(folder.Path))
            Same(network, own);
        Directory.Delete(GraphCache.FolderOf(SavedModel.Open(folder.Path)), recursive: true);
    }

    [Theory]
    [InlineData("model_quantized.onnx", "Take that one: OnnxPrecision.Int8, --precision int8.")]
    [InlineData("model_int8.onnx", "Rename the one that you want")]
    public void Where_the_graph_is_of_another_precision_the_message_names_it(string name, string remedy)
    {
        using var tiny = new TinyModel("tiny_classifier_3");
        using var folder = new TemporaryFolder();
        OnnxExport.Write(tiny.Folder, folder.Path, OnnxPrecision.Int8);
        File.Move(folder.At("onnx", "model_quantized.onnx"), folder.At("onnx", "renamed"));
        File.Move(folder.At("onnx", "renamed"), folder.At("onnx", name));
        string message = Assert.Throws<ModelFileException>(() => OnnxSentimentClassifier.Load(folder.Path)).Message;
        Assert.Contains($"has no graph for float32, expected {Path.Combine("onnx", "model.onnx")} or model.onnx. It has {Path.Combine("onnx", name)}.", message,
            StringComparison.Ordinal);
        Assert.Contains(remedy, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_folder_is_exported_once_and_found_again_by_its_content()
    {
        using var tiny = new TinyModel("tiny_classifier");
        using var network = SentimentClassifier.Load(tiny.Folder, TorchDevice.Cpu);
        string cached = GraphCache.FolderOf(SavedModel.Open(tiny.Folder));
        if (Directory.Exists(cached))
            Directory.Delete(cached, recursive: true);
        using (SentimentClassifier first = OnnxSentimentClassifier.Load(tiny.Folder))
            Same(network, first);
        string graph = Path.Combine(cached, "onnx", "model.onnx");
        DateTime written = File.GetLastWriteTimeUtc(graph);
        using (SentimentClassifier again = OnnxSentimentClassifier.Load(tiny.Folder))
            Same(network, again);
        Assert.Equal(written, File.GetLastWriteTimeUtc(graph));

        File.AppendAllText(Path.Combine(tiny.Folder, "config.json"), " ");
        Assert.NotEqual(cached, GraphCache.FolderOf(SavedModel.Open(tiny.Folder)));
        Directory.Delete(cached, recursive: true);
    }

    [Fact]
    public void A_model_of_the_hub_is_preprocessed_as_its_id_asks_for_from_the_hub_and_exported()
    {
        const string id = "pysentimiento/robertuito-tiny", commit = "0123456789abcdef0123456789abcdef01234567";
        const string text = "@ana Es buenísimooooo!!! jajajajaja #NoLoDevuelvo https://example.com/x";
        using var tiny = new TinyModel("tiny_classifier_3", ("initializer_range", 0.03)); // a key of its own in the graphs' cache
        using var hub = new TemporaryFolder();
        using var exported = new TemporaryFolder();
        string repository = hub.At("models--pysentimiento--robertuito-tiny"), snapshot = Path.Combine(repository, "snapshots", commit);
        Directory.CreateDirectory(Path.Combine(repository, "refs"));
        File.WriteAllText(Path.Combine(repository, "refs", "main"), commit);
        Directory.CreateDirectory(snapshot);
        foreach (string file in Directory.EnumerateFiles(tiny.Folder))
            File.Copy(file, Path.Combine(snapshot, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(snapshot, "README.md"), "---\nlicense: cc-by-nc-4.0\n---\n");
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", hub.Path);
        Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", "1");
        try
        {
            using SentimentClassifier plain = OnnxSentimentClassifier.Load(tiny.Folder), ofHub = OnnxSentimentClassifier.Load(id);
            OnnxExport.Write(id, exported.Path);
            using SentimentClassifier ofExport = OnnxSentimentClassifier.Load(exported.Path);
            IReadOnlyList<float> expected = plain.Classify(TweetPreprocessing.Robertuito.Apply(text)).Logits;
            Assert.NotEqual(plain.Classify(text).Logits, expected);
            foreach (SentimentClassifier classifier in new[] { ofHub, ofExport })
                Assert.All(expected.Zip(classifier.Classify(text).Logits), logit => Assert.Equal(logit.First, logit.Second, 1e-5f));
            Assert.Equal("cc-by-nc-4.0", SavedModel.Open(exported.Path).License);
        }
        finally
        {
            Environment.SetEnvironmentVariable("HF_HUB_CACHE", null);
            Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", null);
        }
        Directory.Delete(GraphCache.FolderOf(SavedModel.Open(snapshot)), recursive: true);
    }

    [Fact]
    public void It_calibrates_and_doubts_as_the_network_does()
    {
        using var tiny = new TinyModel("tiny_classifier_3");
        using var folder = new TemporaryFolder();
        Assert.Contains("has no temperature", Assert.Throws<SentimentMLException>(() => OnnxSentimentClassifier.Load(tiny.Folder, calibrated: true)).Message);
        File.WriteAllText(Path.Combine(tiny.Folder, "sentimentml.json"), """{ "temperature": 2.5 }""");
        OnnxExport.Write(tiny.Folder, folder.Path);
        using SentimentClassifier network = SentimentClassifier.Load(tiny.Folder,
            new SentimentClassifierOptions { Device = TorchDevice.Cpu, Calibrated = true, UnsureBelow = 0.99 }, TestContext.Current.CancellationToken);
        using SentimentClassifier onnx = OnnxSentimentClassifier.Load(folder.Path, calibrated: true, unsureBelow: 0.99);
        foreach ((SentimentPrediction wanted, SentimentPrediction got) in Texts.Select(network.Classify).Zip(Texts.Select(onnx.Classify)))
        {
            Assert.Equal(wanted.Score, got.Score, 1e-4f);
            Assert.True(wanted.IsUnsure && got.IsUnsure);
        }
    }

    [Fact]
    public void A_path_without_a_model_is_rejected()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("config.json", Assert.Throws<ModelFileException>(() => OnnxSentimentClassifier.Load(folder.Path)).Message);
        Assert.Contains("none.zip", Assert.Throws<ModelFileException>(() => OnnxSentimentClassifier.Load(folder.At("none.zip"))).Message);
        Assert.Contains("none.zip", Assert.Throws<ModelFileException>(() => OnnxExport.Write(folder.At("none.zip"), folder.At("out"))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxExport.Write(folder.Path, folder.At("out"), (OnnxPrecision)7));
    }

    [Fact]
    public void A_damaged_graph_is_rejected()
    {
        using var tiny = new TinyModel("tiny_classifier");
        using var folder = new TemporaryFolder();
        OnnxExport.Write(tiny.Folder, folder.Path);
        string graph = folder.At("onnx", "model.onnx");
        byte[] bytes = File.ReadAllBytes(graph);
        File.WriteAllBytes(graph, bytes[..(bytes.Length / 2)]);
        Assert.Contains("model.onnx cannot be used by ONNX Runtime",
            Assert.Throws<ModelFileException>(() => OnnxSentimentClassifier.Load(folder.Path)).Message);
    }

    [Fact]
    public void A_graph_of_another_model_is_rejected()
    {
        using var two = new TinyModel("tiny_classifier");
        using var three = new TinyModel("tiny_classifier_3");
        using var folder = new TemporaryFolder();
        OnnxExport.Write(two.Folder, folder.Path);
        OnnxExport.WriteGraph(three.Network, folder.At("onnx", "model.onnx"), OnnxPrecision.Float32);
        Assert.Contains("config.json names 2 labels", Assert.Throws<ModelFileException>(() => OnnxSentimentClassifier.Load(folder.Path)).Message);
    }

    [Fact]
    public void A_graph_of_other_weights_than_those_beside_it_is_rejected()
    {
        using var tiny = new TinyModel("tiny_classifier");
        OnnxExport.Write(tiny.Folder, tiny.Folder);
        using (SentimentClassifier network = SentimentClassifier.Load(tiny.Folder, TorchDevice.Cpu), onnx = OnnxSentimentClassifier.Load(tiny.Folder))
            Same(network, onnx);
        string weights = Path.Combine(tiny.Folder, "model.safetensors");
        byte[] others = File.ReadAllBytes(weights);
        others[^1] ^= 1;
        File.WriteAllBytes(weights, others);
        Assert.Contains("was made from other weights than those of",
            Assert.Throws<ModelFileException>(() => OnnxSentimentClassifier.Load(tiny.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_that_may_lack_the_adapter_beside_it_is_rejected()
    {
        using var tiny = new TinyModel("tiny_classifier");
        OnnxExport.WriteGraph(tiny.Network, Path.Combine(tiny.Folder, "onnx", "model.onnx"), OnnxPrecision.Float32); // as optimum's: it says nothing
        OnnxSentimentClassifier.Load(tiny.Folder).Dispose();
        File.WriteAllText(Path.Combine(tiny.Folder, "adapter_config.json"), """{"peft_type": "LORA", "r": 2, "lora_alpha": 4}""");
        Assert.Contains("does not say that it was made with the adapter",
            Assert.Throws<ModelFileException>(() => OnnxSentimentClassifier.Load(tiny.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_export_deletes_the_graph_of_other_weights_in_another_precision()
    {
        using var two = new TinyModel("tiny_classifier");
        using var three = new TinyModel("tiny_classifier_3");
        using var folder = new TemporaryFolder();
        OnnxExport.Write(two.Folder, folder.Path);
        OnnxExport.Write(three.Folder, folder.Path, OnnxPrecision.Int8);
        Assert.Equal(["model_quantized.onnx"], Directory.EnumerateFiles(folder.At("onnx")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_reported()
    {
        using var tiny = new TinyModel("tiny_classifier");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("taken"), "");
        Assert.Contains("cannot be written to", Assert.Throws<SentimentMLException>(() => OnnxExport.Write(tiny.Folder, folder.At("taken"))).Message);
    }

    private static void Same(SentimentClassifier expected, SentimentClassifier actual)
    {
        Assert.Equal(expected.Labels, actual.Labels);
        foreach ((SentimentPrediction wanted, SentimentPrediction got) in expected.Classify(Texts).Zip(actual.Classify(Texts)))
        {
            Assert.Equal(wanted.Label, got.Label);
            for (int i = 0; i < wanted.Logits.Count; i++)
                Assert.Equal(wanted.Logits[i], got.Logits[i], 1e-4f);
        }
    }
}
