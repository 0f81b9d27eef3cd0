using SentimentML.Encoders;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>The trained attention of packed rows and its gradients against libtorch's, row by row.</summary>
public class PackedAttentionGradientTests
{
    private static readonly (long Rows, long Length)[] Groups = [(2, 1), (1, 3), (3, 15), (1, 16), (2, 17), (1, 64), (1, 131), (1, 4)];

    public static TheoryData<int, int> Heads => new() { { 1, 16 }, { 2, 32 }, { 3, 48 }, { 12, 64 }, { 1, 128 } };

    [Theory]
    [MemberData(nameof(Heads))]
    public void Float32_equals_libtorchs(int heads, int headSize)
    {
        RequireSupport(headSize);
        using DisposeScope scope = NewDisposeScope();
        var rows = new AttentionRows(heads * headSize, heads, Groups);
        Tensor[] inputs = Drawn(rows, ScalarType.Float32);
        Same(Gradients(inputs, rows, WrittenOut), Gradients(inputs, rows, PackedAttentionFunction.Attend), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Bfloat16_is_the_float32_of_the_same_numbers_rounded(int heads, int headSize)
    {
        RequireSupport(headSize);
        using DisposeScope scope = NewDisposeScope();
        var rows = new AttentionRows(heads * headSize, heads, Groups);
        Tensor[] inputs = Drawn(rows, ScalarType.BFloat16);
        Tensor[] actual = Gradients(inputs, rows, PackedAttentionFunction.Attend);
        Assert.All(actual, tensor => Assert.Equal(ScalarType.BFloat16, tensor.dtype));
        Tensor[] Exact(Tensor[] tensors) => [.. tensors.Select(tensor => tensor.to(ScalarType.Float32))];
        Same(Gradients(Exact(inputs), rows, WrittenOut), Exact(actual), 1 / 256.0);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    public void Dropout_drops_its_share_and_the_backward_pass_drops_the_same(double dropout)
    {
        const int size = 32, length = 30, count = 40;
        RequireSupport(size);
        using DisposeScope scope = NewDisposeScope();
        var rows = new AttentionRows(2 * size, 2, [(count, length)], dropout, Seed: 11);
        // Without queries all probabilities are alike, and with a value of its own for each token the context shows which are dropped.
        Tensor places = eye(size).narrow(0, 0, length).repeat(count, 2), none = zeros(count * length, 2 * size);
        Tensor context = PackedAttention.Attend(none, none, places, rows);
        Tensor factors = context.view(count, length, 2, size).transpose(1, 2).narrow(3, 0, length) * length; // [rows, heads, length, length]
        float[] drawn = factors.contiguous().data<float>().ToArray();
        Assert.Equal(dropout, drawn.Count(factor => factor == 0) / (double)drawn.Length, 0.01);
        Assert.All(drawn, factor => Assert.True(factor == 0 || Math.Abs(factor - 1 / (1 - dropout)) < 1e-5, $"a factor of {factor}"));
        Assert.NotEqual(drawn[..(length * length)], drawn[(length * length)..(2 * length * length)]); // of another head

        Tensor[] inputs = Drawn(rows, ScalarType.Float32);
        Tensor Dropped(Tensor query, Tensor key, Tensor value, AttentionRows _)
        {
            Tensor Split(Tensor x) => x.view(count, length, 2, size).transpose(1, 2);
            Tensor probabilities = (Split(query).matmul(Split(key).transpose(2, 3)) / Math.Sqrt(size)).softmax(-1) * factors;
            return probabilities.matmul(Split(value)).transpose(1, 2).reshape(count * length, 2 * size);
        }
        Same(Gradients(inputs, rows, Dropped), Gradients(inputs, rows, PackedAttentionFunction.Attend), 1e-5);
    }

    [Fact]
    public void What_its_gradients_throw_is_thrown_after_the_backward_pass()
    {
        RequireSupport(16);
        using DisposeScope scope = NewDisposeScope();
        Tensor query = zeros(2, 16, requires_grad: true);
        AttentionRows rows = new(16, 1, [(1, 2)]);
        Tensor context = PackedAttentionFunction.Attend(query, query, query, rows);
        using (no_grad())
            query.add_(1); // the saved queries are not what they were
        Exception fault = Assert.ThrowsAny<Exception>(() => BackwardPass.Run(context.sum()));
        Assert.Contains("modified by an inplace operation", fault.Message, StringComparison.Ordinal);
        BackwardPass.Run(PackedAttentionFunction.Attend(query, query, query, rows).sum()); // the next one knows nothing of it
    }

    private static void RequireSupport(int headSize) => Assert.SkipUnless(PackedAttention.Supports(headSize), "This processor has no AVX-512.");

    private static Tensor[] Drawn(AttentionRows rows, ScalarType type)
    {
        using var generator = new Generator(5, CPU);
        long tokens = rows.Groups.Sum(group => group.Rows * group.Length);
        return [.. Enumerable.Range(0, 4).Select(_ => randn(tokens, rows.Hidden, generator: generator).to(type))]; // the last is the loss by the context
    }

    /// <returns>The context, and the loss by queries, keys and values.</returns>
    private static Tensor[] Gradients(Tensor[] inputs, AttentionRows rows, Func<Tensor, Tensor, Tensor, AttentionRows, Tensor> attention)
    {
        Tensor[] leaves = [.. inputs[..3].Select(tensor => tensor.detach().clone().requires_grad_())];
        Tensor context = attention(leaves[0], leaves[1], leaves[2], rows);
        BackwardPass.Run((context * inputs[3]).sum());
        return [context.detach(), .. leaves.Select(leaf => leaf.grad!)];
    }

    private static Tensor WrittenOut(Tensor query, Tensor key, Tensor value, AttentionRows rows)
    {
        var contexts = new List<Tensor>();
        long at = 0;
        foreach ((long count, long length) in rows.Groups)
        {
            Tensor Split(Tensor x) => x.narrow(0, at, count * length).view(count, length, rows.Heads, -1).transpose(1, 2);
            Tensor probabilities = (Split(query).matmul(Split(key).transpose(2, 3)) / Math.Sqrt(rows.HeadSize)).softmax(-1);
            contexts.Add(probabilities.matmul(Split(value)).transpose(1, 2).reshape(count * length, rows.Hidden));
            at += count * length;
        }
        return cat(contexts);
    }

    private static void Same(Tensor[] expected, Tensor[] actual, double tolerance)
    {
        string[] names = ["context", "queries", "keys", "values"];
        for (int i = 0; i < names.Length; i++)
        {
            double worst = (expected[i] - actual[i]).abs().max().item<float>(), most = expected[i].abs().max().item<float>();
            Assert.True(worst <= tolerance * Math.Max(1, most), $"{names[i]}: the difference is {worst} of {most}, expected at most {tolerance} of it.");
        }
    }
}
