using System.Text.Json.Nodes;
using SentimentML.Files;

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
        JsonNode written = JsonNode.Parse(new ModelRecord { Preprocessing = new TweetPreprocessingOptions() }.ToJson())!["preprocessing"]!;
        Assert.Equal(
            """{"preprocess_hashtags":true,"hashtag_token":"hashtag","char_replace":true,"preprocess_handles":true,"user_token":"@usuario","""
            + "\"preprocess_urls\":true,\"url_token\":\"url\",\"shorten\":3,\"demoji\":true,\"emoji_wrapper\":\"emoji\",\"normalize_laughter\":true}",
            written.ToJsonString());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(null)]
    public void What_a_record_holds_is_read_again(int? repeats)
    {
        var options = new TweetPreprocessingOptions
        {
            SplitHashtags = false, HashtagToken = "", ReplaceCharacters = false, ReplaceUsers = false, UserToken = "@user", ReplaceUrls = false,
            UrlToken = "http", LowercaseCapitals = true, RemoveExclamations = true, MaxRepeats = repeats, DescribeEmoji = false, EmojiToken = "[EMOJI]",
            NormalizeLaughter = false,
        };
        Assert.Equal(options, Read(new ModelRecord { Preprocessing = options }.ToJson()));
        Assert.Equal(new TweetPreprocessingOptions(), Read("""{"preprocessing":{}}"""));
    }

    [Theory]
    [InlineData("""{"shorten":1}""", "MaxRepeats is 1, expected at least 2, or null for any number.")]
    [InlineData("""{"user_token":null}""", "UserToken is null, expected a text.")]
    [InlineData("""{"shorten":"3"}""", "$.preprocessing.shorten")]
    [InlineData("""{"shorten":2.5}""", "$.preprocessing.shorten")]
    [InlineData("""{"demoji":null}""", "$.preprocessing.demoji")]
    [InlineData("""{"url_token":["url"]}""", "$.preprocessing.url_token")]
    [InlineData("""{"lang":"en"}""", "'lang'")]
    public void A_damaged_record_is_rejected_by_name(string options, string message) =>
        Assert.Contains(message, Assert.Throws<ModelFileException>(() => Read($$"""{"preprocessing":{{options}}}""")).Message, StringComparison.Ordinal);

    private static TweetPreprocessingOptions? Read(string record)
    {
        using TemporaryFolder folder = new TemporaryFolder().With(ModelRecord.FileName, record);
        return ModelRecord.Read(ModelFiles.InFolder(folder.Path)).Preprocessing;
    }
}
