using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;

namespace SentimentML.Tests.Backbones.Checkpoints;

/// <summary>Matching names as from_pretrained does. Every tensor here holds its own number, so that a mix-up shows.</summary>
public sealed class WeightLoaderTests : IDisposable
{
    private readonly CheckpointFolder _folder = new();
    private Parameters? _network;

    private static readonly (string Name, long[] Shape)[] Backbone =
    [
        ("roberta.embeddings.word_embeddings.weight", [5, 2]),
        ("roberta.embeddings.LayerNorm.weight", [2]),
        ("roberta.embeddings.LayerNorm.bias", [2]),
        ("roberta.encoder.layer.0.attention.self.query.weight", [2, 2]),
    ];

    private static readonly (string Name, long[] Shape)[] Classifier =
    [
        ("classifier.dense.weight", [2, 2]), ("classifier.dense.bias", [2]),
        ("classifier.out_proj.weight", [3, 2]), ("classifier.out_proj.bias", [3]),
    ];

    private static readonly (string Name, long[] Shape)[] LanguageModel =
    [
        ("lm_head.dense.weight", [2, 2]), ("lm_head.dense.bias", [2]), ("lm_head.bias", [5]),
    ];

    public void Dispose()
    {
        _network?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Equal_names_are_loaded_and_nothing_else_is_said()
    {
        Write([.. Backbone, .. Classifier]);
        LoadReport report = Load([.. Backbone, .. Classifier]);
        Assert.Equal([.. Backbone.Concat(Classifier).Select(tensor => tensor.Name).Order(StringComparer.Ordinal)], report.Loaded);
        AssertNothingIn(report.NewlyInitialized, report.Unexpected, report.Ignored, report.Renamed, report.Mismatched);
        for (int i = 0; i < Backbone.Length; i++)
            Assert.All(_network!.Values(Backbone[i].Name), value => Assert.Equal(i + 1, value));
    }

    [Fact]
    public void The_old_names_gamma_and_beta_are_the_weight_and_the_bias()
    {
        Write([.. Backbone.Select(
            tensor => (tensor.Name.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal)
                .Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal), tensor.Shape))]);
        LoadReport report = Load(Backbone);
        Assert.Equal(
            [new("roberta.embeddings.LayerNorm.beta", "roberta.embeddings.LayerNorm.bias"),
                new("roberta.embeddings.LayerNorm.gamma", "roberta.embeddings.LayerNorm.weight")],
            report.Renamed);
        AssertNothingIn(report.Unexpected, report.NewlyInitialized);
        Assert.Equal([2, 2], _network!.Values("roberta.embeddings.LayerNorm.weight"));
    }

    [Fact]
    public void A_bare_backbone_loads_into_a_model_with_a_head_which_is_new()
    {
        Write([.. WithoutPrefix(Backbone), ("pooler.dense.weight", [2, 2])]);
        LoadReport report = Load([.. Backbone, .. Classifier]);
        Assert.Equal(Backbone.Length, report.Loaded.Count);
        Assert.Equal(Backbone.Length, report.Renamed.Count);
        Assert.Equal(["classifier.dense.bias", "classifier.dense.weight", "classifier.out_proj.bias", "classifier.out_proj.weight"], report.NewlyInitialized);
        Assert.Equal(["pooler.dense.weight"], report.Unexpected);
        Assert.All(_network!.Values("classifier.out_proj.weight"), value => Assert.Equal(Parameters.Untouched, value));
    }

    [Fact]
    public void A_model_with_a_head_loads_into_a_bare_backbone()
    {
        Write([.. Backbone, .. Classifier]);
        LoadReport report = Load([.. WithoutPrefix(Backbone)]);
        Assert.Equal(Backbone.Length, report.Loaded.Count);
        Assert.Equal(Classifier.Length, report.Unexpected.Count);
    }

    [Fact]
    public void The_language_model_head_and_the_pooler_are_surplus_for_a_classifier_and_position_ids_are_no_news()
    {
        Write([.. Backbone, .. LanguageModel, ("lm_head.decoder.weight", [5, 2]), ("roberta.pooler.dense.bias", [2]),
            ("roberta.embeddings.position_ids", [1, 4])]);
        LoadReport report = Load([.. Backbone, .. Classifier]);
        Assert.Equal(["lm_head.bias", "lm_head.decoder.weight", "lm_head.dense.bias", "lm_head.dense.weight", "roberta.pooler.dense.bias"], report.Unexpected);
        Assert.Equal(["roberta.embeddings.position_ids"], report.Ignored);
        Assert.Equal(4, report.NewlyInitialized.Count);
    }

    [Fact]
    public void A_tied_weight_is_found_under_either_name()
    {
        Write([.. Backbone[1..], ("lm_head.decoder.weight", [5, 2]), .. LanguageModel[..2], ("lm_head.decoder.bias", [5])]);
        LoadReport report = Load([.. Backbone, .. LanguageModel, ("lm_head.decoder.weight", [5, 2])]);
        AssertNothingIn(report.NewlyInitialized, report.Unexpected, report.Ignored);
        Assert.Equal(
            [new("lm_head.decoder.bias", "lm_head.bias"), new("lm_head.decoder.weight", "roberta.embeddings.word_embeddings.weight")],
            report.Renamed);
        Assert.Equal(_network!.Values("lm_head.decoder.weight"), _network.Values("roberta.embeddings.word_embeddings.weight"));
    }

    [Fact]
    public void A_second_copy_of_a_tied_weight_is_no_news_unless_it_differs()
    {
        (string, long[])[] decoder = [("lm_head.decoder.weight", [5, 2])];
        Write([.. Backbone, .. LanguageModel, .. decoder], sameValues: true);
        LoadReport same = Load([.. Backbone, .. LanguageModel]);
        Assert.Equal(["lm_head.decoder.weight"], same.Ignored);
        Assert.Empty(same.Unexpected);

        Write([.. Backbone, .. LanguageModel, .. decoder]);
        LoadReport other = Load([.. Backbone, .. LanguageModel]);
        Assert.Equal(["lm_head.decoder.weight"], other.Unexpected);
    }

    [Fact]
    public void A_classifier_for_another_number_of_labels_is_left_to_the_caller()
    {
        Write([.. Backbone, .. Classifier]);
        LoadReport report = Load([.. Backbone, .. Classifier[..2], ("classifier.out_proj.weight", [7, 2]), ("classifier.out_proj.bias", [7])]);
        Assert.Equal(["classifier.out_proj.bias", "classifier.out_proj.weight"], report.Mismatched.Select(tensor => tensor.Name));
        Assert.Equal(new long[] { 7, 2 }, report.Mismatched[1].Expected);
        Assert.Equal(new long[] { 3, 2 }, report.Mismatched[1].Found);
        Assert.DoesNotContain("classifier.out_proj.weight", report.Loaded);
        Assert.Contains("classifier.dense.weight", report.Loaded);
        AssertNothingIn(report.NewlyInitialized, report.Unexpected);
        Assert.All(_network!.Values("classifier.out_proj.bias"), value => Assert.Equal(Parameters.Untouched, value));
    }

    [Fact]
    public void A_missing_tensor_of_the_backbone_is_an_error_that_names_it_and_nothing_is_copied()
    {
        Write(Backbone[..3]);
        var error = Assert.Throws<ModelFileException>(() => Load(Backbone));
        Assert.Equal(
            $"{_folder.Files.Location}/model.safetensors lacks 1 of the network's tensors: roberta.encoder.layer.0.attention.self.query.weight [2, 2]. "
            + "It holds 3, such as 'roberta.embeddings.LayerNorm.bias', 'roberta.embeddings.LayerNorm.weight', 'roberta.embeddings.word_embeddings.weight'. "
            + "Expected the names that transformers gives this architecture (roberta.…), and as many layers as config.json says.", error.Message);
        Assert.All(_network!.Values("roberta.embeddings.LayerNorm.bias"), value => Assert.Equal(Parameters.Untouched, value));
    }

    [Fact]
    public void Names_of_another_model_are_shown()
    {
        Write([.. Backbone.Select(tensor => (tensor.Name.Replace("roberta.", "electra.", StringComparison.Ordinal) + "s", tensor.Shape))]);
        var error = Assert.Throws<ModelFileException>(() => Load(Backbone));
        Assert.Contains("such as 'electra.embeddings.LayerNorm.biass'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_shape_is_an_error_with_both_shapes_and_the_file()
    {
        Write([.. Backbone[1..], ("embeddings.word_embeddings.weight", [6, 2])]);
        var error = Assert.Throws<ModelFileException>(() => Load(Backbone));
        Assert.Contains(
            "roberta.embeddings.word_embeddings.weight (there 'embeddings.word_embeddings.weight') should be [5, 2], found [6, 2] in "
                + $"{_folder.PathOf(Checkpoint.Safetensors)}",
            error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tiny_mlm", 58)]
    [InlineData("tiny_mlm_sharded", 58)]
    [InlineData("tiny_classifier", 57)]
    public void A_model_of_the_reference_loads_whole(string golden, int tensors)
    {
        using Checkpoint checkpoint = Checkpoint.Open(ModelFiles.InFolder(Shared.Golden(golden)));
        using var network = new Parameters(checkpoint.Tensors.Values.Select(tensor => (tensor.Name, tensor.Shape.ToArray())));
        LoadReport report = CheckpointLoading.Load(checkpoint, network.Destinations, Architectures.For("roberta").Names, TestContext.Current.CancellationToken);
        Assert.Equal(tensors, report.Loaded.Count);
        foreach (CheckpointTensor tensor in checkpoint.Tensors.Values)
        {
            float[] expected = new float[tensor.Count];
            tensor.CopyTo(expected);
            Assert.Equal(expected, network.Values(tensor.Name));
        }
    }

    [Theory]
    [InlineData("C64", 8, "complex numbers")]
    [InlineData("F8_E4M3", 1, "numbers of 8 bits")]
    [InlineData("F8_E5M2", 1, "numbers of 8 bits")]
    [InlineData("I8", 1, "whole numbers")]
    public void Numbers_that_no_weights_have_hinder_only_where_they_are_needed(string dtype, int size, string numbers)
    {
        var other = new SafetensorsEntry("spectrum", Enum.Parse<CheckpointDtype>(dtype), [2, 2], (_, count) => new byte[count]);
        using (FileStream file = File.Create(_folder.PathOf(Checkpoint.Safetensors)))
            SafetensorsWriter.Write(file, [.. Backbone.Select(tensor => Constant(tensor.Name, tensor.Shape, 1)), other]);
        Assert.Equal(["spectrum"], Load(Backbone).Unexpected);
        Assert.Contains($"'spectrum' is stored as {dtype}, in {numbers}, expected F32, F16, BF16 or F64",
            Assert.Throws<ModelFileException>(() => Load([.. Backbone, ("spectrum", [2, 2])])).Message, StringComparison.Ordinal);
        Assert.Equal(size, Enum.Parse<CheckpointDtype>(dtype).Size());
    }

    /// <summary>DataParallel, torch.compile, a class of one's own, sentence-transformers; some of them around others.</summary>
    [Theory]
    [InlineData("module.", "roberta.")]
    [InlineData("_orig_mod.", "roberta.")]
    [InlineData("base.model.", "roberta.")]
    [InlineData("module._orig_mod.", "roberta.")]
    [InlineData("module.", "")]
    [InlineData("0.auto_model.", "")]
    [InlineData("", "roberta._orig_mod.")]
    [InlineData("module.", "xlm-roberta.")]
    public void What_a_program_put_in_front_of_all_names_is_taken_off(string wrapper, string encoder)
    {
        string Stored(string name) => wrapper + name.Replace("roberta.", encoder, StringComparison.Ordinal);
        Write([.. Backbone.Concat(Classifier).Select(tensor => (Stored(tensor.Name), tensor.Shape)), ("loss.weight", [3])]);
        LoadReport report = Load([.. Backbone, .. Classifier]);
        Assert.Equal(Backbone.Length + Classifier.Length, report.Loaded.Count);
        Assert.Equal(["loss.weight"], report.Unexpected);
        for (int i = 0; i < Backbone.Length; i++)
            Assert.All(_network!.Values(Backbone[i].Name), value => Assert.Equal(i + 1, value));
    }

    /// <summary>What stands beside an encoder that a class calls by a name of its own is that class's, whatever it is called.</summary>
    [Fact]
    public void A_head_outside_of_what_all_names_begin_with_is_not_taken_for_the_networks()
    {
        Write([.. Backbone.Select(tensor => ("encoder." + tensor.Name, tensor.Shape)), .. Classifier]);
        LoadReport report = Load([.. Backbone, .. Classifier]);
        Assert.Equal(4, report.NewlyInitialized.Count);
        Assert.Equal(4, report.Unexpected.Count);
    }

    [Fact]
    public void Of_two_networks_in_one_file_neither_is_taken()
    {
        Write([.. Backbone.SelectMany(_ => (string[])["teacher.", "student."], (tensor, name) => (name + tensor.Name, tensor.Shape))]);
        Assert.Contains("such as 'student.roberta.", Assert.Throws<ModelFileException>(() => Load(Backbone)).Message, StringComparison.Ordinal);
        Write([.. Backbone, .. Backbone.Select(tensor => ("teacher." + tensor.Name, tensor.Shape))]);
        Assert.Equal(Backbone.Length, Load(Backbone).Loaded.Count);
    }

    private LoadReport Load((string Name, long[] Shape)[] network)
    {
        _network?.Dispose();
        _network = new Parameters(network);
        using Checkpoint checkpoint = Checkpoint.Open(_folder.Files);
        return CheckpointLoading.Load(checkpoint, _network.Destinations, Architectures.For("roberta").Names);
    }

    /// <summary>The tensors' values are 1, 2, 3, … in their order, or all 1.</summary>
    private void Write((string Name, long[] Shape)[] tensors, bool sameValues = false)
    {
        SafetensorsEntry[] entries = [.. tensors.Select((tensor, i) => Constant(tensor.Name, tensor.Shape, sameValues ? 1 : i + 1))];
        using FileStream file = File.Create(_folder.PathOf(Checkpoint.Safetensors));
        SafetensorsWriter.Write(file, entries);
    }

    private static SafetensorsEntry Constant(string name, long[] shape, float value)
    {
        byte[] bytes = [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).SelectMany(_ => BitConverter.GetBytes(value))];
        return new(name, CheckpointDtype.F32, shape, (offset, count) => bytes.AsSpan((int)offset, count));
    }

    private static (string, long[])[] WithoutPrefix((string Name, long[] Shape)[] tensors) =>
        [.. tensors.Select(tensor => (tensor.Name["roberta.".Length..], tensor.Shape))];

    private static void AssertNothingIn(params System.Collections.IEnumerable[] lists) => Assert.All(lists, Assert.Empty);
}
