namespace SentimentML.Tests.Reviews;

public sealed class GoldColumnsTests : IDisposable
{
    private readonly ReviewFolder _folder = new();
    private readonly List<string> _warned = [];

    [Theory]
    [InlineData("rating,review_rating,review_text")]
    [InlineData("rating,reviewRating,reviewText")]
    [InlineData("estrellas,Puntuación de la reseña,Reseña")]
    [InlineData("rating,reviews.rating,reviews.text")]
    [InlineData("Puntuación (envío),Puntuación,Comentario")]
    public void The_stars_of_a_review_go_before_those_of_its_place(string header)
    {
        var data = Load("a.csv", $"{header}\n4,5,x\n4,1,y\n4.5,3,z\n");
        Assert.Equal([5f, 1f, 3f], ReviewFolder.Stars(data));
        Assert.Empty(_warned);
    }

    [Theory]
    [InlineData("estrellas", "puntuacion")]
    [InlineData("rating", "customer rating")]
    [InlineData("Estrellas (envío)", "Estrellas (producto)")]
    public void Of_two_columns_of_stars_none_is_guessed(string first, string second)
    {
        string content = $"opinion,{first},{second}\nx,4,5\ny,4,1\n";
        Assert.Equal(["Text", first, second], ReviewFolder.Columns(Load("a.csv", content)));
        Assert.EndsWith($"a.csv: columns '{first}' and '{second}' may each be the stars, and none of them is taken. Name the one that is the reviews' own: "
            + $"set StarsColumn to {first}.", Assert.Single(_warned), StringComparison.Ordinal);
        Assert.Equal([5f, 1f], ReviewFolder.Stars(Load("a.csv", content, new ReviewFileOptions { StarsColumn = second })));
    }

    [Theory]
    [InlineData("text,stars,rating\nx,4,4.0\ny,1,1.0\n")]
    [InlineData("text,stars,rating\nx,4,\ny,1,\n")]
    [InlineData("text,stars,rating\nx,4,Muy buena\ny,1,Malísima\n")]
    public void Of_two_columns_of_stars_that_say_the_same_or_nothing_one_is_read(string content) =>
        Assert.Equal([4f, 1f], ReviewFolder.Stars(Load("a.csv", content)));

    [Theory]
    [InlineData("label,sentiment")]
    [InlineData("etiqueta,sentimiento")]
    public void The_label_is_the_one_that_holds_sentiments(string header)
    {
        var data = Load("a.csv", $"text,{header}\nx,envío,positivo\ny,precio,negativo\nz,envío,neutro\n");
        Assert.Equal(["positivo", "negativo", "neutro"], ReviewFolder.Texts(data, "Label"));
        Assert.Contains($"'{header.Split(',')[1]}' is taken for the label by its values ('positivo', 'negativo', 'neutro').", Assert.Single(_warned),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text,label,class\nx,0,malo\ny,1,bueno\nz,0,malo\nw,1,bueno\n", "malo, bueno, malo, bueno")]
    [InlineData("text,label,class\nx,0,a\ny,1,b\nz,0,a\nw,1,b\n", "0, 1, 0, 1")]
    [InlineData("text,label,sentiment\nx,pos,pos\ny,neg,neg\n", "pos, neg")]
    public void Of_two_labels_that_say_the_same_one_is_read(string content, string labels) =>
        Assert.Equal(labels, string.Join(", ", ReviewFolder.Texts(Load("a.csv", content), "Label")));

    [Theory]
    [InlineData("pos,neg\ny,neg,pos")]
    [InlineData("envío,3\ny,envío,4")]
    public void Of_two_labels_that_differ_none_is_guessed(string values)
    {
        Assert.Equal(["Text", "label", "sentiment"], ReviewFolder.Columns(Load("a.csv", $"text,label,sentiment\nx,{values}\n")));
        Assert.Contains("columns 'label' and 'sentiment' may each be the label, and none of them is taken. Name the one that is the reviews' own: "
            + "set LabelColumn to label.", Assert.Single(_warned), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"rating\": 4, \"reviews\": [{\"text\": \"x\", \"score\": 5}, {\"text\": \"y\", \"score\": 1}]}", "reviews.score")]
    [InlineData("{\"stars\": 4, \"reviews\": [{\"title\": \"t\", \"content\": \"x\", \"rate\": 5}, {\"content\": \"y\", \"rate\": 1}]}", "reviews.rate")]
    [InlineData("{\"rating\": 4, \"reviews\": [{\"text\": \"x\", \"user\": {\"rating\": 3}, \"nota\": 5}, {\"text\": \"y\", \"nota\": 1}]}", "reviews.nota")]
    public void A_score_of_the_row_goes_before_the_stars_around_it(string content, string column)
    {
        Assert.Equal([5f, 1f], ReviewFolder.Stars(Load("a.json", $"[{content}]")));
        Assert.Contains($"column '{column}' is taken for the stars by its values", _warned[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Sentiments_of_the_row_go_before_a_label_around_it() =>
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(Load("a.json",
            "[{\"label\": \"cafetera\", \"reviews\": [{\"text\": \"x\", \"tono\": \"pos\"}, {\"text\": \"y\", \"tono\": \"neg\"}]}]"), "Label"));

    [Fact]
    public void A_label_of_the_row_goes_before_stars_around_it() =>
        Assert.Equal(["Text", "Label", "rating"], ReviewFolder.Columns(Load("a.json",
            "[{\"rating\": 4, \"reviews\": [{\"text\": \"x\", \"label\": \"envío\"}, {\"text\": \"y\", \"label\": \"precio\"}]}]")));

    [Fact]
    public void Stars_around_the_list_are_taken_with_a_warning_where_the_rows_have_none()
    {
        Assert.Equal([4f, 4f], ReviewFolder.Stars(Load("a.json", "[{\"rating\": 4, \"reviews\": [{\"text\": \"x\"}, {\"text\": \"y\"}]}]")));
        Assert.Contains("'rating' is taken for the stars, and is not the reviews' own: it stands outside their list", _warned[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"text\": \"x\", \"user\": {\"rating\": 3}, \"opinion\": {\"rating\": 5, \"comment\": \"y\"}}")]
    [InlineData("{\"place\": {\"stars\": 3}, \"opinion\": {\"text\": \"y\", \"rating\": {\"value\": 5}}}")]
    public void The_stars_beside_the_text_go_before_those_in_another_object(string content) =>
        Assert.Equal([5f], ReviewFolder.Stars(Load("a.json", $"[{content}]", new ReviewFileOptions { TextColumn = content.Contains("comment",
            StringComparison.Ordinal) ? "opinion.comment" : "opinion.text" })));

    private Microsoft.ML.IDataView Load(string name, string content, ReviewFileOptions? options = null)
    {
        options ??= new ReviewFileOptions();
        options.Warn = _warned.Add;
        return _folder.Load(name, content, options);
    }

    public void Dispose() => _folder.Dispose();
}
