using System.Text.Json.Nodes;

namespace SentimentML.Tests.Preprocessing;

public class TweetPreprocessingOptionsTests
{
    [Fact]
    public void Every_fault_is_named_in_one_message()
    {
        var options = new TweetPreprocessingOptions { UserToken = null!, UrlToken = new string('u', 65), MaxRepeats = 1 };
        var e = Assert.Throws<ArgumentException>(() => new TweetPreprocessing(options));
        Assert.Equal(
            "The options for preprocessing tweets are wrong. UserToken is null, expected a text. UrlToken has 65 characters, expected at most 64. "
            + "MaxRepeats is 1, expected at least 2, or null for any number. (Parameter 'options')", e.Message);
    }

    [Fact]
    public void The_preset_of_robertuito_has_the_defaults_of_the_reference()
    {
        Assert.Equal(new TweetPreprocessingOptions(), TweetPreprocessing.Robertuito.Options);
        Assert.Equal(
            """{"preprocess_hashtags":true,"hashtag_token":"hashtag","char_replace":true,"preprocess_handles":true,"user_token":"@usuario","""
            + "\"preprocess_urls\":true,\"url_token\":\"url\",\"shorten\":3,\"demoji\":true,\"emoji_wrapper\":\"emoji\",\"normalize_laughter\":true}",
            new TweetPreprocessingOptions().ToJson().ToJsonString());
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var options = new TweetPreprocessingOptions
        {
            SplitHashtags = false, HashtagToken = "", ReplaceCharacters = false, ReplaceUsers = false, UserToken = "@user", ReplaceUrls = false,
            UrlToken = "http", MaxRepeats = null, DescribeEmoji = false, EmojiToken = "[EMOJI]", NormalizeLaughter = false,
        };
        Assert.Equal(options, Read(options.ToJson().ToJsonString()));
        Assert.Equal(new TweetPreprocessingOptions(), Read("{}"));
    }

    [Theory]
    [InlineData("""{"shorten":1}""", "MaxRepeats is 1, expected at least 2, or null for any number.")]
    [InlineData("""{"shorten":"3"}""", "shorten is \"3\", expected a whole number or null.")]
    [InlineData("""{"shorten":2.5}""", "shorten is 2.5, expected a whole number or null.")]
    [InlineData("""{"demoji":null}""", "demoji is null, expected true or false.")]
    [InlineData("""{"user_token":null}""", "user_token is null, expected a text.")]
    [InlineData("""{"url_token":["url"]}""", "url_token is [\"url\"], expected a text.")]
    [InlineData("""{"lang":"en"}""", "\"lang\" is not an option of the preprocessing of tweets, expected one of preprocess_hashtags, hashtag_token, "
        + "char_replace, preprocess_handles, user_token, preprocess_urls, url_token, shorten, demoji, emoji_wrapper, normalize_laughter.")]
    public void A_damaged_record_is_rejected_by_name(string json, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Read(json)).Message);

    private static TweetPreprocessingOptions Read(string json) => TweetPreprocessingOptions.FromJson(JsonNode.Parse(json)!.AsObject());
}
