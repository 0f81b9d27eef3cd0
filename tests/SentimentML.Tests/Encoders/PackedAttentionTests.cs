using SentimentML.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>The attention of packed rows against libtorch's, row by row.</summary>
public class PackedAttentionTests
{
    private static readonly (long Rows, long Length)[] Groups = [(2, 1), (1, 3), (3, 15), (1, 16), (2, 17), (1, 64), (1, 131), (1, 4)];

    public static TheoryData<int, int> Heads => new() { { 1, 16 }, { 2, 32 }, { 3, 48 }, { 2, 64 }, { 1, 128 } };

    [Theory]
    [MemberData(nameof(Heads))]
    public void Float32_equals_libtorchs(int heads, int headSize)
    {
        RequireSupport(headSize);
        using DisposeScope scope = NewDisposeScope();
        Tensor packed = Drawn(heads * headSize);
        Near(Reference(packed, heads, firstAlone: false), PackedAttention.Attend(packed, packed, heads * headSize, heads, Groups, allCores: false), 3e-6);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Bfloat16_is_the_float32_of_the_same_numbers_rounded(int heads, int headSize)
    {
        RequireSupport(headSize);
        using DisposeScope scope = NewDisposeScope();
        Tensor packed = Drawn(heads * headSize).to(ScalarType.BFloat16);
        Tensor expected = Reference(packed.to(ScalarType.Float32), heads, firstAlone: false);
        using Tensor actual = PackedAttention.Attend(packed, packed, heads * headSize, heads, Groups, allCores: false);
        Assert.Equal(ScalarType.BFloat16, actual.dtype);
        double worst = ((actual.to(ScalarType.Float32) - expected).abs() / expected.abs().clamp(min: 1e-2)).max().item<float>();
        Assert.True(worst <= 1 / 255.0, $"The relative difference is {worst}, expected at most half a unit of bfloat16's last place.");
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void The_first_token_alone_gets_what_it_gets_among_all(int heads, int headSize)
    {
        RequireSupport(headSize);
        using DisposeScope scope = NewDisposeScope();
        int hidden = heads * headSize;
        Tensor packed = Drawn(hidden);
        long at = 0;
        long[] starts = [.. Groups.SelectMany(group => Enumerable.Range(0, (int)group.Rows).Select(_ => (at += group.Length) - group.Length))];
        Tensor asking = packed.index_select(0, tensor(starts)).narrow(1, 0, hidden).contiguous(), asked = packed.narrow(1, hidden, 2 * hidden).contiguous();
        using Tensor actual = PackedAttention.Attend(asking, asked, hidden, heads, Groups, allCores: false);
        Near(Reference(packed, heads, firstAlone: true), actual, 3e-6);
    }

    [Fact]
    public void All_cores_give_the_same_bit_for_bit()
    {
        RequireSupport(64);
        using DisposeScope scope = NewDisposeScope();
        (long, long)[] groups = [(3, 200)]; // enough to be shared
        Tensor packed = randn(600, 3 * 768);
        using Tensor one = PackedAttention.Attend(packed, packed, 768, 12, groups, allCores: false),
            all = PackedAttention.Attend(packed, packed, 768, 12, groups, allCores: true);
        Assert.Equal(one.data<float>().ToArray(), all.data<float>().ToArray());
    }

    [Fact]
    public void Great_scores_choose_one_value_and_scores_that_are_not_finite_give_no_number()
    {
        RequireSupport(16);
        using DisposeScope scope = NewDisposeScope();
        Tensor packed = zeros(4, 48);
        packed[0, 0] = 1e3f;
        packed[2, 16] = 1e3f; // the first token's score of the third is 1e6
        packed[2, 32] = 7f;
        using Tensor chosen = PackedAttention.Attend(packed, packed, 16, 1, [(1, 4)], allCores: false);
        Assert.Equal(7f, chosen[0, 0].item<float>());
        Assert.Equal(7f / 4, chosen[1, 0].item<float>(), 6); // the others see all alike
        packed[3, 20] = float.NaN;
        using Tensor none = PackedAttention.Attend(packed, packed, 16, 1, [(1, 4)], allCores: false);
        Assert.All(none.data<float>().ToArray(), number => Assert.True(float.IsNaN(number), $"{number} hides a key that is not a number."));
    }

    private static void RequireSupport(int headSize) => Assert.SkipUnless(PackedAttention.Supports(headSize), "This processor has no AVX-512.");

    private static Tensor Drawn(int hidden)
    {
        using var generator = new Generator(5, CPU);
        return randn(Groups.Sum(group => group.Rows * group.Length), 3 * hidden, generator: generator) * 0.5f;
    }

    private static Tensor Reference(Tensor packed, int heads, bool firstAlone)
    {
        var contexts = new List<Tensor>();
        long at = 0;
        foreach ((long rows, long length) in Groups)
        {
            // [rows, heads, length, head size]
            Tensor[] parts = packed.narrow(0, at, rows * length).view(rows, length, 3, heads, -1).permute(2, 0, 3, 1, 4).unbind(0);
            Tensor query = firstAlone ? parts[0].narrow(2, 0, 1) : parts[0];
            Tensor context = query.matmul(parts[1].transpose(2, 3)).softmax(-1).matmul(parts[2]);
            contexts.Add(context.transpose(1, 2).reshape(-1, packed.shape[1] / 3));
            at += rows * length;
        }
        return cat(contexts);
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        double worst = (expected - actual).abs().max().item<float>();
        Assert.True(worst <= tolerance, $"The difference is {worst}, expected at most {tolerance}.");
    }
}
