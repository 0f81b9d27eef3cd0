using System.Text.Json;
using SentimentML.Preprocessing;

namespace SentimentML.Tests.Preprocessing;

/// <summary>Where the parts of a rewritten tweet come from.</summary>
public class TextOriginsTests
{
    [Theory]
    [InlineData("hola @juan_perez, adiós", "@usuario", "@juan_perez")]
    [InlineData("hola @juan_perez, adiós", "adiós", "adiós")]
    [InlineData("hola @juan_perez, adiós", "usu", "@juan_perez")]
    [InlineData("es #UnaGenialidad", "hashtag", "#")]
    [InlineData("es #UnaGenialidad", "una", "Una")]
    [InlineData("es #UnaGenialidad", "genialidad", "Genialidad")]
    [InlineData("es #UnaGenialidad", "hashtag una genialidad", "#UnaGenialidad")]
    [InlineData("mira http://bit.ly/x?", "url", "http://bit.ly/x")]
    [InlineData("juan@correo.es", "url", "@correo.es")]
    [InlineData("un noooooo largo", "nooo", "noooooo")]
    [InlineData("un noooooo largo", "largo", "largo")]
    [InlineData("ay 😂😂 sí", "emoji cara llorando de risa emoji", "😂")]
    [InlineData("ay 😂😂 sí", "llorando", "😂")]
    [InlineData("ay 😂😂 sí", "emoji  emoji", "😂😂")]
    [InlineData("ay 😂😂 sí", "sí", "sí")]
    [InlineData("👩\U0001F3FD\u200D💻.", "mujer", "👩\U0001F3FD\u200D💻")]
    [InlineData("a|b_c|d", "b c", "b_c")]
    [InlineData("qué jajajajaja!", "jaja", "jajajajaja")]
    [InlineData("“hola”…", "\"hola\"", "“hola”")]
    [InlineData("  ♥ sí", "corazón", "♥")]
    [InlineData("  hola  ", "hola", "hola")]
    [InlineData("nada que cambiar", "que", "que")]
    public void A_part_of_the_result_stands_for_a_part_of_the_original(string text, string part, string expected)
    {
        string result = TweetPreprocessing.Robertuito.Apply(text, out TextOrigins origins);
        int at = result.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, result);
        TokenOffset origin = origins.Of(new TokenOffset(at, at + part.Length));
        Assert.Equal(expected, text[origin.Start..origin.End]);
    }

    [Fact]
    public void An_empty_part_stands_for_an_empty_part()
    {
        const string text = " @ana hola ";
        string result = TweetPreprocessing.Robertuito.Apply(text, out TextOrigins origins);
        Assert.Equal("@usuario hola", result);
        Assert.Equal(new TokenOffset(1, 1), origins.Of(new TokenOffset(0, 0)));
        Assert.Equal(new TokenOffset(6, 6), origins.Of(new TokenOffset(9, 9)));
        Assert.Equal(new TokenOffset(10, 10), origins.Of(new TokenOffset(13, 13)));
        Assert.Throws<ArgumentOutOfRangeException>(() => origins.Of(new TokenOffset(0, 14)));

        Assert.Equal("", TweetPreprocessing.Robertuito.Apply(" ", out TextOrigins none));
        Assert.Equal(new TokenOffset(0, 0), none.Of(new TokenOffset(0, 0)));
    }

    [Fact]
    public void Origins_never_decrease_and_lie_inside_the_original()
    {
        var random = new Random(2);
        for (int i = 0; i < 20_000; i++)
        {
            string text = RandomText.Of(random);
            string result = TweetPreprocessing.Robertuito.Apply(text, out TextOrigins origins);
            var last = new TokenOffset(0, 0);
            for (int unit = 0; unit < result.Length; unit++)
            {
                TokenOffset origin = origins.Of(new TokenOffset(unit, unit + 1));
                Assert.True(last.Start <= origin.Start && last.End <= origin.End && origin.Start <= origin.End && origin.End <= text.Length,
                    $"{JsonSerializer.Serialize(text)} became {JsonSerializer.Serialize(result)}: unit {unit} stands for {origin}, the one before for {last}");
                last = origin;
            }
        }
    }
}
