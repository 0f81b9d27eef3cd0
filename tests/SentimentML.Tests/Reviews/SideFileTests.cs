namespace SentimentML.Tests.Reviews;

/// <summary>Files with what is good and what is bad in columns of their own.</summary>
public sealed class SideFileTests : IDisposable
{
    private readonly ReviewFolder _folder = new();
    private readonly List<string> _warned = [];

    [Theory]
    [InlineData("a.csv", "Hotel,Negative_Review,Positive_Review,Reviewer_Score\n"
        + "Ritz,No Negative,Buen sitio,9.2\nPaco,Cama dura,Buen trato,5\nLuz,Ruido,No Positive,3\n")]
    [InlineData("a.csv", "Hotel;Lo bueno;Lo malo\nRitz;Buen sitio;\nPaco;Buen trato;Cama dura\nLuz;Nada;Ruido\n")]
    [InlineData("a.csv", "Hotel,positive,negative\nRitz,Buen sitio,\nPaco,Buen trato,Cama dura\nLuz,,Ruido\n")]
    [InlineData("a.csv", "Hotel,A favor,En contra\nRitz,Buen sitio,\nPaco,Buen trato,Cama dura\nLuz,,Ruido\n")]
    [InlineData("a.csv", "Hotel,likedText,dislikedText\nRitz,Buen sitio,\nPaco,Buen trato,Cama dura\nLuz,,Ruido\n")]
    [InlineData("a.jsonl", "{\"Hotel\": \"Ritz\", \"pros\": \"Buen sitio\", \"cons\": null}\n"
        + "{\"Hotel\": \"Paco\", \"pros\": \"Buen trato\", \"cons\": \"Cama dura\"}\n"
        + "{\"Hotel\": \"Luz\", \"cons\": \"Ruido\", \"pros\": \"-\"}\n")]
    public void Each_side_that_says_something_is_a_row_with_its_label(string name, string content)
    {
        var data = _folder.Load(name, content, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["Buen sitio", "Buen trato", "Cama dura", "Ruido"], ReviewFolder.Texts(data));
        Assert.Equal(["positive", "positive", "negative", "negative"], ReviewFolder.Texts(data, "Label"));
        Assert.Equal(["Ritz", "Paco", "Paco", "Luz"], ReviewFolder.Texts(data, "Hotel"));
        Assert.Contains("each row has two texts", Assert.Single(_warned), StringComparison.Ordinal);
    }

    [Fact]
    public void The_stars_of_a_whole_review_are_not_those_of_its_sides() =>
        Assert.Equal(["Text", "Label", "rating"], ReviewFolder.Columns(_folder.Load("a.csv", "rating,pros,cons\n4,Buen trato,Cama dura\n")));

    [Theory]
    [InlineData("text,liked,disliked\nEntero,12,3\n", "Text, liked, disliked")]
    [InlineData("review,positive,negative\nEntero,4,0\n", "Text, positive, negative")]
    public void Counts_are_no_sides(string content, string columns) =>
        Assert.Equal(columns, string.Join(", ", ReviewFolder.Columns(_folder.Load("a.csv", content))));

    [Theory]
    [InlineData("id,liked,disliked\n1,12,3\n")]
    [InlineData("id,positive,negative\n1,yes,no\n")]
    public void A_file_with_counts_alone_has_no_text(string content) =>
        Assert.Contains("expected a column 'text'", _folder.FaultAtOnce(_folder.Write("a.csv", content)), StringComparison.Ordinal);

    [Fact]
    public void A_side_that_is_named_is_read_alone()
    {
        var data = _folder.Load("a.csv", "pros,cons\nBuen trato,Cama dura\nNada,Ruido\n", new ReviewFileOptions { TextColumn = "pros" });
        Assert.Equal(["Buen trato", "Nada"], ReviewFolder.Texts(data));
        Assert.Equal(["Text", "cons"], ReviewFolder.Columns(data));
    }

    [Theory]
    [InlineData("text,pros,cons\nEntero,Buen trato,Cama dura\n")]
    [InlineData("pros,review\nBuen trato,Entero\n")]
    public void A_text_of_its_own_goes_before_them(string content) =>
        Assert.Equal(["Entero"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    public void Dispose() => _folder.Dispose();
}
