using Microsoft.ML.Data;
using SentimentML.Reviews;
using SentimentML.Wording;

namespace SentimentML.Tests.Reviews;

public sealed class ReviewColumnsTests : IDisposable
{
    private const string NoHeader = "If the file has no header, set HasHeader to false: its columns are then called 1, 2 and so on; name the one with "
        + "the texts, set TextColumn to 1.";

    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData("title,body")]
    [InlineData("review_title,review_body")]
    [InlineData("Title,Body")]
    public void Text_is_title_blank_line_and_body(string header)
    {
        var data = _folder.Load("a.csv", header + "\nMesa,Muy bonita\n,Sin título\nSolo título,\n,\n");
        Assert.Equal(["Mesa\n\nMuy bonita", "Sin título", "Solo título"], ReviewFolder.Texts(data));
        Assert.Equal(["Text", "Title", "Body"], ReviewFolder.Columns(data));
        Assert.Equal(["Mesa", "", "Solo título"], ReviewFolder.Texts(data, "Title"));
        Assert.Equal(["Muy bonita", "Sin título", ""], ReviewFolder.Texts(data, "Body"));
    }

    [Fact]
    public void Text_is_the_body_where_there_is_no_title() =>
        Assert.Equal(["Muy bonita"], ReviewFolder.Texts(_folder.Load("a.csv", "body,stars\nMuy bonita,5\n")));

    [Fact]
    public void The_files_own_text_goes_before_title_and_body()
    {
        var data = _folder.Load("a.csv", "title,body,text\nt,b,entero\n");
        Assert.Equal(["entero"], ReviewFolder.Texts(data));
        Assert.Equal(["t"], ReviewFolder.Texts(data, "Title"));
    }

    [Fact]
    public void Title_and_body_that_are_named_go_before_text()
    {
        var data = _folder.Load("a.csv", "titular,cuerpo,text\nt,b,entero\n", new ReviewFileOptions { TitleColumn = "titular", BodyColumn = "cuerpo" });
        Assert.Equal(["t\n\nb"], ReviewFolder.Texts(data));
        Assert.Equal(["Text", "Title", "Body", "text"], ReviewFolder.Columns(data));
    }

    [Fact]
    public void Every_other_column_comes_along_as_text()
    {
        var data = _folder.Load("a.csv", ",product_category,text,stars,price\n0,hogar,x,5,12.50\n1,moda,y,4,\n");
        Assert.Equal(["Text", "Stars", "product_category", "price"], ReviewFolder.Columns(data));
        Assert.Equal(["hogar", "moda"], ReviewFolder.Texts(data, "product_category"));
        Assert.Equal(["12.50", ""], ReviewFolder.Texts(data, "price"));
    }

    [Theory]
    [InlineData("stars")]
    [InlineData("star_rating")]
    [InlineData("rating")]
    [InlineData("Stars")]
    public void Stars_go_by_their_usual_names(string name) =>
        Assert.Equal([4f, 5f, 1f], ReviewFolder.Stars(_folder.Load("a.csv", $"text,{name}\nx,4\ny,5.0\nz, 1 \n")));

    [Fact]
    public void Labels_from_0_to_4_become_stars_by_an_offset()
    {
        var data = _folder.Load(
            "a.jsonl", "{\"text\": \"x\", \"label\": 0}\n{\"text\": \"y\", \"label\": 4}\n", new ReviewFileOptions { StarsColumn = "label", StarsOffset = 1 });
        Assert.Equal([1f, 5f], ReviewFolder.Stars(data));
        Assert.Equal(["Text", "Stars"], ReviewFolder.Columns(data));
    }

    [Fact]
    public void A_label_comes_as_text()
    {
        var data = _folder.Load("a.jsonl", "{\"text\": \"x\", \"label\": \"positivo\"}\n{\"text\": \"y\", \"label\": 0}\n");
        Assert.Equal(["Text", "Label"], ReviewFolder.Columns(data));
        Assert.Equal(["positivo", "0"], ReviewFolder.Texts(data, "Label"));
        Assert.Equal(TextDataViewType.Instance, data.Schema["Label"].Type);
    }

    [Fact]
    public void A_file_to_be_scored_needs_text_alone() =>
        Assert.Equal(["Text"], ReviewFolder.Columns(_folder.Load("a.csv", "text\nx\n")));

    [Fact]
    public void A_column_that_would_hide_a_part_of_the_review_stays_out() =>
        Assert.Equal(["Text", "Stars"],
            ReviewFolder.Columns(_folder.Load("a.csv", "text,Text,label,Stars\nx,y,1,2\n", new ReviewFileOptions { StarsColumn = "label" })));

    [Theory]
    [InlineData("Review Text,Rating")]
    [InlineData("reseña,estrellas")]
    [InlineData("Comentario,Valoración")]
    [InlineData("tweet,star-rating")]
    [InlineData("reviewText,overall")]
    [InlineData("full_text,Calificación")]
    public void Other_usual_names_are_known(string header)
    {
        var data = _folder.Load("a.csv", header + "\nMuy bonita,5\n");
        Assert.Equal(["Text", "Stars"], ReviewFolder.Columns(data));
        Assert.Equal(["Muy bonita"], ReviewFolder.Texts(data));
    }

    [Fact]
    public void Beside_a_title_another_usual_name_is_the_body() =>
        Assert.Equal(["Mesa\n\nMuy bonita"], ReviewFolder.Texts(_folder.Load("a.csv", "label,title,content\n2,Mesa,Muy bonita\n")));

    [Fact]
    public void Of_two_titles_the_reviews_own_is_read() =>
        Assert.Equal(["Se rompió\n\nA los dos días"],
            ReviewFolder.Texts(_folder.Load("a.csv", "title,review_title,review_body,star_rating\nTaladro,Se rompió,A los dos días,1\n")));

    [Theory]
    [InlineData("Data;Respuesta;Nota\n12/03/2024;Muy bien;5\n")]
    [InlineData("{\"data\": 20240312, \"respuesta\": \"Muy bien\"}\n")]
    public void A_date_in_Catalan_or_Portuguese_is_no_text(string content) =>
        Assert.Contains("expected a column 'text'", _folder.FaultAtOnce(_folder.Write(content[0] == '{' ? "a.jsonl" : "a.csv", content)),
            StringComparison.Ordinal);

    [Fact]
    public void A_long_name_is_shown_whole_so_that_it_can_be_given()
    {
        const string question = "¿Qué le pareció el servicio recibido en nuestro hotel durante su estancia?";
        Assert.Contains($"'{question}'", _folder.FaultAtOnce(_folder.Write("a.csv", $"id,{question}\n1,Bien\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_text_is_told_with_the_columns_found() =>
        Assert.Equal("a.csv: the file's columns are 'frase_libre', 'stars'; expected a column 'text', or 'body' or 'review_body' (with 'title' or "
            + "'review_title'). Name the one that holds the reviews by TextColumn. " + NoHeader,
            _folder.FaultAtOnce(_folder.Write("a.csv", "frase_libre,stars\nx,5\n")));

    [Fact]
    public void A_named_column_that_is_missing_is_told_with_the_columns_found() =>
        Assert.Equal("a.csv: the file's columns are 'text', 'stars'; expected column 'nota', as StarsColumn says. "
            + NoHeader.Replace(", set TextColumn to 1.", " by TextColumn.", StringComparison.Ordinal),
            _folder.FaultAtOnce(_folder.Write("a.csv", "text,stars\nx,5\n"), new ReviewFileOptions { StarsColumn = "nota" }));

    [Theory]
    [InlineData("text,fecha,fecha\nx,1,2\n")]
    [InlineData("text,,\nx,1,2\n")]
    [InlineData("a,text,a\n1,x,2\n")]
    public void Columns_that_nobody_needs_may_share_a_name(string content) =>
        Assert.Equal(["x"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Theory]
    [InlineData("text,stars,text\nx,5,y\n", "text")]
    [InlineData("text,stars,stars\nx,5,4\n", "stars")]
    [InlineData("nota,text,nota\n1,x,2\n", "nota")]
    public void A_column_in_use_that_a_file_has_twice_is_told(string content, string column) =>
        Assert.Equal($"a.csv: the file has column '{column}' more than once, expected it once. Rename one of the two.",
            _folder.FaultAtOnce(_folder.Write("a.csv", content), column == "nota" ? new ReviewFileOptions { StarsColumn = "nota" } : null));

    [Theory]
    [InlineData("Review Content,Review Stars")]
    [InlineData("comment_content,rating")]
    [InlineData("review_comment_message,review_score")]
    [InlineData("Comentarios,Calificaciones")]
    [InlineData("Reseñas,Puntuaciones")]
    [InlineData("Comentario (opcional),Estrellas (1-5)")]
    [InlineData("Comentario del cliente,Valoración del cliente")]
    [InlineData("texto_reseña,starRating")]
    [InlineData("Text Display,STARS")]
    [InlineData("review_text_published,five_star_rating_published")]
    [InlineData("comentário,estrelas")]
    [InlineData("ressenyes,puntuació")]
    [InlineData("avis,étoiles")]
    [InlineData("rese\u006E\u0303a,puntuacio\u0301n")]
    [InlineData("opin\u00ADiones\u200B,estrellas\u200B")]
    [InlineData("reviews.text,reviews.rating")]
    public void Names_like_the_usual_ones_are_known(string header)
    {
        var data = _folder.Load("a.csv", header + "\nMuy bonita,5\n");
        Assert.Equal(["Text", "Stars"], ReviewFolder.Columns(data));
        Assert.Equal(["Muy bonita"], ReviewFolder.Texts(data));
    }

    [Theory]
    [InlineData("review_date")]
    [InlineData("review user")]
    [InlineData("comment_count")]
    [InlineData("text_lang")]
    [InlineData("Núm. comentario")]
    [InlineData("Comentario positivo")]
    [InlineData("respuesta")]
    public void A_name_that_says_another_thing_is_no_text(string name) =>
        Assert.Contains("expected a column 'text'", _folder.FaultAtOnce(_folder.Write("a.csv", $"id,{name}\n1,Muy bonita\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("review,review_text\nR0,Muy bonita la mesa\nR1,Se rompió muy pronto\n")]
    [InlineData("review,comentario\nR0,Muy bonita la mesa\nR1,Se rompió muy pronto\n")]
    [InlineData("content,comentario\nvideo,Muy bonita la mesa\nvideo,Se rompió muy pronto\n")]
    [InlineData("reviews,comment_text\n128,Muy bonita la mesa\n3,Se rompió muy pronto\n")]
    public void Of_several_usual_names_one_with_whole_texts_is_taken(string content) =>
        Assert.Equal(["Muy bonita la mesa", "Se rompió muy pronto"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Fact]
    public void A_number_of_reviews_is_no_text() =>
        Assert.Contains("expected a column 'text'", _folder.FaultAtOnce(_folder.Write("a.csv", "shop,reviews\nA,128\nB,3\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("review_en,review_fr")]
    [InlineData("Comentario (envío),Comentario (producto)")]
    public void Columns_of_like_names_are_not_chosen_between(string header) =>
        Assert.Contains($"'{header.Split(',')[0]}' and '{header.Split(',')[1]}' may each be the text. Name the one that holds the reviews",
            _folder.FaultAtOnce(_folder.Write("a.csv", $"{header}\nVery nice table,Mesa muy bonita\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("review_en,review_es")]
    [InlineData("English review,Spanish review")]
    public void Of_columns_of_like_names_the_one_that_is_called_Spanish_is_read(string header) =>
        Assert.Equal(["Mesa muy bonita"], ReviewFolder.Texts(_folder.Load("a.csv", $"{header}\nVery nice table,Mesa muy bonita\n")));

    [Fact]
    public void A_rating_of_another_scale_is_no_column_of_stars() =>
        Assert.Equal(["Text", "Puntuación (1-10)"], ReviewFolder.Columns(_folder.Load("a.csv", "texto,Puntuación (1-10)\nMuy bonita,4\n")));

    [Fact]
    public void A_headline_is_the_title() =>
        Assert.Equal(["Mesa\n\nMuy bonita"], ReviewFolder.Texts(_folder.Load("a.csv", "review_headline,review_body\nMesa,Muy bonita\n")));

    [Theory]
    [InlineData("Total", 20)]
    [InlineData("4,5", 20)]
    [InlineData("05-may", 10)]
    [InlineData("0", 3)] // nobody answered
    public void A_few_values_that_are_no_stars_are_rows_without_stars(string odd, int rows)
    {
        var warnings = new List<string>();
        var data = _folder.Load("a.csv", "text;stars\n" + string.Concat(Enumerable.Range(0, rows).Select(row => $"x;{5 - (row % 5)}\n")) + $"y;{odd}\n",
            new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal([.. Enumerable.Range(0, rows).Select(row => 5f - (row % 5)), float.NaN], ReviewFolder.Stars(data));
        Assert.EndsWith($"1 of {rows + 1} values in column 'stars' are no stars ('{odd}'); such rows count as rows without stars.",
            Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5\n1\n3\n9")] // the sum
    [InlineData("5\n1\n5\n1\n5\n4\n6")] // the number
    public void A_total_below_the_stars_is_no_scale(string stars)
    {
        var warnings = new List<string>();
        var data = _folder.Load(
            "a.csv", $"text;stars\nx;{stars.Replace("\n", "\nx;", StringComparison.Ordinal)}\n", new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(float.NaN, ReviewFolder.Stars(data)[^1]);
        Assert.EndsWith($"values in column 'stars' are no stars ('{stars[^1]}'); such rows count as rows without stars.", Assert.Single(warnings),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Total", "5\n4\n3\n")]         // not few
    [InlineData("8", "5\n4\n3\n2\n1\n5\n4\n3\n2\n1\n")] // another scale
    [InlineData("0", "4\n3\n2\n1\n")]         // from 0 to 4
    public void Many_values_that_are_no_stars_or_another_scale_are_an_error(string odd, string stars) =>
        Assert.Contains($"'{odd}' was found, expected a whole number from 1 to 5.",
            _folder.Fault(_folder.Write("a.csv", "text;stars\nx;" + $"{stars}{odd}".Replace("\n", "\nx;", StringComparison.Ordinal) + "\n")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Media,3.0\nTotal,30")]
    [InlineData("Suma,90\n,3.4")]
    [InlineData("Promedio:,3")]
    public void Rows_that_sum_a_table_up_have_no_stars_and_are_no_reason_for_a_scale(string below)
    {
        var warnings = new List<string>();
        string rows = string.Concat(Enumerable.Range(0, 30).Select(row => $"Reseña {row},{5 - (row % 5)}\n"));
        float[] stars = ReviewFolder.Stars(_folder.Load("a.csv", $"text,stars\n{rows}{below}\n", new ReviewFileOptions { Warn = warnings.Add }));
        Assert.Equal([.. Enumerable.Range(0, 30).Select(row => 5f - (row % 5)), .. below.Split('\n').Select(_ => float.NaN)], stars);
        Assert.Contains("a.csv, line 32: the last rows sum the others up, as", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_called_a_total_above_other_rows_is_a_review() =>
        Assert.Equal([5f, 1f], ReviewFolder.Stars(_folder.Load("a.csv", "text,stars\nTotal,5\nMal,1\n")));

    [Fact]
    public void A_single_large_number_is_no_reason_for_a_scale() => Assert.EndsWith("set LabelColumn to stars.", _folder.Fault(_folder.Write("a.csv",
        $"text,stars\n{string.Concat(Enumerable.Range(0, 30).Select(row => $"x,{5 - (row % 5)}\n"))}y,50\nx,4\n")), StringComparison.Ordinal);

    [Fact]
    public void Zero_beside_stars_up_to_4_is_asked()
    {
        string path = _folder.Write("a.csv", "text,stars\n" + string.Concat(Enumerable.Range(0, 24).Select(row => $"x,{4 - (row % 4)}\n")) + "y,0\n");
        Assert.EndsWith("If the stars go from 0 to 4, set StarsOffset to 1. If 0 stands for no answer, set StarsScale to 5.", _folder.Fault(path),
            StringComparison.Ordinal);
        Assert.Equal(1, ReviewFolder.Stars(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { StarsOffset = 1 }))[^1]);
        Assert.Equal(float.NaN, ReviewFolder.Stars(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { StarsScale = 5 }))[^1]);
    }

    [Fact]
    public void The_best_rating_beside_a_rating_is_its_scale()
    {
        const string content = "[{\"reviewBody\": \"x\", \"reviewRating\": {\"ratingValue\": 4, \"bestRating\": 10}},"
            + "{\"reviewBody\": \"y\", \"reviewRating\": {\"ratingValue\": 2, \"bestRating\": 10}}]";
        Assert.Equal([2f, 1f], ReviewFolder.Stars(_folder.Load("a.json", content)));
        Assert.DoesNotContain("Stars", ReviewFolder.Columns(_folder.Load("a.json", content.Replace("10}}]", "7}}]", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("text,rating,label\nx,9.2,pos\ny,7.1,neg\n")]
    [InlineData("text,rating,label\nx,Muy buena,pos\ny,Mala,neg\n")]
    public void Stars_that_are_none_do_not_stop_the_reading_of_a_named_label(string content)
    {
        var data = _folder.Load("a.csv", content, new ReviewFileOptions { LabelColumn = "label" });
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(data, "Label"));
        Assert.DoesNotContain("Stars", ReviewFolder.Columns(data));
    }

    [Fact]
    public void Stars_that_are_none_further_below_a_named_label_are_left_out_and_told()
    {
        var warnings = new List<string>();
        var data = _folder.Load("a.csv", "text,rating,label\n" + string.Concat(Enumerable.Repeat("x,5,pos\n", 100)) + "y,9.2,neg\n",
            new ReviewFileOptions { LabelColumn = "label", Warn = warnings.Add });
        Assert.All(ReviewFolder.Stars(data), stars => Assert.Equal(float.NaN, stars));
        Assert.Equal($"{_folder.Path("a.csv")}: column 'rating' is not read, since not all of its values are stars ('9.2'); what counts is the label, column "
            + "'label'.", Assert.Single(warnings));
    }

    [Fact]
    public void Strict_reading_refuses_each_value_that_is_no_stars() =>
        Assert.Contains("'Total' was found", _folder.Fault(_folder.Write("a.csv", "text;stars\n" + string.Concat(Enumerable.Repeat("x;5\n", 20)) + "y;Total\n"),
            new ReviewFileOptions { Strict = true }), StringComparison.Ordinal);

    [Fact]
    public void Scores_that_say_their_scale_are_told_with_the_stars_that_they_become()
    {
        var warnings = new List<string>();
        var data = _folder.Load(
            "a.csv", "texto;puntuación\nx;10/10\ny;3/10\nz;4,5/5\nw;10/10\nv;40 %\n", new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal([5f, 2f, 5f, 5f, 2f], ReviewFolder.Stars(data));
        Assert.Equal([5f, 2f, 5f, 5f, 2f], ReviewFolder.Stars(data));
        Assert.EndsWith("a.csv: scores in column 'puntuación' that say their scale are read as whole stars from 1 to 5, halves rounded up: '10/10' as 5, "
            + "'3/10' as 2, '4,5/5' as 5, '40 %' as 2.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4\n8/10", "'4' (line 2) does not say its scale, beside '8/10' (line 3)")]
    [InlineData("1/10\n4", "'4' (line 3) does not say its scale, beside '1/10' (line 2)")]
    public void A_number_without_a_scale_beside_scores_of_another_is_not_guessed(string stars, string fault) =>
        Assert.StartsWith($"a.csv, column 'stars': {fault}, expected one scale in all rows.",
            _folder.Fault(_folder.Write("a.csv", $"text;stars\nx;{stars.Replace("\n", "\nx;", StringComparison.Ordinal)}\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("Puntuación", 10)]
    [InlineData("Puntuación (1-10)", null)] // named, it says its scale
    public void Scores_whose_scale_is_stated_once_are_whole_stars(string name, int? scale)
    {
        var warnings = new List<string>();
        var data = _folder.Load("a.csv", $"texto;{name}\nx;10\ny;2\nz;6,5\nw;0\nv;8/10\n",
            new ReviewFileOptions { StarsColumn = name, StarsScale = scale, Warn = warnings.Add });
        Assert.Equal([5f, 1f, 3f, 1f, 4f], ReviewFolder.Stars(data));
        Assert.EndsWith($"scores in column '{name}' out of 10 are read as whole stars from 1 to 5, halves rounded up: '10' as 5, '2' as 1, '6,5' as 3, "
            + "'0' as 1, '8/10' as 4.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_beyond_the_stated_scale_is_told_with_the_next() =>
        Assert.Contains("'85' was found, expected a number from 0 to 10. Correct it, name another column with the stars (StarsColumn), or read this one as "
            + "labels: set LabelColumn to stars. If the scores are out of 100, set StarsScale to 100.",
            _folder.Fault(_folder.Write("a.csv", "text,stars\nx,85\ny,7\n"), new ReviewFileOptions { StarsScale = 10 }), StringComparison.Ordinal);

    [Theory]
    [InlineData("Valoración (1 = excelente, 5 = pésimo)", true)]
    [InlineData("rating [1: best, 5: worst]", true)]
    [InlineData("Estrellas (5 muy malo)", true)]
    [InlineData("Valoración (1 = pésimo, 5 = excelente)", false)]
    [InlineData("Estrellas (1 a 5)", false)]
    public void Stars_of_which_1_is_the_best_are_refused(string name, bool isReversed)
    {
        var warnings = new List<string>();
        string path = _folder.Write("a.csv", $"text;{name}\nx;1\ny;5\n");
        var data = _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["Text", isReversed ? name : "Stars"], ReviewFolder.Columns(data));
        Assert.Equal(isReversed, warnings.Exists(warning => warning.Contains("says that its lowest number is the best, expected stars, of which 5 is the best.",
            StringComparison.Ordinal)));
        if (isReversed)
            Assert.Contains("says that its lowest number is the best", _folder.FaultAtOnce(path, new ReviewFileOptions { StarsColumn = name }),
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "text,stars\nMuy bien,5\nSe rompiÃ³,1\nPÃ©simo,1\n", "a.csv, line 3")]
    [InlineData("a.json", "[{\"title\": \"Se rompi\\u00c3\\u00b3\", \"body\": \"x\"}]", "a.json, item 1 (line 1)")]
    public void Letters_that_were_broken_before_are_told_once(string name, string content, string place)
    {
        var warnings = new List<string>();
        var data = _folder.Load(name, content, new ReviewFileOptions { Warn = warnings.Add });
        ReviewFolder.Texts(data);
        ReviewFolder.Texts(data);
        Assert.Contains($"{place}: the text has letters such as Ã³ for ó, or \uFFFD for one that is lost", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tono", "positivo,negativo,neutro", "'positivo', 'negativo', 'neutro'")]
    [InlineData("Satisfacción", "Muy satisfecho/a,Nada satisfecho,Ni satisfecho ni insatisfecho", "'Muy satisfecho/a', 'Nada satisfecho', "
        + "'Ni satisfecho ni insatisfecho'")]
    [InlineData("Predominante", "positivo,negativo,neutro", "'positivo', 'negativo', 'neutro'")] // no prediction
    [InlineData("target", "4,0,4", "'4', '0'")] // Sentiment140
    [InlineData("recommended", "True,False,", "'True', 'False'")]
    [InlineData("veredicto", "Recomendado,No recomendado", "'Recomendado', 'No recomendado'")]
    [InlineData("grupo", "Promotor,Detractor,Pasivo", "'Promotor', 'Detractor', 'Pasivo'")] // of a Net Promoter Score
    [InlineData("voto", "👍,👎", "'👍', '👎'")]
    public void Labels_that_no_name_says_are_found_by_their_values(string name, string values, string told)
    {
        var warnings = new List<string>();
        string[] labels = values.Split(',');
        var data = _folder.Load("a.csv", $"id,text,{name}\n" + string.Concat(labels.Select((label, row) => $"{row + 7},x,{label}\n")),
            new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["Text", "Label", "id"], ReviewFolder.Columns(data));
        Assert.Equal(labels, ReviewFolder.Texts(data, "Label"));
        Assert.EndsWith($"a.csv: column '{name}' is taken for the label by its values ({told}). If it is another one, name that by LabelColumn.",
            Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anotador1,anotador2", "pos,neg\nneg,pos")] // which of the two?
    [InlineData("prediccion,x", "pos,1\nneg,2")]            // a model's
    [InlineData("tono,x", "positivo,1\npositivo,2")]        // nothing to tell apart
    [InlineData("tono,x", "positivo,1\nurgente,2")]
    [InlineData("target,x", "servicio,1\ncomida,2")]        // an aspect
    public void Values_that_leave_a_doubt_are_no_labels(string names, string rows) =>
        Assert.Equal(["Text", .. names.Split(',')], ReviewFolder.Columns(
            _folder.Load("a.csv", $"text,{names}\n" + string.Concat(rows.Split('\n').Select(row => $"hola,{row}\n")))));

    [Fact]
    public void Of_several_columns_of_sentiments_the_one_that_is_called_so_is_the_label() =>
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(
            _folder.Load("a.csv", "text,anotador1,anotador2,gold\nhola,pos,neg,pos\nadiós,neg,neg,neg\n"), "Label"));

    [Theory]
    [InlineData("score", "5,1,3", true)]
    [InlineData("Nota", "5,2,4", true)]
    [InlineData("rate", "5,2,4", true)]
    [InlineData("satisfacción", "100 %,20 %,60 %", true)]
    [InlineData("nota", "10,2,6", false)]
    [InlineData("score", "12,-3,1", false)] // votes
    [InlineData("score", "1,2,3", false)]
    [InlineData("score", "0.98,0.5,0.7", false)] // how sure a model is
    [InlineData("Nota (1-10)", "5,1,3", false)]
    public void A_score_from_1_to_5_is_the_stars(string name, string values, bool areStars)
    {
        var data = _folder.Load("a.csv", $"text,{name}\n" + string.Concat(values.Split(',').Select(value => $"x,{value}\n")));
        Assert.Equal(["Text", areStars ? "Stars" : name], ReviewFolder.Columns(data));
    }

    [Theory]
    [InlineData("texto,calificación\nx,Excelente\ny,Pésimo\nz,Regular\n", "Excelente, Pésimo, Regular")]
    [InlineData("texto,calificación\nx,5 - Muy buena\ny,1 - Muy mala\n", "5 - Muy buena, 1 - Muy mala")]
    [InlineData("texto,valoración,etiqueta\nx,bueno,a\ny,malo,b\n", "a, b")]
    public void Words_in_a_column_that_is_called_like_stars_are_labels(string content, string labels)
    {
        var data = _folder.Load("a.csv", content);
        Assert.DoesNotContain("Stars", ReviewFolder.Columns(data));
        Assert.Equal(labels, string.Join(", ", ReviewFolder.Texts(data, "Label")));
    }

    [Fact]
    public void A_column_that_holds_texts_is_named_where_no_name_says_so()
    {
        Assert.Contains("Name the one that holds the reviews by TextColumn: 'P2. Respuesta' holds texts.", _folder.FaultAtOnce(_folder.Write(
            "a.csv", "id,P1,P2. Respuesta\n1,Muy satisfecho,Buen trato en todas las visitas\n2,Nada,No lo recomiendo a nadie\n")), StringComparison.Ordinal);
        Assert.EndsWith("name the one with the texts, set TextColumn to 2.", _folder.FaultAtOnce(_folder.Write(
            "b.tsv", "768\tMuy buena compra la verdad\tP\n769\tNo funciona y nadie responde\tN\n")), StringComparison.Ordinal);
    }

    [Fact]
    public void Dates_in_words_hide_no_column_of_texts() =>
        Assert.EndsWith("set TextColumn to 3.", _folder.FaultAtOnce(_folder.Write("a.csv", "\"4\",\"Mon Apr 06 22:19:45 PDT 2009\",\"No lo cambiaría por "
            + "ninguno de los otros\"\n\"0\",\"Tue Apr 07 12:00:00 PDT 2009\",\"A la semana se rompió y nadie responde\"\n")), StringComparison.Ordinal);

    [Fact]
    public void A_header_of_questions_is_one() =>
        Assert.StartsWith("a.csv: the file's columns are 'Fecha', '¿Qué nota le pones a nuestro servicio?', '¿Por qué?'; expected a column 'text'",
            _folder.FaultAtOnce(_folder.Write("a.csv", "Fecha,¿Qué nota le pones a nuestro servicio?,¿Por qué?\n2026-11-26,5,Buen trato en la tienda\n")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Comentarios o sugerencias")]
    [InlineData("Observaciones y comentarios")]
    public void A_question_for_comments_and_the_like_is_the_text(string name) =>
        Assert.Equal(["Muy bien"], ReviewFolder.Texts(_folder.Load("a.csv", $"id,{name}\n1,Muy bien\n")));

    [Theory]
    [InlineData("text,stars,text\n,5,x\n,4,y\n")]
    [InlineData("text,stars,text\nx,5,\ny,4,\n")]
    public void Of_two_columns_of_one_name_the_one_with_values_is_read(string content) =>
        Assert.Equal(["x", "y"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Fact]
    public void Columns_that_may_be_stars_or_labels_are_listed()
    {
        var view = (ReviewView)_folder.Load("a.csv", "id,text,nps,tema\n1,x,9,a\n2,y,10,b\n3,z,9,c\n4,w,10,d\n");
        Assert.Equal(" A column with few different values: 'nps' ('9', '10').", view.Columns.LikelyGold(ReportText.English));
    }

    public void Dispose() => _folder.Dispose();
}
