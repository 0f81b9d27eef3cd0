using SentimentML.Encoders;
using SentimentML.Files;

namespace SentimentML.Tests.Encoders;

/// <summary>What config.json's keys mean, where files of several programs and ages say one thing in several ways.</summary>
public sealed class EncoderConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"model_type": "modernbert"}""", 160_000, 10_000)]
    [InlineData("""{"model_type": "modernbert", "global_rope_theta": 80000, "local_rope_theta": null}""", 80_000, 80_000)]
    [InlineData("""{"model_type": "modernbert", "local_rope_theta": null, "rope_scaling": null}""", 160_000, 160_000)]
    [InlineData("""{"model_type": "modernbert", "rope_scaling": {"rope_type": "default"}}""", 160_000, 10_000)]
    [InlineData("""{"model_type": "modernbert", "rope_parameters": {"sliding_attention": {"type": "default", "rope_theta": 5000}}}""", 160_000, 5_000)]
    public void The_layers_of_ModernBERT_have_the_angles_that_the_file_names(string json, double whole, double local)
    {
        IReadOnlyList<LayerAttention> attentions = Read(json).Attentions;
        Assert.Equal((whole, local), (attentions[0].Theta, attentions[1].Theta));
    }

    [Theory]
    [InlineData("""{"model_type": "modernbert", "rope_scaling": {"type": "linear", "factor": 2.0}}""", "rope_scaling")]
    [InlineData("""{"model_type": "modernbert", "rope_scaling": {"rope_type": "yarn", "factor": 2.0}}""", "rope_scaling")]
    [InlineData("""{"model_type": "modernbert", "rope_parameters": {"full_attention": {"type": "linear", "factor": 2.0}}}""", "full_attention")]
    [InlineData("""{"model_type": "modernbert", "rope_parameters": {"sliding_attention": {"rope_type": "linear", "factor": 2.0}}}""", "sliding_attention")]
    public void Scaled_rotary_positions_are_refused(string json, string key)
    {
        string message = Assert.Throws<ModelFileException>(() => Read(json)).Message;
        Assert.Contains($"{key} is {{", message, StringComparison.Ordinal);
        Assert.Contains("scaled rotary positions are not supported", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gelu_python", Activation.Gelu)]
    [InlineData("gelu_python_tanh", Activation.GeluTanh)]
    [InlineData("silu", Activation.Silu)]
    [InlineData("swish", Activation.Silu)]
    [InlineData("quick_gelu", Activation.QuickGelu)]
    [InlineData("linear", Activation.Identity)]
    [InlineData("gelu_fast", Activation.GeluTanh)]
    [InlineData("gelu_accurate", Activation.GeluTanh)]
    [InlineData("gelu_pytorch_tanh", Activation.GeluTanh)]
    public void An_activation_has_several_names(string name, object expected) =>
        Assert.Equal(expected, Read($$"""{"model_type": "bert", "hidden_act": "{{name}}"}""").Activation);

    [Theory]
    [InlineData("\"laplace\"")]
    [InlineData("\"gelu_10\"")]
    [InlineData("\"prelu\"")]
    [InlineData("\"GELU\"")]
    [InlineData("17")]
    public void An_activation_that_is_not_supported_is_refused_beside_those_that_are(string written)
    {
        string message = Assert.Throws<ModelFileException>(() => Read($$"""{"model_type": "bert", "hidden_act": {{written}}}""")).Message;
        Assert.Contains($"hidden_act is {written}, expected one of gelu, ", message, StringComparison.Ordinal);
        Assert.Contains("silu", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bert", """{"position_embedding_type": "relative_key"}""", "position_embedding_type is 'relative_key', expected 'absolute'")]
    [InlineData("roberta", """{"position_embedding_type": "relative_key_query"}""", "position_embedding_type is 'relative_key_query', expected 'absolute'")]
    [InlineData("roberta", """{"is_decoder": true}""", "is_decoder is true, expected an encoder")]
    [InlineData("bert", """{"pruned_heads": {"0": [1, 2]}}""", "pruned_heads is {\"0\":[1,2]}, expected none")]
    [InlineData("distilbert", """{"pruned_heads": {"0": [1]}}""", "Take the model that it was made from.")]
    [InlineData("bert", """{"auto_map": {"AutoModel": "modeling_x.X"}}""", "auto_map says that code of the model's own computes it (AutoModel: modeling_x.X)")]
    [InlineData("bert", """{"auto_map": {"AutoModel": "o/r--x.X"}, "architectures": ["XModel"]}""", "Such code is never run")]
    [InlineData("camembert", """{"quantization_config": {"quant_method": "bitsandbytes"}}""", "quantization_config says that the weights were quantized")]
    public void A_network_that_computes_otherwise_is_refused_by_its_key(string modelType, string json, string expected)
    {
        string message = Assert.Throws<ModelFileException>(() => Read($$"""{"model_type": "{{modelType}}", {{json[1..]}}""")).Message;
        Assert.Contains($"config.json cannot be used: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"pruned_heads": {}}""")]
    [InlineData("""{"pruned_heads": null, "classifier_dropout": null, "torch_dtype": "bfloat16", "use_cache": true, "tie_word_embeddings": false}""")]
    [InlineData("""{"auto_map": {"AutoConfig": "configuration_x.X"}, "add_cross_attention": false, "chunk_size_feed_forward": 0}""")]
    [InlineData("""{"auto_map": {"AutoModelForSequenceClassification": "modeling_x.X"}, "architectures": ["BertForSequenceClassification"]}""")]
    public void Keys_that_change_nothing_in_a_classifier_are_no_hindrance(string json) =>
        Assert.Equal(2, Read($$"""{"model_type": "bert", {{json[1..]}}""").Labels.Count);

    /// <summary>As Python's json module writes numbers that the standard has no words for.</summary>
    [Fact]
    public void NaN_and_Infinity_are_read_as_Python_writes_them()
    {
        EncoderConfig config =
            Read("""{"model_type": "bert", "temperature": NaN, "limits": [Infinity, -Infinity], "id2label": {"0": "NaN", "1": "\"Infinity"}}""");
        Assert.Equal(["NaN", "\"Infinity"], config.Labels);
        Assert.Contains("layer_norm_eps is 1e999, expected a number from 0 to 1",
            Assert.Throws<ModelFileException>(() => Read("""{"model_type": "bert", "layer_norm_eps": Infinity}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DistilBERT_s_sizes_have_the_names_of_other_encoders_too()
    {
        EncoderConfig config = Read("""{"model_type": "distilbert", "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}""");
        Assert.Equal((32, 2, 4), (config.HiddenSize, config.Layers, config.Heads));
        config = Read("""{"model_type": "distilbert", "dim": 64, "hidden_size": 32, "n_layers": 3, "n_heads": 8}""");
        Assert.Equal((64, 3, 8), (config.HiddenSize, config.Layers, config.Heads));
    }

    [Fact]
    public void ModernBERT_without_a_padding_id_is_one_whose_padding_is_any_token() =>
        Assert.InRange(Read("""{"model_type": "modernbert", "vocab_size": 2003, "pad_token_id": null}""").PadTokenId, 0, 2002);

    [Theory]
    [InlineData("""{"model_type": "deberta-v2"}""", "model_type is 'deberta-v2', expected one of", "Take a model of one of these kinds.")]
    [InlineData("{}", "model_type is missing, expected one of", "Write there which the weights are of")]
    public void A_kind_of_network_that_is_not_supported_is_refused_with_what_to_do(string json, string fault, string advice)
    {
        string message = Assert.Throws<ModelFileException>(() => Read(json)).Message;
        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RobertaForSequenceClassification", "roberta")]
    [InlineData("XLMRobertaForMaskedLM", "xlm-roberta")]
    [InlineData("CamembertModel", "camembert")]
    [InlineData("BertForPreTraining", "bert")]
    [InlineData("DistilBertForSequenceClassification", "distilbert")]
    [InlineData("ModernBertModel", "modernbert")]
    public void Where_model_type_is_missing_the_architecture_s_class_says_the_kind(string name, string expected) =>
        Assert.Contains(expected, Read($$"""{"architectures": ["{{name}}"]}""").Architecture.ModelTypes);

    [Theory]
    [InlineData("""{"architectures": ["DebertaV2ForSequenceClassification"]}""", "model_type is missing")]
    [InlineData("""{"architectures": ["BertLMHeadModel2"], "model_type": null}""", "model_type is missing")]
    [InlineData("""{"architectures": ["BertModel"], "model_type": "electra"}""", "model_type is 'electra'")]
    public void A_class_of_another_kind_does_not_say_it(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelFileException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Labels_are_those_of_label2id_where_nothing_else_says_them()
    {
        Assert.Equal(["neg", "neu", "pos"], Read("""{"model_type": "bert", "label2id": {"pos": 2, "neg": 0, "neu": "1"}}""").Labels);
        Assert.Equal(["a", "b"], Read("""{"model_type": "bert", "label2id": {"pos": 1, "neg": 0}, "id2label": {"0": "a", "1": "b"}}""").Labels);
        Assert.Equal(["LABEL_0", "LABEL_1"], Read("""{"model_type": "bert", "label2id": {"pos": 1, "neg": 0}, "num_labels": 2}""").Labels);
        Assert.Contains("label2id has 2 entries but none for 1", Assert.Throws<ModelFileException>(
            () => Read("""{"model_type": "bert", "label2id": {"pos": 2, "neg": 0}}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_whose_model_lies_in_a_subfolder_names_it()
    {
        _folder.With(Path.Combine("0_Transformer", "config.json"), "{}");
        Directory.CreateDirectory(_folder.At("1_Pooling"));
        Assert.Contains($"Name its folder {_folder.At("0_Transformer")}, which has one.",
            Assert.Throws<ModelFileException>(() => EncoderConfig.Read(ModelFiles.InFolder(_folder.Path))).Message, StringComparison.Ordinal);
        File.Delete(_folder.At("0_Transformer", "config.json"));
        _folder.With(Path.Combine("checkpoint-500", "adapter_config.json"), "{}");
        Assert.Contains($"Name its folder {_folder.At("checkpoint-500")}, which has an adapter.",
            Assert.Throws<ModelFileException>(() => EncoderConfig.Read(ModelFiles.InFolder(_folder.Path))).Message, StringComparison.Ordinal);
    }

    private EncoderConfig Read(string json) => EncoderConfig.Read(ModelFiles.InFolder(_folder.With("config.json", json).Path));
}
