using SentimentML.Explanations;

namespace SentimentML.Tests.Explanations;

public class AttributedRunTests
{
    [Fact]
    public void Runs_cover_the_whole_text_and_the_strongest_word_has_strength_one()
    {
        AttributedRun[] runs = [.. AttributedRun.Of(Of(" no va,  y lo demás", (1, 3, -2), (4, 6, 1), (6, 7, 0)))];
        Assert.Equal(
            [
                new AttributedRun(" ", null, 0), new AttributedRun("no", -2, -1), new AttributedRun(" ", null, 0), new AttributedRun("va", 1, 0.5),
                new AttributedRun(",", 0, 0), new AttributedRun("  y lo demás", null, 0),
            ],
            runs);
    }

    [Fact]
    public void A_pair_is_drawn_to_one_scale()
    {
        var pair = new Explanation
        {
            Text = "a",
            TextPair = "b",
            Method = ExplanationMethod.Occlusion,
            Label = "positive",
            Score = 1,
            Words = [new WordAttribution(0, 1, "a", -1)],
            PairWords = [new WordAttribution(0, 1, "b", 4)],
            IsTruncated = false,
        };
        Assert.Equal([new AttributedRun("a", -1, -0.25)], AttributedRun.Of(pair));
        Assert.Equal([new AttributedRun("b", 4, 1)], AttributedRun.OfPair(pair));
    }

    [Fact]
    public void Without_weights_nothing_is_coloured()
    {
        Assert.Empty(AttributedRun.Of(Of("")));
        Assert.Empty(AttributedRun.OfPair(Of("a")));
        Assert.Equal([new AttributedRun("a", 0, 0)], AttributedRun.Of(Of("a", (0, 1, 0))));
    }

    private static Explanation Of(string text, params (int Start, int End, double Weight)[] words) => new()
    {
        Text = text,
        Method = ExplanationMethod.Occlusion,
        Label = "positive",
        Score = 1,
        Words = [.. words.Select(word => new WordAttribution(word.Start, word.End, text[word.Start..word.End], word.Weight))],
        PairWords = [],
        IsTruncated = false,
    };
}
