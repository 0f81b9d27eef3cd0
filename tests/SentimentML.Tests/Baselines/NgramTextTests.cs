using SentimentML.Ngrams;

namespace SentimentML.Tests.Baselines;

/// <summary>What scikit-learn's CountVectorizer gives with analyzer "char_wb" or "word", in its order.</summary>
public class NgramTextTests
{
    [Theory]
    [InlineData("Sí, va", 2, 3, " s|sí|í,|, | sí|sí,|í, | v|va|a | va|va ")]
    [InlineData("a", 2, 5, " a|a | a ")]
    [InlineData("muy", 5, 5, " muy ")]
    [InlineData("muy", 6, 7, " muy ")]
    [InlineData("  dos \n\n\t  MÁS\u00a0  ", 4, 4, " dos|dos | más|más ")]
    [InlineData("no\n\nno", 2, 2, " n|no|o | n|no|o ")]
    [InlineData("", 2, 5, "")]
    [InlineData(" \n ", 2, 5, "")]
    public void Character_ngrams_stay_within_words_and_see_their_edges(string text, int shortest, int longest, string expected)
        => Assert.Equal(expected, Characters(text, shortest, longest));

    [Fact]
    public void An_emoji_is_one_character() => Assert.Equal(" 😀|😀!|! | 😀!|😀! ", Characters("😀!", 2, 3));

    [Fact]
    public void Half_an_emoji_is_a_replacement_character() => Assert.Equal(" \ufffd|\ufffda|a ", Characters("\ud83da", 2, 2));

    [Theory]
    [InlineData("La mesa NO es bonita", 1, 2, "la|mesa|no|es|bonita|la mesa|mesa no|no es|es bonita")]
    [InlineData("¡Qué bien!\n\nY a mí, 5 estrellas; 10/10", 1, 1, "qué|bien|mí|estrellas|10|10")]
    [InlineData("bien y mal", 2, 2, "bien mal")]
    [InlineData("snake_case x", 1, 2, "snake_case")]
    [InlineData("a b c", 1, 2, "")]
    [InlineData("", 1, 2, "")]
    public void Words_have_two_letters_or_more(string text, int shortest, int longest, string expected)
    {
        List<string> ngrams = [];
        new NgramText().Words(text, shortest, longest, ngram => ngrams.Add(ngram.ToString()));
        Assert.Equal(expected, string.Join('|', ngrams));
    }

    [Fact]
    public void A_long_text_after_a_short_one_and_back_gives_what_each_gives_alone()
    {
        var cutter = new NgramText();
        string longText = string.Concat(Enumerable.Repeat("palabra Ñ ", 5_000));
        foreach (string text in new[] { "hola", longText, "hola" })
        {
            List<string> ngrams = [];
            cutter.CharactersWithinWords(text, 2, 5, ngram => ngrams.Add(ngram.ToString()));
            Assert.Equal(Characters(text, 2, 5), string.Join('|', ngrams));
        }
    }

    private static string Characters(string text, int shortest, int longest)
    {
        List<string> ngrams = [];
        new NgramText().CharactersWithinWords(text, shortest, longest, ngram => ngrams.Add(ngram.ToString()));
        return string.Join('|', ngrams);
    }
}
