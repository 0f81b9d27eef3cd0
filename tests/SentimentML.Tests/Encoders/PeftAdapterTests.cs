using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Tests.Backbones.Checkpoints;
using SentimentML.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>LoRA adapters in peft's files: read as peft merges them (golden/tiny_lora.json), written so that they are read again.</summary>
public sealed class PeftAdapterTests : IDisposable
{
    private const string Config =
        """{"peft_type": "LORA", "task_type": "SEQ_CLS", "r": 2, "lora_alpha": 4, "target_modules": ["query"], "bias": "none", "auto_mapping": null}""";
    private const string Query = "base_model.model.roberta.encoder.layer.0.attention.self.query";
    private const string Matrix = "roberta.encoder.layer.0.attention.self.query.weight";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_adapter_of_peft_gives_the_logits_of_the_reference()
    {
        JsonElement golden = Goldens.Json("tiny_lora.json");
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter($$"""{"peft_type": "LORA", "r": {{golden.GetProperty("r")}}, "lora_alpha": {{golden.GetProperty("alpha")}}, "target_modules": ".*(query|value)", "modules_to_save": ["classifier"]}""",
            [.. golden.GetProperty("start").EnumerateObject().Select(p => ("base_model.model." + p.Name, Values(p.Value)))]);
        TokenRow[] ids = [.. Goldens.Json("tiny_forward.json").GetProperty("ids").IdRows().Take(8)];
        using SequenceClassifier network = SavedModel.Open(_folder.Path).LoadNetwork(CPU);
        Goldens.Near("logits", golden.GetProperty("logits_first8_of_tiny_forward_at_start").Rows(), Goldens.Logits(network, ids), 1e-4);
    }

    [Theory]
    [InlineData(LoraTargets.QueryAndValue, WeightType.Float32, 1e-5)]
    [InlineData(LoraTargets.AllMatrices, WeightType.Float32, 1e-5)]
    [InlineData(LoraTargets.AllMatrices, WeightType.Float16, 5e-3)]
    public void A_saved_adapter_over_its_backbone_is_the_trained_model(LoraTargets targets, WeightType weights, double tolerance)
    {
        MLContext ml = TinyTask.Context();
        SentimentClassificationOptions options = TinyTask.Options();
        (options.LoraRank, options.LoraTargets) = (4, targets);
        IDataView view = TinyTask.View(ml);
        using SentimentClassificationTransformer model = ml.MulticlassClassification.Trainers.SentimentClassification(options)
            .Fit(ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view));
        float[] expected = model.Model.Scorer.Logits(new TextInput("Muy bueno, pero se rompió"));
        model.SaveAdapter(_folder.At("adapter"), weights);
        Assert.Equal(["README.md", "adapter_config.json", "adapter_model.safetensors", "config.json", "sentimentml.json"],
            Directory.GetFiles(_folder.At("adapter")).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));

        var files = ModelFiles.Over(ModelFiles.InFolder(_folder.At("adapter")), ModelFiles.InFolder(Shared.Golden("tiny_mlm")));
        (SequenceClassifier network, PretrainedTokenizer tokenizer, _) = Pretrained.Classifier(files, CPU);
        using (network)
            Goldens.Near("logits", [[.. expected.Select(x => (double)x)]],
                Goldens.Logits(network, [tokenizer.EncodeRow(new TextInput("Muy bueno, pero se rompió"), 512, out _)]), tolerance);
        string[] modules = [.. JsonDocument.Parse(_folder.Read(Path.Combine("adapter", "adapter_config.json"))).RootElement.GetProperty("target_modules")
            .EnumerateArray().Select(e => e.GetString()!)];
        Assert.Equal(targets == LoraTargets.AllMatrices ? 18 : 6, modules.Length);
        Assert.Contains("roberta.encoder.layer.2.attention.self.value", modules);
    }

    /// <summary>Of other matrices and of another rank than the one that it started from.</summary>
    [Theory]
    [InlineData(LoraTargets.AllMatrices, 3, LoraTargets.QueryAndValue, 2)]
    [InlineData(LoraTargets.QueryAndValue, 2, LoraTargets.AllMatrices, 4)]
    public void An_adapter_that_was_trained_over_an_adapter_is_saved_with_it(LoraTargets targets, int rank, LoraTargets nextTargets, int nextRank)
    {
        using (SentimentClassificationTransformer first = Trained(targets, rank, TinyTask.Options().Backbone))
            first.SaveAdapter(_folder.At("first"));
        using SentimentClassificationTransformer second = Trained(nextTargets, nextRank, Backbone.FromFolder(_folder.At("first")));
        second.SaveAdapter(_folder.At("second"));
        Directory.Delete(_folder.At("first"), recursive: true);

        second.SaveFolder(_folder.At("whole"));
        using SequenceClassifier whole = SavedModel.Open(_folder.At("whole")).LoadNetwork(CPU);
        using SequenceClassifier network = SavedModel.Open(_folder.At("second")).LoadNetwork(CPU);
        foreach (((string name, Tensor trained), (string _, Tensor saved)) in whole.named_parameters().Zip(network.named_parameters()))
            Goldens.Near(name, [.. trained.data<float>().Select(x => (double)x)], [.. saved.data<float>().Select(x => (double)x)], 1e-6);
        JsonElement config = JsonDocument.Parse(_folder.Read(Path.Combine("second", "adapter_config.json"))).RootElement;
        Assert.Equal(rank + nextRank, config.GetProperty("r").GetInt32());
        Assert.Equal(Shared.Golden("tiny_mlm"), config.GetProperty("base_model_name_or_path").GetString());
    }

    [Fact]
    public void A_model_that_is_saved_over_an_adapter_is_read_without_it_and_with_its_own_tokenizer()
    {
        using SentimentClassificationTransformer model = Trained(LoraTargets.AllMatrices, 2, TinyTask.Options().Backbone);
        model.SaveAdapter(_folder.At("one"));
        File.WriteAllText(_folder.At("one/vocab.txt"), "[PAD]\n[UNK]\n");
        File.WriteAllText(_folder.At("one/notes.md"), "mine");
        float[] expected = model.Model.Scorer.Logits(new TextInput("Muy bueno, pero se rompió"));
        model.SaveFolder(_folder.At("one"));
        Assert.False(File.Exists(_folder.At("one/adapter_config.json")) || File.Exists(_folder.At("one/vocab.txt")));
        Assert.Equal("mine", _folder.Read("one/notes.md"));
        using SentimentClassifier loaded = SentimentClassifier.Load(
            _folder.At("one"), new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = InferencePrecision.Float32 });
        Goldens.Near("logits", [.. expected.Select(x => (double)x)], [.. loaded.Classify("Muy bueno, pero se rompió").Logits.Select(x => (double)x)], 1e-6);
        SentimentMLException refused = Assert.Throws<SentimentMLException>(() => model.SaveAdapter(_folder.At("one")));
        Assert.Contains("holds a model's weights", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>As peft saves what was trained of a head alone.</summary>
    [Fact]
    public void An_adapter_over_one_that_only_replaces_the_head_is_saved_with_its_own_rank()
    {
        Copy("tiny_classifier");
        using (NewDisposeScope())
            WriteAdapter("""{"r": 2, "lora_alpha": 4, "modules_to_save": ["classifier"]}""", [("base_model.model.classifier.dense.bias", full(32, 9))]);
        using SentimentClassificationTransformer model = Trained(LoraTargets.QueryAndValue, 2, Backbone.FromFolder(_folder.Path));
        model.SaveAdapter(_folder.At("adapter"));
        Assert.Equal(2, JsonDocument.Parse(_folder.Read(Path.Combine("adapter", "adapter_config.json"))).RootElement.GetProperty("r").GetInt32());
    }

    /// <summary>The default start of SpanishSmall is its ready model, which is an adapter.</summary>
    [Fact]
    public void An_adapter_that_was_trained_over_the_ready_model_is_one_of_the_embedded_backbone()
    {
        using SentimentClassificationTransformer model = Trained(LoraTargets.AllMatrices, 2, SpanishSmall.Backbone);
        float[] expected = model.Model.Scorer.Logits(new TextInput("Muy bueno, pero se rompió"));
        model.SaveAdapter(_folder.At("adapter"));
        using SentimentClassifier loaded = SentimentClassifier.Load(
            _folder.At("adapter"), new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = InferencePrecision.Float32 });
        Goldens.Near("logits", [.. expected.Select(x => (double)x)], [.. loaded.Classify("Muy bueno, pero se rompió").Logits.Select(x => (double)x)], 1e-4);
    }

    [Fact]
    public void An_adapter_of_an_embedded_backbone_that_is_not_here_names_its_package()
    {
        using (NewDisposeScope())
            WriteAdapter(Config.Replace("\"r\"", "\"base_model_name_or_path\": \"SentimentML.SpanishMini\", \"r\"", StringComparison.Ordinal),
                [(Query + ".lora_A.weight", ones(2, 32)), (Query + ".lora_B.weight", ones(32, 2))]);
        string message = Assert.Throws<ModelFileException>(() => SavedModel.Open(_folder.Path)).Message;
        Assert.Contains("is an adapter of 'SentimentML.SpanishMini'", message, StringComparison.Ordinal);
        Assert.Contains("dotnet add package SentimentML.SpanishMini", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_trained_over_an_adapter_with_more_than_a_LoRA_has_no_adapter_of_its_own()
    {
        Copy("tiny_classifier");
        using (NewDisposeScope())
            WriteAdapter("""{"r": 2, "lora_alpha": 4, "bias": "lora_only"}""",
                [(Query + ".lora_A.weight", ones(2, 32)), (Query + ".lora_B.weight", ones(32, 2)), (Query + ".base_layer.bias", full(32, 7))]);
        using SentimentClassificationTransformer model = Trained(LoraTargets.QueryAndValue, 2, Backbone.FromFolder(_folder.Path));
        Assert.Contains("with more than a LoRA", Assert.Throws<InvalidOperationException>(() => model.SaveAdapter(_folder.At("adapter"))).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.At("adapter")));
    }

    [Fact]
    public void A_model_without_an_adapter_of_its_own_says_so()
    {
        MLContext ml = TinyTask.Context();
        using SentimentClassificationTransformer model =
            (SentimentClassificationTransformer)((IEnumerable<ITransformer>)TinyTask.Pipeline(ml).Fit(TinyTask.View(ml))).ElementAt(1);
        Assert.Contains("not trained with LoRA", Assert.Throws<InvalidOperationException>(() => model.SaveAdapter(_folder.At("adapter"))).Message,
            StringComparison.Ordinal);
        Assert.Empty(_folder.Names);
    }

    [Theory]
    [InlineData("{", "is damaged")]
    [InlineData("null", "is damaged")]
    [InlineData("""{"peft_type": "IA3", "r": 2, "lora_alpha": 4}""", "asks for peft_type IA3, which is not supported")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "use_dora": true}""", "self.query.lora_A.weight' without 'base_model.model.roberta.encoder.layer.0.attention.self.query.lora_magnitude_vector'")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "bias": "some"}""", "asks for bias some")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "rank_pattern": {"query": 8}}""", "expected [8, 32]")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "rank_pattern": {"query": 0}}""", "rank_pattern has the rank 0 for 'query'")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "rank_pattern": {"query": "8"}}""", "is damaged")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "alpha_pattern": {"(query": 8}}""", "has a pattern for '(query'")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "alpha_pattern": {"(?<=self.)query": 8}}""", "without lookaround")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "init_lora_weights": "pissa"}""", "asks for init_lora_weights pissa (it changes the network's weights)")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "init_lora_weights": "pissa_niter_4"}""", "asks for init_lora_weights pissa_niter_4")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "init_lora_weights": "olora"}""", "asks for init_lora_weights olora")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "layer_replication": [[0, 2], [1, 3]]}""", "asks for layer_replication")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "alora_invocation_tokens": [7]}""", "asks for alora_invocation_tokens")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "lora_bias": true}""", "asks for lora_bias")]
    [InlineData("""{"r": 2, "lora_alpha": 4, "trainable_token_indices": [7]}""", "asks for trainable_token_indices")]
    [InlineData("""{"r": 0, "lora_alpha": 4}""", "r is 0")]
    [InlineData("""{"r": 2}""", "lora_alpha 0")]
    [InlineData("""{"r": 3, "lora_alpha": 4}""", "expected [3, 32]")]
    public void A_config_that_cannot_be_used_is_rejected(string config, string expected)
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter(config, [(Query + ".lora_A.weight", zeros(2, 32)), (Query + ".lora_B.weight", zeros(32, 2))]);
        Assert.Contains(expected, Message(), StringComparison.Ordinal);
    }

    /// <summary>W + alpha / r × B A, or alpha / √r × B A; a module's alpha and rank are those of the first pattern that the end of its name matches.</summary>
    [Theory]
    [InlineData("\"alpha_pattern\": {}", 4)]
    [InlineData("\"use_rslora\": true", 5.656854)]
    [InlineData("\"alpha_pattern\": {\"query\": 8}", 8)]
    [InlineData("\"alpha_pattern\": {\"ery\": 8}", 4)]
    [InlineData("\"alpha_pattern\": {\"value\": 8, \"self.query\": 2, \"query\": 8}", 2)]
    [InlineData("\"alpha_pattern\": {\"roberta.encoder.layer.0.attention.self.query\": 0.5}", 0.5)]
    [InlineData("\"alpha_pattern\": {\"layer\\\\.[0-3]\\\\..*\\\\.(query|key)\": 6}", 6)]
    [InlineData("\"alpha_pattern\": {\"^query\": 8}", 4)]
    [InlineData("\"alpha_pattern\": {\"query\": 8}, \"use_rslora\": true", 11.313708)]
    [InlineData("\"rank_pattern\": {\"key\": 8}", 4)]
    [InlineData("\"r\": 8, \"rank_pattern\": {\"query\": 2}", 4)]
    public void A_module_has_the_rank_and_the_alpha_of_its_pattern(string keys, double expected)
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter($$"""{{{(keys.Contains("\"r\"", StringComparison.Ordinal) ? "" : "\"r\": 2, ")}}"lora_alpha": 4, {{keys}}}""",
            [(Query + ".lora_A.weight", ones(2, 32)), (Query + ".lora_B.weight", ones(32, 2))]);
        double[] with = Weights(Matrix);
        File.Delete(_folder.At("adapter_config.json"));
        Goldens.Near("weights", [.. Weights(Matrix).Select(weight => weight + expected)], with, 1e-5);
    }

    /// <summary>A state dict's own names, which have the adapter's in them, and what other programs put in front.</summary>
    [Theory]
    [InlineData("base_model.model.", ".default")]
    [InlineData("base_model.model.", ".reseñas")]
    [InlineData("base_model.", "")]
    [InlineData("module.base_model.model.", ".default")]
    [InlineData("base_model.model.model.", "")]
    [InlineData("", ".default")]
    public void An_adapter_s_name_and_other_prefixes_are_no_part_of_the_network_s_names(string prefix, string adapter)
    {
        Copy("tiny_classifier");
        double[] plain = Weights(Matrix);
        string query = prefix + Matrix[..^".weight".Length];
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter("""{"r": 2, "lora_alpha": 4}""", [(query + $".lora_A{adapter}.weight", ones(2, 32)), (query + $".lora_B{adapter}.weight", ones(32, 2)),
            (prefix + $"classifier.modules_to_save{adapter}.out_proj.bias", full(2, 7)), (prefix + "classifier.original_module.out_proj.bias", full(2, 9))]);
        Goldens.Near("weights", [.. plain.Select(weight => weight + 4)], Weights(Matrix), 1e-5);
        Assert.Equal([7, 7], Weights("classifier.out_proj.bias"));
    }

    [Fact]
    public void Of_two_adapters_in_one_file_none_is_taken()
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter("""{"r": 2, "lora_alpha": 4}""", [.. new[] { "a", "b" }.SelectMany(name => new[]
        {
            (Query + $".lora_A.{name}.weight", ones(2, 32)), (Query + $".lora_B.{name}.weight", ones(32, 2)),
        })]);
        Assert.Contains("lora_A.b.weight', expected one adapter", Message(), StringComparison.Ordinal);
    }

    /// <summary>m (W + s B A) / |W + s B A|, the norm over each row: peft's DoraLinearLayer, here by hand in double precision.</summary>
    [Theory]
    [InlineData("", "", 2)]
    [InlineData(".weight", "", 2)]
    [InlineData("", ", \"use_rslora\": true", 2.828427124746190)]
    public void An_adapter_with_DoRA_gives_each_row_a_length_of_its_own(string ending, string keys, double scale)
    {
        Copy("tiny_classifier");
        double[] plain = Weights(Matrix);
        double[] a = [.. Enumerable.Range(0, 64).Select(i => (i * 7 % 11 - 5) / 16d)], b = [.. Enumerable.Range(0, 64).Select(i => (i * 5 % 13 - 6) / 16d)];
        double[] m = [.. Enumerable.Range(0, 32).Select(i => (i + 1) / 8d)];
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter($$"""{"r": 2, "lora_alpha": 4, "use_dora": true{{keys}}}""",
            [(Query + ".lora_A.weight", Of(a, 2, 32)), (Query + ".lora_B.weight", Of(b, 32, 2)), (Query + ".lora_magnitude_vector" + ending, Of(m, 32))]);
        double[] expected = new double[plain.Length];
        for (int row = 0; row < 32; row++)
        {
            for (int column = 0; column < 32; column++)
                expected[row * 32 + column] = plain[row * 32 + column] + scale * (b[row * 2] * a[column] + b[row * 2 + 1] * a[32 + column]);
            double length = Math.Sqrt(expected.Skip(row * 32).Take(32).Sum(x => x * x));
            for (int column = 0; column < 32; column++)
                expected[row * 32 + column] *= m[row] / length;
        }
        Goldens.Near("weights", expected, Weights(Matrix), 1e-6);
    }

    [Fact]
    public void Lengths_of_rows_that_do_not_fit_or_that_the_configuration_does_not_know_are_rejected()
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        (string, Tensor)[] matrices = [(Query + ".lora_A.weight", ones(2, 32)), (Query + ".lora_B.weight", ones(32, 2))];
        WriteAdapter("""{"r": 2, "lora_alpha": 4, "use_dora": true}""", [.. matrices, (Query + ".lora_magnitude_vector", ones(31))]);
        Assert.Contains("lora_magnitude_vector' is [31], expected [32]", Message(), StringComparison.Ordinal);
        WriteAdapter("""{"r": 2, "lora_alpha": 4}""", [.. matrices, (Query + ".lora_magnitude_vector", ones(32))]);
        Assert.Contains("lora_magnitude_vector' is of a kind of LoRA that is not supported", Message(), StringComparison.Ordinal);
        WriteAdapter("""{"r": 2, "lora_alpha": 4, "use_dora": true}""", [(Query + ".lora_magnitude_vector", ones(32))]);
        Assert.Contains("without", Message(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("lora_only")]
    public void Biases_that_were_trained_too_are_the_adapter_s(string bias)
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter($$"""{"r": 2, "lora_alpha": 4, "bias": "{{bias}}", "modules_to_save": ["classifier"]}""",
        [
            (Query + ".lora_A.weight", ones(2, 32)), (Query + ".lora_B.weight", ones(32, 2)), (Query + ".base_layer.bias", full(32, 7)),
            ("base_model.model.roberta.encoder.layer.1.output.dense.bias", full(32, 8)), ("base_model.model.classifier.dense.bias", full(32, 9)),
            ("base_model.model.classifier.modules_to_save.dense.bias", full(32, 9)), ("base_model.model.classifier.original_module.dense.bias", zeros(32)),
        ]);
        Assert.All(Weights("roberta.encoder.layer.0.attention.self.query.bias"), weight => Assert.Equal(7, weight));
        Assert.All(Weights("roberta.encoder.layer.1.output.dense.bias"), weight => Assert.Equal(8, weight));
        Assert.All(Weights("classifier.dense.bias"), weight => Assert.Equal(9, weight));
    }

    [Theory]
    [InlineData("\"init_lora_weights\": \"gaussian\"")]
    [InlineData("\"init_lora_weights\": \"EVA\"")]
    [InlineData("\"init_lora_weights\": false")]
    [InlineData("\"target_modules\": \"all-linear\", \"layers_to_transform\": [0], \"layers_pattern\": \"layer\"")] // the tensors say the same
    [InlineData("\"target_modules\": \".*\\\\.query\"")]
    [InlineData("\"fan_in_fan_out\": true")] // peft takes it back for the networks here, whose matrices are Linear
    [InlineData("\"layer_replication\": null, \"lora_bias\": false, \"alora_invocation_tokens\": null, \"trainable_token_indices\": []")]
    public void What_does_not_change_the_product_is_no_hindrance(string key)
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter($$"""{"r": 2, "lora_alpha": 4, {{key}}}""", [(Query + ".lora_A.weight", ones(2, 32)), (Query + ".lora_B.weight", ones(32, 2))]);
        double[] with = Weights(Matrix);
        File.Delete(_folder.At("adapter_config.json"));
        Assert.Equal([.. Weights(Matrix).Select(weight => (double)(float)(weight + 4))], with);
    }

    /// <summary>As torch.save wrote it in older versions of peft.</summary>
    [Fact]
    public void The_weights_may_be_a_PyTorch_file()
    {
        Copy("tiny_classifier");
        float[] ones = [.. Enumerable.Repeat(1f, 64)];
        byte[] pickle = new PickleBuilder().Op('}').Op('(')
            .Text(Query + ".lora_A.weight").Tensor("FloatStorage", "0", 64, 0, [2, 32], [32, 1])
            .Text(Query + ".lora_B.weight").Tensor("FloatStorage", "0", 64, 0, [32, 2], [2, 1]).Op('u').Stop();
        double[] without = Weights(Matrix);
        _folder.With("adapter_config.json", Config)
            .With("adapter_model.bin", CheckpointFolder.Zip([("data.pkl", pickle), ("data/0", MemoryMarshal.AsBytes<float>(ones).ToArray())]));
        Assert.Equal([.. without.Select(weight => (double)(float)(weight + 4))], Weights(Matrix));
    }

    [Fact]
    public void A_kind_of_LoRA_that_is_not_supported_is_named_by_its_tensor()
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter(Config, [("base_model.model.roberta.embeddings.word_embeddings.lora_embedding_A", zeros(2, 2000))]);
        Assert.Contains("lora_embedding_A' is of a kind of LoRA that is not supported", Message(), StringComparison.Ordinal);
        Assert.Contains("merge_and_unload", Message(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_rejected()
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        WriteAdapter(Config, [(Query + ".lora_A.weight", zeros(2, 32))]);
        Assert.Contains("without", Message(), StringComparison.Ordinal);
        WriteAdapter(Config, [(Query + ".lora_B.weight", zeros(32, 2))]);
        Assert.Contains("without", Message(), StringComparison.Ordinal);
        WriteAdapter(Config, [(Query + ".lora_A.weight", zeros(2, 31)), (Query + ".lora_B.weight", zeros(32, 2))]);
        Assert.Contains("is [2, 31], expected [2, 32]", Message(), StringComparison.Ordinal);
        WriteAdapter(Config, [(Query + ".lora_A.weight", zeros(2, 32)), (Query + ".lora_B.weight", zeros(2, 32))]);
        Assert.Contains("is [2, 32], expected [32, 2]", Message(), StringComparison.Ordinal);
        WriteAdapter(Config, [("base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight", zeros(2, 32)),
            ("base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.weight", zeros(32, 2))]);
        Assert.Contains("which the network does not have", Message(), StringComparison.Ordinal);
        WriteAdapter(Config, [("base_model.model.classifier.dense.weight", zeros(4, 4))]);
        Assert.Contains("is [4, 4], expected [32, 32]", Message(), StringComparison.Ordinal);
        File.Delete(_folder.At("adapter_model.safetensors"));
        Assert.Contains("has adapter_config.json and neither adapter_model.safetensors nor adapter_model.bin", Message(), StringComparison.Ordinal);
    }

    /// <summary>As AutoTrain and others save an adapter: with the configuration and the tokenizer of its model, and without its weights.</summary>
    [Fact]
    public void An_adapter_with_a_configuration_and_without_weights_is_opened_over_its_model()
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        string model = JsonSerializer.Serialize(Shared.Golden("tiny_classifier"));
        WriteAdapter(Config.Replace("\"r\"", $"\"base_model_name_or_path\": {model}, \"r\"", StringComparison.Ordinal),
            [(Query + ".lora_A.weight", ones(2, 32)), (Query + ".lora_B.weight", ones(32, 2))]);
        double[] beside = Weights(Matrix);
        File.Delete(_folder.At("model.safetensors"));
        Assert.Equal(beside, Weights(Matrix));
        JsonNode config = JsonNode.Parse(_folder.Read("config.json"))!;
        config["id2label"] = new JsonObject { ["0"] = "malo", ["1"] = "bueno" };
        _folder.With("config.json", config.ToJsonString());
        Assert.Equal(["malo", "bueno"], SavedModel.Open(_folder.Path).Labels);
    }

    [Fact]
    public async Task An_adapter_that_lies_alone_is_a_backbone_too()
    {
        Copy("tiny_classifier");
        using DisposeScope scope = NewDisposeScope();
        string config = Config.Replace("\"r\"", $"\"base_model_name_or_path\": {JsonSerializer.Serialize(_folder.Path)}, \"r\"", StringComparison.Ordinal);
        WriteAdapter(config, [(Query + ".lora_A.weight", ones(2, 32)), (Query + ".lora_B.weight", ones(32, 2))]);
        foreach (string name in (string[])["adapter_config.json", "adapter_model.safetensors"])
        {
            Directory.CreateDirectory(_folder.At("alone"));
            File.Move(_folder.At(name), _folder.At("alone", name));
        }
        Backbone backbone = Backbone.FromFolder(_folder.At("alone"));
        foreach (ModelFiles files in (ModelFiles[])[backbone.Open(null, CancellationToken.None), await backbone.OpenAsync(CancellationToken.None)])
        {
            Assert.Equal(2000, PretrainedTokenizer.Load(files).VocabularySize);
            using SequenceClassifier network = Pretrained.Classifier(files, CPU).Network;
            using SequenceClassifier plain = Pretrained.Classifier(ModelFiles.InFolder(_folder.Path), CPU).Network;
            const string Name = "roberta.encoder.layer.0.attention.self.query.weight";
            Assert.Equal([.. plain.get_parameter(Name)!.data<float>().Select(weight => weight + 4)], network.get_parameter(Name)!.data<float>());
        }
    }

    private static SentimentClassificationTransformer Trained(LoraTargets targets, int rank, Backbone backbone)
    {
        MLContext ml = TinyTask.Context();
        SentimentClassificationOptions options = TinyTask.Options();
        (options.Backbone, options.LoraRank, options.LoraTargets, options.InferencePrecision) = (backbone, rank, targets, InferencePrecision.Float32);
        IDataView view = TinyTask.View(ml);
        return ml.MulticlassClassification.Trainers.SentimentClassification(options)
            .Fit(ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view));
    }

    private double[] Weights(string name)
    {
        using SequenceClassifier network = SavedModel.Open(_folder.Path).LoadNetwork(CPU);
        return [.. network.get_parameter(name)!.cpu().data<float>().Select(weight => (double)weight)];
    }

    private string Message() => Assert.Throws<ModelFileException>(() => SavedModel.Open(_folder.Path).LoadNetwork(CPU).Dispose()).Message;

    private void Copy(string golden)
    {
        foreach (string file in Directory.GetFiles(Shared.Golden(golden)))
            File.Copy(file, _folder.At(Path.GetFileName(file)), overwrite: true);
    }

    private void WriteAdapter(string config, IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        File.WriteAllText(_folder.At("adapter_config.json"), config);
        using FileStream file = File.Create(_folder.At("adapter_model.safetensors"));
        SafetensorsWriter.Write(file, SafetensorsEntry.Of(tensors));
    }

    private static Tensor Of(double[] values, params long[] shape) => tensor(values.Select(x => (float)x).ToArray(), shape);

    private static Tensor Values(JsonElement start) =>
        tensor(start.GetProperty("values").Doubles().Select(x => (float)x).ToArray(), [.. start.GetProperty("shape").Ints().Select(x => (long)x)]);
}
