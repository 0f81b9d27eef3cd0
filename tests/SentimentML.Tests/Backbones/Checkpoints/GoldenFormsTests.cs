using System.Text.Json;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;

namespace SentimentML.Tests.Backbones.Checkpoints;

/// <summary>One model in every form that PyTorch and safetensors wrote it in.</summary>
public class GoldenFormsTests
{
    private static ModelFiles TinyMlm => ModelFiles.InFolder(Shared.Golden("tiny_mlm"));

    [Fact]
    public void The_tensors_have_the_names_that_the_reference_lists()
    {
        using JsonDocument keys = JsonDocument.Parse(TinyMlm.ReadText("keys.json"));
        string[] expected = [.. keys.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!)];

        using Checkpoint checkpoint = Checkpoint.Open(TinyMlm, "pytorch_model.bin");

        Assert.Equal(expected, checkpoint.Tensors.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("tiny_mlm", "pytorch_model.bin")]
    [InlineData("tiny_mlm", "pytorch_model.legacy.bin")]
    [InlineData("tiny_mlm_sharded", "model.safetensors.index.json")]
    public void A_form_in_single_precision_equals_safetensors_bit_for_bit(string folder, string file)
    {
        AssertEqualToSafetensors(folder, file, value => value);
    }

    [Theory]
    [InlineData("model.bf16.safetensors")]
    [InlineData("pytorch_model.bf16.bin")]
    public void A_form_in_bfloat16_equals_safetensors_rounded(string file) =>
        AssertEqualToSafetensors("tiny_mlm", file, RoundToBFloat16);

    [Fact]
    public void A_form_in_half_precision_equals_safetensors_rounded() =>
        AssertEqualToSafetensors("tiny_mlm", "pytorch_model.fp16.bin", value => (float)(Half)value);

    private static void AssertEqualToSafetensors(string folder, string file, Func<float, float> round)
    {
        using Checkpoint expected = Checkpoint.Open(TinyMlm);
        using Checkpoint actual = Checkpoint.Open(ModelFiles.InFolder(Shared.Golden(folder)), file);
        Assert.Equal("model.safetensors", Path.GetFileName(expected.Path));
        Assert.Empty(expected.Tensors.Keys.Except(actual.Tensors.Keys));
        // safetensors leaves out the second name of tied weights; PyTorch's files have both.
        Assert.Empty(actual.Tensors.Keys.Except(expected.Tensors.Keys).Except(["lm_head.decoder.weight", "lm_head.decoder.bias"]));

        foreach (CheckpointTensor tensor in expected.Tensors.Values)
        {
            CheckpointTensor other = actual.Tensors[tensor.Name];
            Assert.Equal(tensor.Shape, other.Shape);
            Assert.Equal(Array.ConvertAll(Values(tensor), round.Invoke), Values(other));
        }
    }

    private static float[] Values(CheckpointTensor tensor)
    {
        float[] values = new float[tensor.Count];
        tensor.CopyTo(values);
        return values;
    }

    /// <summary>To the nearest, ties to even, as PyTorch does.</summary>
    private static float RoundToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        bits += 0x7fff + ((bits >> 16) & 1);
        return BitConverter.UInt32BitsToSingle(bits & 0xffff0000);
    }
}
