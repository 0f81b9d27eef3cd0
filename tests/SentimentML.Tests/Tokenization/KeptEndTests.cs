using SentimentML.Tokenization;

namespace SentimentML.Tests.Tokenization;

/// <summary>Texts that are cut at their beginning.</summary>
public sealed class KeptEndTests
{
    private readonly PretrainedTokenizer _tokenizer = PretrainedTokenizer.FromFolder(Shared.Golden("tiny_classifier_3"));

    [Fact]
    public void A_text_keeps_its_last_tokens_between_the_special_ones()
    {
        int[] whole = _tokenizer.EncodeToIds("la mesa tiene las patas bonitas y es barata", maxTokens: 512);
        TokenRow cut = _tokenizer.EncodeRow(new TextInput("la mesa tiene las patas bonitas y es barata"), 8, out bool isTruncated, keepEnd: true);
        Assert.True(isTruncated);
        Assert.Equal([whole[0], .. whole[^7..]], cut.Ids.ToArray());
        Assert.Equal(whole[..7].Append(whole[^1]), _tokenizer.EncodeRow(new TextInput("la mesa tiene las patas bonitas y es barata"), 8, out _).Ids.ToArray());
    }

    [Fact]
    public void A_text_that_fits_is_the_same_either_way()
    {
        var text = new TextInput("muy bueno", "y barato");
        TokenRow row = _tokenizer.EncodeRow(text, 512, out bool isTruncated, keepEnd: true);
        Assert.False(isTruncated);
        Assert.Equal(_tokenizer.EncodeRow(text, 512, out _).Ids.ToArray(), row.Ids.ToArray());
    }

    [Fact]
    public void Of_a_pair_the_longer_text_loses_its_beginning()
    {
        string first = string.Join(' ', Enumerable.Repeat("bueno malo regular", 20));
        int[] ids = _tokenizer.EncodeRow(new TextInput(first, "barato"), 20, out bool isTruncated, keepEnd: true).Ids.ToArray();
        int[] ofFirst = _tokenizer.EncodeToIds(first, maxTokens: 512)[1..^1], ofSecond = _tokenizer.EncodeToIds("barato")[1..^1];
        Assert.True(isTruncated);
        Assert.Equal(20, ids.Length);
        int kept = 20 - 4 - ofSecond.Length;
        Assert.Equal(ofFirst[^kept..], ids[1..(1 + kept)]);
        Assert.Equal(ofSecond, ids[^(1 + ofSecond.Length)..^1]);
    }
}
