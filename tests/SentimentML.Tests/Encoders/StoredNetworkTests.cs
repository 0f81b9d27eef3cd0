using System.Text.Json.Nodes;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>Classifiers that other programs saved: each loads, or is rejected with a message that names the cause.</summary>
public sealed class StoredNetworkTests : IDisposable
{
    private const string Text = "Muy bueno, pero se rompió";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"0": 0, "1": 1}""")]
    [InlineData("""[0, 1]""")]
    [InlineData("""["0", "1"]""")]
    public void Labels_may_be_numbers_and_a_list(string names)
    {
        Copy("tiny_classifier", config => config["id2label"] = JsonNode.Parse(names));
        using SentimentClassifier classifier = SentimentClassifier.Load(_folder.Path, TorchDevice.Cpu);
        Assert.Equal(["0", "1"], classifier.Labels);
    }

    [Theory]
    [InlineData("""["neg", "pos", "neu"]""", "classifier.out_proj.bias has 2 labels, config.json names 3 ('neg', 'pos', 'neu')")]
    [InlineData("""["neg"]""", "has 2 labels, config.json names 1 ('neg')")]
    [InlineData("""["neg", "neg"]""", "names 2 labels 'neg', expected a name of its own for each")]
    public void Labels_that_do_not_fit_the_classifier_are_told(string names, string expected)
    {
        Copy("tiny_classifier", config => config["id2label"] = JsonNode.Parse(names));
        Assert.Contains(expected, Fault(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RobertaForTokenClassification")]
    [InlineData("RobertaForQuestionAnswering")]
    public void A_model_of_another_task_is_told_by_its_name(string architecture)
    {
        Copy("tiny_classifier", config => config["architectures"] = new JsonArray(architecture));
        Assert.Contains($"is a {architecture}, as config.json's architectures say, expected a classifier of whole texts", Fault(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RobertaForRegression")]
    [InlineData("RobertaCnnForSequenceClassification")]
    public void A_class_that_transformers_does_not_have_is_told_by_its_name(string architecture)
    {
        Copy("tiny_classifier", config => config["architectures"] = new JsonArray(architecture));
        Assert.Contains($"is a {architecture}, as config.json's architectures say, which is not a class of transformers", Fault(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("XLMRobertaForSequenceClassification")]
    [InlineData("TFRobertaForMaskedLM")]
    [InlineData("BertModel")]
    public void A_class_that_transformers_has_is_no_hindrance(string architecture)
    {
        Copy("tiny_classifier", config => config["architectures"] = new JsonArray(architecture));
        Assert.Null(SavedModel.Open(_folder.Path).Fault);
    }

    [Fact]
    public void A_configuration_of_quantized_weights_is_told()
    {
        Copy("tiny_classifier", config => config["quantization_config"] = new JsonObject { ["quant_method"] = "bitsandbytes" });
        Assert.Contains("the weights were quantized (bitsandbytes), expected plain ones", Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_in_whole_numbers_are_not_taken_for_weights()
    {
        Copy("tiny_classifier");
        string weights = _folder.At(Checkpoint.Safetensors);
        SafetensorsEntry[] entries;
        using (Checkpoint checkpoint = Checkpoint.Open(ModelFiles.InFolder(_folder.Path)))
        {
            entries = [.. checkpoint.Tensors.Values.Select(tensor =>
            {
                bool isMatrix = tensor.Name.EndsWith("query.weight", StringComparison.Ordinal);
                byte[] values = new byte[tensor.Count * (isMatrix ? 1 : sizeof(float))];
                return new SafetensorsEntry(tensor.Name, isMatrix ? CheckpointDtype.I8 : CheckpointDtype.F32, [.. tensor.Shape],
                    (offset, count) => values.AsSpan((int)offset, count));
            })];
        }
        using (FileStream file = File.Create(weights))
            SafetensorsWriter.Write(file, entries);
        Assert.Contains("query.weight' is stored as I8, in whole numbers, expected F32, F16, BF16 or F64", Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_no_numbers_give_no_answer()
    {
        Copy("tiny_classifier");
        Rewrite(name => name == "classifier.out_proj.bias" ? float.NaN : 0);
        using SentimentClassifier classifier = SentimentClassifier.Load(
            _folder.Path, new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = InferencePrecision.Float32 });
        Assert.Contains("The network answers NaN, NaN, expected finite numbers: its weights are damaged",
            Assert.Throws<SentimentMLException>(() => classifier.Classify(Text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_of_another_kind_is_told()
    {
        Copy("tiny_classifier");
        Rewrite(name => 0, name => name.StartsWith("classifier.out_proj", StringComparison.Ordinal) ? "score" + name[19..] : name);
        _folder.With("model_head.pkl", "x");
        Assert.Contains("Its head, model_head.pkl, is scikit-learn's, as SetFit saves it, and cannot be read.", Fault(), StringComparison.Ordinal);
        Assert.EndsWith("The weights have also what no head here is made of: 'score.bias', 'score.weight'.", Fault(), StringComparison.Ordinal);
        Assert.Equal(Fault(), SavedModel.Open(_folder.Path).Fault);
    }

    [Fact]
    public void A_head_beside_an_encoder_that_is_a_part_of_another_class_is_told()
    {
        Copy("tiny_classifier");
        Rewrite(name => 0, name => name.StartsWith("roberta.", StringComparison.Ordinal) ? "backbone." + name : name);
        Assert.Contains("has the encoder in a part ('backbone.roberta.embeddings.LayerNorm.bias') and 'classifier.dense.bias' beside it", Fault(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    public void A_file_of_a_model_folder_is_not_its_name(string name)
    {
        Copy("tiny_classifier");
        Assert.Contains($"name that, {_folder.Path}.", Assert.Throws<ModelFileException>(() => SavedModel.Open(_folder.At(name))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>Other values and names for all tensors.</summary>
    private void Rewrite(Func<string, float> value, Func<string, string>? name = null)
    {
        SafetensorsEntry[] entries;
        using (Checkpoint checkpoint = Checkpoint.Open(ModelFiles.InFolder(_folder.Path)))
        {
            entries = [.. checkpoint.Tensors.Values.Select(tensor =>
            {
                byte[] values = [.. Enumerable.Repeat(BitConverter.GetBytes(value(tensor.Name)), (int)tensor.Count).SelectMany(bytes => bytes)];
                return new SafetensorsEntry(name?.Invoke(tensor.Name) ?? tensor.Name, CheckpointDtype.F32, [.. tensor.Shape],
                    (offset, count) => values.AsSpan((int)offset, count));
            })];
        }
        using FileStream file = File.Create(_folder.At(Checkpoint.Safetensors));
        SafetensorsWriter.Write(file, entries);
    }

    [Fact]
    public void One_label_has_a_sigmoid_whatever_the_configuration_says()
    {
        Copy("tiny_classifier", config =>
        {
            config["id2label"] = new JsonObject { ["0"] = "positive" };
            config["problem_type"] = "single_label_classification";
        });
        Assert.Equal(ProblemType.MultiLabel, EncoderConfig.Read(ModelFiles.InFolder(_folder.Path)).Problem);
    }

    /// <summary>As peft saves a head of three labels over roberta-base-bne, whose config.json names none.</summary>
    [Fact]
    public void An_adapters_head_says_how_many_labels_there_are_where_the_configuration_does_not()
    {
        Copy("tiny_classifier", config => config.Remove("id2label"));
        Edit("config.json", config => config.Remove("label2id"));
        _folder.With("adapter_config.json", """{"peft_type": "LORA", "r": 2, "lora_alpha": 4, "modules_to_save": ["classifier"]}""");
        using (NewDisposeScope())
        using (FileStream file = File.Create(_folder.At("adapter_model.safetensors")))
        {
            (string, Tensor)[] head = [("dense.weight", ones(32, 32)), ("dense.bias", ones(32)), ("out_proj.weight", ones(3, 32)), ("out_proj.bias", ones(3))];
            SafetensorsWriter.Write(file, SafetensorsEntry.Of(
                [.. head.Select(part => ("base_model.model.classifier.modules_to_save." + part.Item1, part.Item2))], CheckpointDtype.F32));
        }
        using SentimentClassifier classifier = SentimentClassifier.Load(_folder.Path, TorchDevice.Cpu);
        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], classifier.Labels);
        Assert.Equal(3, classifier.Classify(Text).Logits.Count);
    }

    [Theory]
    [InlineData("""{"peft_type": "PROMPT_TUNING", "num_virtual_tokens": 8}""", "asks for peft_type PROMPT_TUNING, which is not supported", "cannot be merged")]
    [InlineData("""{"peft_type": "LOHA", "r": 8, "alpha": 8}""", "asks for peft_type LOHA, which is not supported", "merge_and_unload")]
    [InlineData("""{"config": {"mh_adapter": false}, "model_name": "beto"}""", "has neither peft_type nor r", "The library adapters")]
    public void An_adapter_of_another_kind_is_told_with_what_can_be_done(string config, string kind, string remedy)
    {
        Copy("tiny_classifier");
        _folder.With("adapter_config.json", config);
        WriteAdapter(_folder.Path, "base_model.model.roberta.encoder.layer.0.attention.self.query");
        Assert.Contains(kind, Fault(), StringComparison.Ordinal);
        Assert.Contains(remedy, Fault(), StringComparison.Ordinal);
    }

    /// <summary>Adapters that were not merged and parts of another network, which would be left out silently.</summary>
    [Theory]
    [InlineData("roberta.encoder.layer.0.attention.self.query.lora_A.default.weight")]
    [InlineData("roberta.encoder.layer.1.output.adapters.sentiment.adapter_down.0.weight")]
    [InlineData("roberta.encoder.LayerNorm.weight")]
    [InlineData("roberta.embeddings.project.weight")]
    [InlineData("classifier.out_proj.lora_A.weight")]
    [InlineData("classifier.norm.weight")]
    [InlineData("module.prompt_embeddings.weight")]
    public void Weights_in_the_encoder_or_its_head_that_the_network_has_no_use_for_are_refused(string name)
    {
        CopyWith("tiny_classifier", name);
        Assert.Contains($"the weights have 1 tensors that a network as config.json describes it has no use for ('{name}')", Fault(),
            StringComparison.Ordinal);
        Assert.Equal(Fault(), SavedModel.Open(_folder.Path).Fault);
        EncoderConfig config = EncoderConfig.Read(ModelFiles.InFolder(_folder.Path));
        Assert.Throws<ModelFileException>(() => StoredNetwork.Open(ModelFiles.InFolder(_folder.Path), config)); // as a backbone too
    }

    [Theory]
    [InlineData("roberta.pooler.dense.weight")]
    [InlineData("lm_head.dense.weight")]
    [InlineData("roberta.embeddings.position_ids")]
    [InlineData("roberta.encoder.layer.9.output.dense.weight")]
    [InlineData("loss.weight")]
    public void Weights_that_the_network_was_trained_without_are_no_hindrance_and_named(string name)
    {
        CopyWith("tiny_classifier", name);
        Assert.Null(SavedModel.Open(_folder.Path).CheckWeights(out IReadOnlyList<string> unused));
        Assert.Equal(name.EndsWith("position_ids", StringComparison.Ordinal) ? [] : [name], unused);
    }

    [Theory]
    [InlineData("head.dense.bias")]
    [InlineData("head.norm.bias")]
    [InlineData("model.final_norm.bias")]
    public void A_bias_that_the_configuration_does_not_have_is_refused(string name)
    {
        CopyWith(Path.Combine("families", "modernbert", "classifier"), name);
        Assert.Contains($"has no use for ('{name}')", Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_names_its_model_by_a_path_from_its_own_folder_too()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(Shared.Golden("tiny_classifier")))
            folder.With(Path.Combine("base", Path.GetFileName(file)), File.ReadAllBytes(file));
        folder.With("adapter/adapter_config.json", """{"peft_type": "LORA", "r": 2, "lora_alpha": 4, "base_model_name_or_path": "../base"}""");
        WriteAdapter(folder.At("adapter"), "base_model.model.roberta.encoder.layer.0.attention.self.query");
        Assert.NotEqual(Logits(folder.At("base")), Logits(folder.At("adapter")));
    }

    [Fact]
    public void An_adapter_alone_says_whose_it_is()
    {
        _folder.With("adapter_config.json", """{"peft_type": "LORA", "r": 2, "lora_alpha": 4, "base_model_name_or_path": "../no/such/model"}""");
        Assert.Contains("is an adapter of '../no/such/model', without the model that it changes. Copy its files into that model's folder", Fault(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_alone_is_opened_over_the_model_that_it_names()
    {
        Copy("tiny_classifier");
        using var adapter = new TemporaryFolder();
        adapter.With("adapter_config.json", new JsonObject
        {
            ["peft_type"] = "LORA", ["r"] = 2, ["lora_alpha"] = 4, ["base_model_name_or_path"] = _folder.Path,
        }.ToJsonString());
        WriteAdapter(adapter.Path, "base_model.model.roberta.encoder.layer.0.attention.self.query");
        float[] over = Logits(adapter.Path), without = Logits(_folder.Path);
        foreach (string name in adapter.Names)
            File.Copy(adapter.At(name), _folder.At(name));
        Assert.NotEqual(without, over);
        Assert.Equal(Logits(_folder.Path), over);
    }

    [Theory]
    [InlineData("base_model.model.roberta.encoder.layer.0.attention.self.query")]
    [InlineData("base_model.model.encoder.layer.0.attention.self.query")]
    public void An_adapter_of_the_encoder_alone_is_merged_too(string matrix)
    {
        Copy("tiny_classifier");
        float[] before = Logits(_folder.Path);
        _folder.With("adapter_config.json", """{"peft_type": "LORA", "task_type": "FEATURE_EXTRACTION", "r": 2, "lora_alpha": 4}""");
        WriteAdapter(_folder.Path, matrix);
        Assert.NotEqual(before, Logits(_folder.Path));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(1e30)]
    public void A_tokenizer_without_a_limit_leaves_it_to_the_network(double? limit)
    {
        foreach (string file in Directory.GetFiles(Families.Folder("modernbert", "classifier")))
            _folder.With(Path.GetFileName(file), File.ReadAllBytes(file));
        Edit("tokenizer_config.json", config => config["model_max_length"] = limit);
        Edit("config.json", config => config["max_position_embeddings"] = 2048);
        Assert.Equal(2048, SavedModel.Open(_folder.Path).MaxTokens);
    }

    private static float[] Logits(string folder)
    {
        using SentimentClassifier classifier = SentimentClassifier.Load(folder, TorchDevice.Cpu);
        return [.. classifier.Classify(Text).Logits];
    }

    private static void WriteAdapter(string folder, string matrix)
    {
        using DisposeScope scope = NewDisposeScope();
        using FileStream file = File.Create(Path.Combine(folder, "adapter_model.safetensors"));
        SafetensorsWriter.Write(file, SafetensorsEntry.Of(
            [(matrix + ".lora_A.weight", ones(2, 32)), (matrix + ".lora_B.weight", ones(32, 2))], CheckpointDtype.F32));
    }

    private string Fault() => Assert.Throws<ModelFileException>(() => SentimentClassifier.Load(_folder.Path, TorchDevice.Cpu)).Message;

    private void Copy(string golden, Action<JsonObject>? edit = null)
    {
        foreach (string file in Directory.GetFiles(Shared.Golden(golden)))
            _folder.With(Path.GetFileName(file), File.ReadAllBytes(file));
        if (edit is not null)
            Edit("config.json", edit);
    }

    /// <summary>A copy whose weights are 0 and have one tensor more.</summary>
    private void CopyWith(string golden, string name)
    {
        Copy(golden);
        using (NewDisposeScope())
        using (Checkpoint checkpoint = Checkpoint.Open(ModelFiles.InFolder(_folder.Path)))
        using (FileStream file = File.Create(_folder.At("more")))
            SafetensorsWriter.Write(file, SafetensorsEntry.Of(
                [.. checkpoint.Tensors.Values.Select(tensor => (tensor.Name, zeros([.. tensor.Shape]))), (name, zeros(2, 2))], CheckpointDtype.F32));
        File.Move(_folder.At("more"), _folder.At(Checkpoint.Safetensors), overwrite: true);
    }

    private void Edit(string name, Action<JsonObject> edit)
    {
        JsonObject json = JsonNode.Parse(_folder.Read(name))!.AsObject();
        edit(json);
        _folder.With(name, json.ToJsonString());
    }
}
