using SentimentML.Reviews;

namespace SentimentML.Tests.Reviews;

public class StarTextTests
{
    [Theory]
    [InlineData("4", 4)]
    [InlineData(" 4.0 ", 4)]
    [InlineData("4,0", 4)]
    [InlineData("-2", -2)]
    [InlineData("4 stars", 4)]
    [InlineData("1 Star", 1)]
    [InlineData("5 estrellas", 5)]
    [InlineData("1 estrella", 1)]
    [InlineData("4/5", 4)]
    [InlineData("4 / 5", 4)]
    [InlineData("4 de 5", 4)]
    [InlineData("4 sobre 5", 4)]
    [InlineData("4.0 out of 5 stars", 4)]
    [InlineData("4,0 de 5 estrellas", 4)]
    [InlineData("5★", 5)]
    [InlineData("Cinco estrellas", 5)]
    [InlineData("una estrella", 1)]
    [InlineData("cinco", 5)]
    [InlineData("FIVE", 5)]
    [InlineData("5 puntos", 5)]
    [InlineData("{\"$numberInt\":\"4\"}", 4)]
    [InlineData("Rated 5 out of 5 stars", 5)]
    [InlineData("Valorado con 4,0 de 5", 4)]
    [InlineData("★★★★☆", 4)]
    [InlineData("⭐⭐⭐", 3)]
    [InlineData("⭐️⭐️", 2)]
    [InlineData("4.5", 4.5)]
    [InlineData("Puntuación: 4", 4)]
    [InlineData("Rating: 4.0", 4)]
    [InlineData("nota 3", 3)]
    [InlineData("4 estrellas de 5", 4)]
    [InlineData("Puntuación de 4 sobre 5", 4)]
    [InlineData("4,0 de 5 burbujas", 4)]
    [InlineData("Valoración: 4 estrellas de cinco", 4)]
    [InlineData("Rated 4 stars out of five stars", 4)]
    [InlineData("Se ha valorado con 4 estrellas de un máximo de 5", 4)]
    public void Stars_are_read_as_people_write_them(string value, double stars)
    {
        Assert.True(StarText.TryParse(value, out double read, out _), value);
        Assert.Equal(stars, read);
    }

    [Theory]
    [InlineData("10/10", 5)]
    [InlineData("8/10", 4)]
    [InlineData("8 de 10", 4)]
    [InlineData("Nota: 9,5 sobre 10", 5)]
    [InlineData("7/10", 4)] // positive, as the reviews of films are taken
    [InlineData("6/10", 3)]
    [InlineData("5/10", 3)]
    [InlineData("4/10", 2)]
    [InlineData("0/10", 1)]
    [InlineData("4,5/5", 5)]
    [InlineData("3.5 out of 5 stars", 4)]
    [InlineData("★★★½", 4)]
    [InlineData("★★½☆☆", 3)]
    [InlineData("100%", 5)]
    [InlineData("85 %", 4)]
    [InlineData("0 %", 1)]
    [InlineData("15/20", 4)]
    [InlineData("45/50", 5)]
    public void A_score_that_says_its_scale_is_whole_stars(string value, double stars)
    {
        Assert.True(OddStars.TryRead(value, offset: 0, out double read, out bool isConverted), value);
        Assert.Equal(stars, read);
        Assert.True(isConverted);
    }

    [Theory]
    [InlineData("12/10")]
    [InlineData("-1/10")]
    [InlineData("0/5")] // shops write it where nobody gave stars
    [InlineData("110 %")]
    public void A_score_that_is_not_on_its_scale_is_no_stars(string value) => Assert.False(OddStars.TryRead(value, offset: 0, out _, out _));

    [Fact]
    public void An_offset_is_for_numbers_that_do_not_say_their_scale()
    {
        Assert.True(OddStars.TryRead("3", offset: 1, out double plain, out _));
        Assert.True(OddStars.TryRead("3/5", offset: 1, out double scaled, out _));
        Assert.Equal((4, 3), (plain, scaled));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" - ")]
    [InlineData("\\N")]
    [InlineData("Sin valorar")]
    [InlineData("No aplica")]
    public void Where_nobody_gave_stars_there_are_none(string? value) => Assert.True(StarText.IsMissing(value));

    [Theory]
    [InlineData("4 de 6")]
    [InlineData("26/11")]
    [InlineData("1,000")]
    [InlineData("seis")]
    [InlineData("★½★")]
    [InlineData("☆☆")]
    [InlineData("4 5")]
    [InlineData("★ 4")]
    [InlineData("2024-11-26")]
    [InlineData("4 estrellas y media")]
    public void Anything_else_is_not_a_number_of_stars(string value) =>
        Assert.False(StarText.TryParse(value, out double read, out _) && read != 1, $"{value} was read as {read}");
}
