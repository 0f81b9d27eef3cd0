namespace SentimentML.Tests.Sentiments;

/// <summary>Which sentiment a model's labels stand for.</summary>
public class SentimentMapTests
{
    private const Sentiment Neg = Sentiment.Negative, Neu = Sentiment.Neutral, Pos = Sentiment.Positive;

    public static TheoryData<string[], Sentiment[]> Known => new()
    {
        { ["negative", "positive"], [Neg, Pos] },
        { ["positive", "neutral", "negative"], [Pos, Neu, Neg] }, // lxyuan's order
        { ["NEG", "NEU", "POS"], [Neg, Neu, Pos] },
        { ["Negative", "Neutral", "Positive"], [Neg, Neu, Pos] },
        { ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], [Neg, Neg, Neu, Pos, Pos] },
        { ["5", "4", "3", "2", "1"], [Pos, Pos, Neu, Neg, Neg] },
        { ["1.0", "5.0"], [Neg, Pos] },
        { ["Una estrella", "Dos estrellas", "Tres estrellas", "Cuatro estrellas", "Cinco estrellas"], [Neg, Neg, Neu, Pos, Pos] },
        { ["star_1", "star_5"], [Neg, Pos] },
        { ["1 star", "2 stars", "3 stars"], [Neg, Neg, Neu] },
        { ["★", "★★", "★★★", "★★★★", "★★★★★"], [Neg, Neg, Neu, Pos, Pos] },
        { ["Very Negative", "Negative", "Neutral", "Positive", "Very Positive"], [Neg, Neg, Neu, Pos, Pos] },
        { ["muy negativo", "negativo", "neutro", "positivo", "muy positivo"], [Neg, Neg, Neu, Pos, Pos] },
        { ["N", "NEU", "P", "NONE"], [Neg, Neu, Pos, Neu] }, // TASS
        { ["-1", "0", "1"], [Neg, Neu, Pos] },
        { ["malo", "bueno"], [Neg, Pos] },
        { ["negativos", "neutrales", "positivos"], [Neg, Neu, Pos] },
        { ["slightly_negative", "strongly-positive"], [Neg, Pos] },
        { ["Pésimo", "Malo", "Normal", "Muy bueno", "Excelente"], [Neg, Neg, Neu, Pos, Pos] },
        { ["Muy satisfecho/a", "Poco satisfecho/a", "Nada satisfecha", "Ni satisfecho ni insatisfecho", "Indiferente"], [Pos, Neg, Neg, Neu, Neu] },
        { ["Detractor", "Passive", "Promoter"], [Neg, Neu, Pos] }, // of a Net Promoter Score
        { ["1 - Muy insatisfecho", "3: Aceptable", "5 - Satisfecho"], [Neg, Neu, Pos] },
        { ["-1 (negativo)", "positivo (1)"], [Neg, Pos] },
        { ["Not Recommended", "Recommended"], [Neg, Pos] },
        { ["👎", "👍"], [Neg, Pos] },
        { ["☹️", "😐", "🙂"], [Neg, Neu, Pos] },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Names_that_say_a_sentiment_are_mapped_in_any_order(string[] labels, Sentiment[] expected)
    {
        SentimentMap? map = SentimentMap.FromNames(labels);
        Assert.NotNull(map);
        Assert.Equal(expected, labels.Select(label => map.Find(label)!.Value));
    }

    [Theory]
    [InlineData("LABEL_0", "LABEL_1")]
    [InlineData("0", "1")]
    [InlineData("1", "2")]
    [InlineData("1", "2", "3")]
    [InlineData("Poco bueno", "Bueno")]
    [InlineData("negative", "LABEL_1")]
    [InlineData("anger", "joy")]
    [InlineData("not negative", "negative")]
    [InlineData("0", "1", "2", "3", "4")]
    [InlineData("1 star", "6 stars")]
    [InlineData("")]
    public void Names_that_do_not_say_one_are_not_guessed(params string[] labels) => Assert.Null(SentimentMap.FromNames(labels));

    [Fact]
    public void A_stated_map_is_read_and_written_alike()
    {
        SentimentMap map = SentimentMap.Parse(" LABEL_0=negative, LABEL_1 = neutral,LABEL_2=POS ");
        Assert.Equal("LABEL_0=negative,LABEL_1=neutral,LABEL_2=positive", map.ToString());
        Assert.Equal(map.ByLabel, SentimentMap.Parse(map.ToString()).ByLabel);
        Assert.Equal(Pos, map.Find("label_2"));
        Assert.Null(map.Find("LABEL_3"));
    }

    [Theory]
    [InlineData("", "There is no pair")]
    [InlineData("LABEL_0", "'LABEL_0' does not say a label's sentiment, expected LABEL=negative, LABEL=neutral or LABEL=positive.")]
    [InlineData("LABEL_0=joy", "'LABEL_0=joy' does not say")]
    [InlineData("=negative", "does not say")]
    [InlineData("a=negative,a=positive", "'a' has two sentiments")]
    public void A_map_that_cannot_be_read_says_what_was_expected(string text, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => SentimentMap.Parse(text)).Message, StringComparison.Ordinal);
}
