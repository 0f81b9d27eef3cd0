using SentimentML.Encoders;
using SentimentML.Tests.Inference;
using SentimentML.Tokenization;

namespace SentimentML.Tests.Encoders.Batches;

public class PackedLayoutTests
{
    private static readonly EncoderConfig Config = Goldens.Classifier("tiny_classifier").Config with { MaxTokens = 512 };

    [Fact]
    public void Texts_of_all_lengths_come_down_to_few_shapes()
    {
        int[] shapes = [.. Enumerable.Range(3, 510).Select(length => PackedLayout.Of(Rows(length), Config).Ids.Length).Distinct()];
        Assert.True(shapes.Length < 40, $"{shapes.Length} shapes: {string.Join(", ", shapes)}");
    }

    [Fact]
    public void Batches_of_all_sizes_come_down_to_few_shapes_of_the_last_layer()
    {
        int[] shapes = [.. Enumerable.Range(1, 256)
            .Select(rows => PackedLayout.Of(Rows([.. Enumerable.Repeat(3, rows)]), Config).FilledStarts.Length).Distinct()];
        Assert.True(shapes.Length < 40, $"{shapes.Length} shapes: {string.Join(", ", shapes)}");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(3, 3, 17)]
    public void Filling_up_stays_below_16_tokens_and_keeps_the_rows(params int[] lengths)
    {
        PackedLayout layout = PackedLayout.Of(Rows(lengths), Config);
        Assert.InRange(layout.Ids.Length - lengths.Sum(), 0, lengths.Sum() < 64 ? 7 : 15);
        Assert.Equal(layout.Ids.Length, layout.Groups.Sum(group => group.Rows * group.Length));
        Assert.Equal(layout.Groups.Sum(group => group.Rows), layout.Starts.Length);
        Assert.Equal(layout.Starts, layout.FilledStarts[..layout.Starts.Length]);
        Assert.All(layout.FilledStarts[layout.Starts.Length..], start => Assert.Equal(layout.Starts[^1], start));
    }

    private static TokenRow[] Rows(params int[] lengths) => EncoderEngineTests.Rows(Config, lengths);
}
