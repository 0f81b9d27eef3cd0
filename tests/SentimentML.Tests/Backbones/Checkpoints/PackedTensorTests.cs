using System.Runtime.InteropServices;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Backbones.Checkpoints;

/// <summary>Matrices in 4 bits with a scale for each block of 32 values.</summary>
public class PackedTensorTests
{
    private const int Rows = 3, Columns = 96;

    private readonly Random _random = new(1);

    [Fact]
    public void Every_value_is_its_nibble_less_8_times_its_blocks_scale()
    {
        byte[] nibbles = Bytes(Rows * Columns / 2);
        Half[] scales = [.. Enumerable.Range(0, Rows * Columns / 32).Select(_ => (Half)(_random.NextSingle() - 0.5f))];
        using var folder = new TemporaryFolder();
        using Checkpoint checkpoint =
            Write(folder, ("w", CheckpointDtype.U8, [Rows, Columns / 2], nibbles),
                ("w.scale", CheckpointDtype.F16, [Rows, Columns / 32], MemoryMarshal.AsBytes(scales.AsSpan()).ToArray()),
            ("b", CheckpointDtype.F32, [2], new byte[8]));
        Assert.Equal(["b", "w"], checkpoint.Tensors.Keys.Order());
        CheckpointTensor tensor = checkpoint.Tensors["w"];
        Assert.Equal([Rows, Columns], tensor.Shape);
        float[] expected = new float[Rows * Columns];
        for (int block = 0; block < scales.Length; block++)
            for (int j = 0; j < 32; j++)
            {
                byte pair = nibbles[block * 16 + j % 16];
                expected[block * 32 + j] = ((j < 16 ? pair & 15 : pair >> 4) - 8) * (float)scales[block];
            }
        float[] whole = new float[Rows * Columns];
        tensor.CopyTo(whole);
        Assert.Equal(expected, whole);
        foreach ((int start, int count) in new[] { (0, 5), (7, 25), (31, 2), (40, 100), (287, 1) })
            Assert.Equal(expected[start..(start + count)], Range(tensor, start, count));
    }

    [Theory]
    [InlineData(3, 40, 3, 3)] // no whole blocks
    [InlineData(3, 48, 3, 2)]
    [InlineData(3, 48, 2, 3)]
    public void Scales_that_do_not_fit_are_an_error_that_names_the_matrix(int rows, int halves, int scaleRows, int blocks)
    {
        using var folder = new TemporaryFolder();
        SentimentMLException error = Assert.Throws<ModelFileException>(() => Write(folder,
            ("w", CheckpointDtype.U8, [rows, halves], Bytes(rows * halves)),
            ("w.scale", CheckpointDtype.F16, [scaleRows, blocks], Bytes(scaleRows * blocks * 2))));
        Assert.Contains($"'w' is packed as [{rows}, {halves}] with scales [{scaleRows}, {blocks}], expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_matrix_may_lie_in_a_shard()
    {
        using CheckpointFolder folder = new CheckpointFolder()
            .WithSafetensors("""{"w":{"dtype":"U8","shape":[2,16],"data_offsets":[0,32]},"w.scale":{"dtype":"F16","shape":[2,1],"data_offsets":[32,36]}}""", 36,
                "one.safetensors")
            .WithSafetensors("""{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "two.safetensors")
            .With(Checkpoint.SafetensorsIndex, """{"weight_map":{"w":"one.safetensors","w.scale":"one.safetensors","b":"two.safetensors"}}"""u8.ToArray());
        using Checkpoint checkpoint = Checkpoint.Open(folder.Files);
        Assert.Equal(["b", "w"], checkpoint.Tensors.Keys.Order());
        Assert.Equal([2, 32], checkpoint.Tensors["w"].Shape);
    }

    /// <summary>The Spanish backbone in 4 bits against transformers (shared/small/forward.jsonl).</summary>
    [Fact]
    public void A_packed_encoder_gives_the_reference_states()
    {
        string folder = Shared.Path("small");
        ModelFiles files = ModelFiles.InFolder(folder);
        var network = new SequenceClassifier(EncoderConfig.Read(files));
        using (Checkpoint checkpoint = Checkpoint.Open(files, "model.q4.safetensors"))
            CheckpointLoading.Load(checkpoint, Pretrained.Destinations(network), network.Config.Architecture.Names, TestContext.Current.CancellationToken);
        network.eval();
        using var _ = no_grad();
        foreach (string line in File.ReadLines(Path.Combine(folder, "forward.jsonl")))
        {
            using DisposeScope scope = NewDisposeScope();
            System.Text.Json.JsonElement golden = System.Text.Json.JsonDocument.Parse(line).RootElement;
            using TokenBatch batch = TokenBatch.Padded([golden.GetProperty("ids").Ints()], network.Config, CPU);
            Tensor hidden = network.Encoder.forward(batch); // [1, length, hidden]
            string text = golden.GetProperty("text").GetString()!;
            Goldens.Near($"'{text}', first token", golden.GetProperty("first_token").Doubles(), Doubles(hidden[0, 0]), 1e-4);
            Goldens.Near($"'{text}', mean", golden.GetProperty("mean").Doubles(), Doubles(hidden[0].mean([0])), 1e-4);
        }
        network.Dispose();
    }

    private static double[] Doubles(Tensor vector) => [.. vector.contiguous().data<float>().ToArray().Select(x => (double)x)];

    private static unsafe float[] Range(CheckpointTensor tensor, int start, int count)
    {
        float[] values = new float[count];
        fixed (float* first = values)
            tensor.CopyRangeTo(start, first, count);
        return values;
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static Checkpoint Write(TemporaryFolder folder, params (string Name, CheckpointDtype Dtype, long[] Shape, byte[] Bytes)[] tensors)
    {
        using (FileStream file = File.Create(folder.At(Checkpoint.Safetensors)))
            SafetensorsWriter.Write(
                file, [.. tensors.Select(t => new SafetensorsEntry(t.Name, t.Dtype, t.Shape, (offset, count) => t.Bytes.AsSpan((int)offset, count)))]);
        return Checkpoint.Open(ModelFiles.InFolder(folder.Path));
    }
}
