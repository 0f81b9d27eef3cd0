using SentimentML.Explanations;

namespace SentimentML.Tests.Explanations;

/// <summary>Tokens put together to words.</summary>
public class TokenWordTests
{
    private static readonly Lazy<PretrainedTokenizer> Tokenizer = new(() => PretrainedTokenizer.FromFolder(Shared.Golden("tiny_classifier")));

    [Theory]
    [InlineData("Muy bueno", "Muy|bueno")]
    [InlineData("Pésimo, no funciona!!", "Pésimo|,|no|funciona|!!")]
    [InlineData("¡Excelente!", "¡|Excelente|!")]
    [InlineData("Título\n\ncuerpo", "Título|cuerpo")]
    [InlineData("  dos   espacios  ", "dos|espacios")]
    [InlineData("\n al principio", "al|principio")]
    [InlineData("10 euros, 5€", "10|euros|,|5|€")]
    [InlineData("un 👍🏽👍 y ya", "un|👍🏽👍|y|ya")]
    [InlineData("cafe\u0301 frío", "cafe\u0301|frío")]
    [InlineData("¿qué?…bien", "¿|qué|?…|bien")]
    [InlineData("lone \ud83d surrogate", "lone|\ud83d|surrogate")]
    [InlineData("a <mask> b </s> c", "a|<mask>|b|</s>|c")]
    public void Words_are_runs_of_letters_and_runs_of_signs(string text, string expected)
    {
        List<TokenWord> words = Words(text, out _);
        Assert.Equal(expected.Split('|'), words.Select(word => text[word.Start..word.End]));
    }

    [Theory]
    [InlineData("Pésimo,\n\nno  funciona 👍🏽 !! ")]
    [InlineData(" \n a")]
    [InlineData("a \n ")]
    [InlineData("   ")]
    [InlineData("\u00a0\u3000x\u3000")]
    [InlineData("")]
    public void Every_token_is_in_one_word_and_words_do_not_overlap(string text)
    {
        List<TokenWord> words = Words(text, out int tokens);
        int token = 1, at = 0;
        foreach (TokenWord word in words)
        {
            Assert.Equal(token, word.FirstToken);
            Assert.True(word.EndToken > word.FirstToken);
            Assert.InRange(word.Start, at, word.End - 1);
            (token, at) = (word.EndToken, word.End);
        }
        Assert.Equal(tokens - 1, token);
        Assert.InRange(at, 0, text.Length);
    }

    [Fact]
    public void White_space_alone_is_a_word_so_that_nothing_is_lost()
    {
        TokenWord word = Assert.Single(Words(" \n\n ", out int tokens));
        Assert.Equal(new TokenWord(1, tokens - 1, 0, 4), word);
    }

    [Fact]
    public void Real_reviews_come_out_whole()
    {
        foreach (string text in RealReviews.Texts("dataset_es_dev.json.gz").Take(500))
        {
            List<TokenWord> words = Words(text, out int tokens);
            Assert.True(tokens - 2 == words.Sum(word => word.EndToken - word.FirstToken), text);
            string read = string.Concat(words.Select(word => text[word.Start..word.End]));
            string expected = string.Concat(text[..words[^1].End].Where(c => !char.IsWhiteSpace(c)));
            Assert.Equal(expected, string.Concat(read.Where(c => !char.IsWhiteSpace(c))));
        }
    }

    private static List<TokenWord> Words(string text, out int tokens)
    {
        TokenizedText encoded = Tokenizer.Value.Encode(text);
        tokens = encoded.Ids.Count;
        return TokenWord.Of(text, encoded.Offsets, 1..^1);
    }
}
