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

    [Theory]
    [InlineData("text,input_label,label,score,probability_pos,probability_neg,sentiment,missing_text\nx,neg,pos,0.9,0.9,0.1,positive,false\n", "input_label")]
    [InlineData("text,input_sentiment,label,score,sentiment,probability_pos\nx,neg,pos,0.9,positive,0.9\n", "input_sentiment")]
    [InlineData("text,etiqueta,label,score,sentiment,probability_pos\nx,neg,pos,0.9,positive,0.9\n", "etiqueta")]
    [InlineData("text,label,score,probability_pos,corrected\nx,pos,0.9,0.9,neg\ny,pos,0.8,0.8,pos\n", "corrected")]
    public void The_label_of_a_classified_file_is_the_one_that_it_had_before(string content, string column)
    {
        Assert.Equal("neg", ReviewFolder.Texts(Load("a.csv", content), "Label")[0]);
        Assert.Contains($"column 'label' is a model's answer, as the scores and probabilities beside it say, and is not taken for the label. What is learned "
            + $"and measured by is '{column}', which the file had before it was classified.", _warned[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "text,label,score,probability_pos,sentiment,missing_text\nx,pos,0.9,0.9,positive,false\n")]
    [InlineData("a.jsonl", "{\"text\": \"x\", \"label\": \"pos\", \"score\": 0.9, \"probabilities\": {\"pos\": 0.9}, \"sentiment\": \"positive\"}\n")]
    [InlineData("b.csv", "text,input_label,label_2,input_score,input_probability_pos,label,score,probability_pos\nx,pos,pos,0.9,0.9,pos,0.9,0.9\n")]
    public void A_models_answers_are_no_labels_unless_they_are_named(string name, string content)
    {
        Assert.DoesNotContain("Label", ReviewFolder.Columns(Load(name, content)));
        Assert.Contains("There is no other one: classify a file that has labels, and its label comes along. If the answers are to be taken as labels all the "
            + "same, set LabelColumn to label.", Assert.Single(_warned), StringComparison.Ordinal);
        Assert.Equal(["pos"], ReviewFolder.Texts(Load(name, content, new ReviewFileOptions { LabelColumn = "label" }), "Label"));
    }

    [Fact]
    public void A_label_with_a_score_of_its_own_is_a_label() =>
        Assert.Equal(["pos"], ReviewFolder.Texts(Load("a.csv", "text,label,score\nx,pos,0.9\n"), "Label"));

    [Theory]
    [InlineData("label", "true_label")]
    [InlineData("label", "expected")]
    [InlineData("label", "label_corregida")]
    [InlineData("sentimiento", "sentimiento_manual")]
    [InlineData("Sentimiento", "Sentimiento (revisado)")]
    public void A_corrected_label_goes_before_the_one_that_was_corrected(string raw, string corrected)
    {
        Assert.Equal(["neg", "pos"], ReviewFolder.Texts(Load("a.csv", $"text,{raw},{corrected}\nx,pos,neg\ny,pos,pos\n"), "Label"));
        Assert.Contains($"column '{corrected}' is taken for the label, and not '{raw}': its name says that it is the corrected one. If it is another one, name "
            + "that by LabelColumn.", Assert.Single(_warned), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text,label,label_corregida\nx,pos,neg\ny,pos,\n")]
    [InlineData("text,label,gold,final\nx,pos,neg,pos\ny,pos,pos,neg\n")]
    public void Of_labels_that_are_corrected_in_some_rows_or_by_several_none_is_guessed(string content)
    {
        Assert.DoesNotContain("Label", ReviewFolder.Columns(Load("a.csv", content)));
        Assert.Contains("may each be the label, and none of them is taken.", Assert.Single(_warned), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_another_kind_beside_the_label_does_not_correct_it() =>
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(Load("a.csv", "text,label,correct\nx,pos,true\ny,neg,false\n"), "Label"));

    [Theory]
    [InlineData("Estrellas,Comentario,Nota\n4,x,9.2\n4,y,3\n3,z,10\n", "'Estrellas' and 'Nota'")]
    [InlineData("stars,comment,score\n4,x,9.2\n4,y,3\n3,z,10\n", "'stars' and 'score'")]
    [InlineData("rating,comment,score\n4,x,1\n4,y,5\n4,z,3\n", "'rating' and 'score'")]
    [InlineData("Estrellas,Comentario,Puntuación (1-10)\n4,x,9\n4,y,3\n3,z,10\n", "'Estrellas' and 'Puntuación (1-10)'")]
    public void The_stars_of_a_place_beside_the_marks_of_its_reviews_are_not_taken(string content, string both)
    {
        Assert.DoesNotContain("Stars", ReviewFolder.Columns(Load("a.csv", content)));
        Assert.Contains($"columns {both} may each be the stars, and none of them is taken.", Assert.Single(_warned), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stars,text,score\n5,x,9.2\n2,y,3\n5,z,10\n")]
    [InlineData("stars,text,score\n5,x,0\n2,y,7\n5,z,0\n")]
    [InlineData("stars,text,score\n5,x,0.98\n2,y,0.57\n5,z,0.99\n")]
    public void Marks_that_agree_with_the_stars_and_votes_do_not_question_them(string content) =>
        Assert.Equal([5f, 2f, 5f], ReviewFolder.Stars(Load("a.csv", content)));

    private Microsoft.ML.IDataView Load(string name, string content, ReviewFileOptions? options = null)
    {
        options ??= new ReviewFileOptions();
        options.Warn = _warned.Add;
        return _folder.Load(name, content, options);
    }

    public void Dispose() => _folder.Dispose();
}
