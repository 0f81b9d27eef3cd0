using SentimentML.Reviews;

namespace SentimentML.Tests.Reviews;

public class MissingValueTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("None")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("N/A")]
    [InlineData("n/a")]
    [InlineData("NA")]
    [InlineData(" #N/A ")]
    [InlineData("<NA>")]
    public void Words_for_no_value_are_missing_labels(string? value) => Assert.True(MissingValue.IsMissing(value), value);

    [Theory]
    [InlineData("NONE")] // a class of the TASS corpora
    [InlineData("none")]
    [InlineData("negative")]
    [InlineData("0")]
    [InlineData("nada")]
    [InlineData("N")]
    public void Other_words_are_labels(string value) => Assert.False(MissingValue.IsMissing(value), value);

    [Theory]
    [InlineData(null, true)]
    [InlineData("\u00A0\n", true)]
    [InlineData("None", false)]
    [InlineData("NaN", false)]
    [InlineData(".", false)]
    public void A_text_is_missing_only_if_it_is_blank(string? value, bool isMissing) => Assert.Equal(isMissing, MissingValue.IsMissingText(value));
}
