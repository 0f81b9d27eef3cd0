using SentimentML.Evaluation;

namespace SentimentML.Tests.Evaluation;

public class LanguageGuessTests
{
    [Theory]
    [InlineData("es", "La tapa cierra bien pero el asa se rompió a los dos días de usarla")]
    [InlineData("es", "Muy buena calidad, llegó antes de lo previsto")]
    [InlineData("en", "The lid closes well but the handle broke after two days of use")]
    [InlineData("en", "Great product, works as described and arrived early")]
    [InlineData("pt", "A tampa fecha bem mas a pega partiu-se ao fim de dois dias, não recomendo")]
    [InlineData("fr", "Le couvercle ferme bien mais la poignée s'est cassée après deux jours")]
    [InlineData("it", "Il coperchio chiude bene ma il manico si è rotto dopo due giorni, non lo consiglio")]
    [InlineData("de", "Der Deckel schließt gut, aber der Griff ist nach zwei Tagen abgebrochen")]
    [InlineData("ca", "La tapa tanca bé però la nansa es va trencar als dos dies, no val res")]
    [InlineData("other", "商品非常好，很快就到了")]
    [InlineData("other", "Крышка закрывается хорошо")]
    [InlineData("und", "ok")]
    [InlineData("und", "12345 !!!")]
    [InlineData("und", "")]
    public void A_sentence_is_told_by_its_function_words(string expected, string text) => Assert.Equal(expected, LanguageGuess.Of(text));

    [Fact]
    public void Of_the_real_reviews_nearly_all_are_Spanish()
    {
        string[] texts = [.. RealReviews.Texts("dataset_es_dev.json.gz"), .. RealReviews.Texts("dataset_es_test.json.gz")];
        var counts = texts.GroupBy(LanguageGuess.Of).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()}").ToArray();
        int other = texts.Select(LanguageGuess.Of).Count(language => language is not (LanguageGuess.Spanish or LanguageGuess.Undetermined));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", counts));
        Assert.True(other < 0.001 * texts.Length, string.Join(", ", counts));
    }
}
