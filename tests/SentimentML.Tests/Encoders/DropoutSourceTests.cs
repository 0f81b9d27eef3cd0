using SentimentML.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

public class DropoutSourceTests
{
    private const int Count = 400_000;

    [Theory]
    [InlineData(ScalarType.Float32, 0.1, false)]
    [InlineData(ScalarType.BFloat16, 0.1, false)]
    [InlineData(ScalarType.Float32, 0.75, false)]
    [InlineData(ScalarType.BFloat16, 0.75, false)]
    [InlineData(ScalarType.Float32, 0.1, true)]
    [InlineData(ScalarType.BFloat16, 0.75, true)]
    public void A_mask_drops_its_share_and_scales_the_rest_to_keep_the_expectation(ScalarType type, double probability, bool fromLibtorch)
    {
        using DropoutSource source = fromLibtorch ? new DropoutSource(new Generator(0, CPU)) : new DropoutSource(CPU);
        source.Seed(7);
        float[] mask = Values(source, type, probability);
        float kept = tensor(1 / (1 - probability)).to(type).to(ScalarType.Float32).ToSingle();
        Assert.All(mask.Distinct(), value => Assert.Contains(value, new[] { 0f, kept }));
        Assert.Equal(probability, Dropped(mask), 5 * Deviation(probability));
        source.Seed(7);
        Assert.Equal(mask, Values(source, type, probability));
    }

    [Fact]
    public void A_probability_of_1_drops_all() => Assert.All(Mask(7, ScalarType.Float32, 1), value => Assert.Equal(0, value));

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void What_is_dropped_tells_nothing_of_its_neighbours(ScalarType type)
    {
        bool[] dropped = Array.ConvertAll(Mask(7, type, 0.3), value => value == 0);
        for (int distance = 1; distance <= 33; distance++)
        {
            double both = Enumerable.Range(0, Count - distance).Count(i => dropped[i] && dropped[i + distance]) / (double)(Count - distance);
            Assert.True(Math.Abs(both - 0.09) < 5 * Deviation(0.09),
                $"{both} of the elements and of those {distance} further were dropped together, expected 0.09");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_follows_a_mark_is_drawn_once_more(bool fromLibtorch)
    {
        using DropoutSource source = fromLibtorch ? new DropoutSource(new Generator(0, CPU)) : new DropoutSource(CPU);
        float[] Draw() => Values(source, ScalarType.Float32, 0.5);
        source.Seed(7);
        var mark = source.Mark();
        float[] first = Draw(), second = Draw();
        ulong seed = source.NextSeed();
        var here = source.GoTo(mark);
        Assert.Equal(first, Draw());
        Assert.Equal(second, Draw());
        Assert.Equal(seed, source.NextSeed());

        source.GoTo(here);
        float[] onwards = Draw();
        source.Seed(7);
        source.Mark();
        for (int i = 0; i < 2; i++)
            Draw();
        source.NextSeed();
        if (!fromLibtorch)
            Assert.Equal(onwards, Draw());
        Assert.NotEqual(first, onwards);
        Assert.NotEqual(second, onwards);
    }

    [Fact]
    public void A_seed_begins_the_same_masks_and_each_mask_is_another()
    {
        using var source = new DropoutSource(CPU);
        source.Seed(3);
        float[] first = Values(source, ScalarType.Float32, 0.5), second = Values(source, ScalarType.Float32, 0.5);
        source.Seed(3);
        Assert.Equal(first, Values(source, ScalarType.Float32, 0.5));
        Assert.Equal(second, Values(source, ScalarType.Float32, 0.5));
        Assert.Equal(0.5, Agreement(first, second), 5 * Deviation(0.5));
        Assert.Equal(0.5, Agreement(first, Mask(4, ScalarType.Float32, 0.5)), 5 * Deviation(0.5));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Masks_of_every_size_are_filled_to_their_last_element(ScalarType type)
    {
        using var source = new DropoutSource(CPU);
        source.Seed(1);
        for (int length = 1; length <= 40; length++)
        {
            using Tensor like = zeros(length, dtype: type);
            var seen = new HashSet<float>();
            for (int i = 0; i < 60; i++)
            {
                using Tensor mask = source.Mask(like, 0.5);
                float last = mask.to(ScalarType.Float32)[^1].ToSingle();
                Assert.True(last is 0 or 2, $"the last of {length} elements is {last}");
                seen.Add(last);
            }
            Assert.Equal(2, seen.Count);
        }
    }

    private static float[] Mask(long seed, ScalarType type, double probability)
    {
        using var source = new DropoutSource(CPU);
        source.Seed(seed);
        return Values(source, type, probability);
    }

    private static float[] Values(DropoutSource source, ScalarType type, double probability)
    {
        using DisposeScope scope = NewDisposeScope();
        return source.Mask(zeros(Count / 100, 100, dtype: type), probability).to(ScalarType.Float32).data<float>().ToArray();
    }

    private static double Dropped(float[] mask) => mask.Count(value => value == 0) / (double)mask.Length;

    private static double Agreement(float[] a, float[] b) => a.Zip(b).Count(pair => pair.First == pair.Second) / (double)a.Length;

    /// <summary>Of the share of <see cref="Count"/> independent draws.</summary>
    private static double Deviation(double probability) => Math.Sqrt(probability * (1 - probability) / Count);
}
