namespace SentimentML.Tests.Reviews;

public sealed class CsvLayoutTests : IDisposable
{
    private readonly ReviewFolder _folder = new();
    private readonly List<string> _warned = [];

    [Theory]
    [InlineData("a.csv", "text,stars\n\"Bien, bonito\",5\n")]
    [InlineData("a.csv", "text;stars\nBien, bonito;5\n")]
    [InlineData("a.csv", "text\tstars\nBien, bonito\t5\n")]
    [InlineData("a.csv", "text|stars\nBien, bonito|5\n")]
    [InlineData("a.txt", "text\tstars\nBien, bonito\t5\n")]
    [InlineData("a.txt", "text|stars\nBien, bonito|5\n")]
    [InlineData("a.tsv", "text;stars\nBien, bonito;5\n")]
    [InlineData("a.tsv", "text,stars\n\"Bien, bonito\",5\n")]
    [InlineData("a.csv", "\"text\";\"stars\"\r\n\"Bien, bonito\";\"5,0\"\r\n")]
    [InlineData("a.csv", "id;fecha, hora;text;stars\n1;1, 2;Bien, bonito;5\n")]
    public void The_delimiter_is_found(string name, string content)
    {
        var data = _folder.Load(name, content);
        Assert.Equal(["Bien, bonito"], ReviewFolder.Texts(data));
        Assert.Equal([5f], ReviewFolder.Stars(data));
    }

    [Theory]
    [InlineData("columna rara;nota\nBien, bonito;5\nMal, feo;1\n", "columna rara")]
    [InlineData("columna rara\tnota\nBien, bonito; barato\t5\nMal; feo\t1\n", "columna rara")]
    [InlineData("nota|columna rara\n5|Bien, bonito\n1|Mal\n", "columna rara")]
    public void The_delimiter_is_found_where_no_column_has_a_usual_name(string content, string column) =>
        Assert.StartsWith("Bien, bonito", ReviewFolder.Texts(_folder.Load("a.csv", content, new ReviewFileOptions { TextColumn = column }))[0],
            StringComparison.Ordinal);

    [Theory]
    [InlineData("#TYPE System.Management.Automation.PSCustomObject\n\"text\",\"stars\"\n\"x\",\"5\"\n",
        "the line above the header is passed over: #TYPE System.Management.Automation.PSCustomObject")]
    [InlineData("sep=;\ntext;stars\nx;5\n", "the line above the header is passed over: sep=;")]
    [InlineData("SEP=|\r\ntext|stars\r\nx|5\r\n", "the line above the header is passed over: SEP=|")]
    [InlineData("Opiniones de clientes\ntext,stars\nx,5\n", "the line above the header is passed over: Opiniones de clientes")]
    [InlineData("Opiniones de clientes;;\nDescargado el 3/4/2026;;\n;;\ntext;stars;id\nx;5;1\n",
        "3 lines above the header are passed over, the first is: Opiniones de clientes;;")]
    [InlineData("Opiniones\n\nsin delimitador\ntext\tstars\nx\t5\n", "2 lines above the header are passed over, the first is: Opiniones")]
    public void Lines_above_the_header_are_passed_over_with_a_warning(string content, string warning)
    {
        var data = _folder.Load("a.csv", content, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["x"], ReviewFolder.Texts(data));
        Assert.Equal([5f], ReviewFolder.Stars(data));
        Assert.EndsWith(": " + warning, Assert.Single(_warned), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text\nBonito, barato\nCaro; feo\ntext\n", new[] { "Bonito, barato", "Caro; feo", "text" })]
    [InlineData("text\nstars\nlabel\n", new[] { "stars", "label" })]
    [InlineData("texto\n\"Uno; dos\"\n\"Tres, cuatro\"\n", new[] { "Uno; dos", "Tres, cuatro" })]
    public void A_file_of_one_column_has_no_delimiter(string content, string[] texts)
    {
        Assert.Equal(texts, ReviewFolder.Texts(_folder.Load("a.csv", content, new ReviewFileOptions { Warn = _warned.Add })));
        Assert.Empty(_warned);
    }

    [Theory]
    [InlineData("Bien, bonito;5\nMal;1\n", "1", "2")]
    [InlineData("5\tBien, bonito\n1\tMal\n", "2", "1")]
    [InlineData("\"Bien, bonito\",7,5\n\"Mal\",9,1\n", "1", "3")]
    [InlineData("sep=|\na|Bien, bonito|5\nb|Mal|1\n", "2", "3")]
    public void Without_a_header_columns_are_numbered(string content, string text, string stars)
    {
        var data = _folder.Load("a.csv", content, new ReviewFileOptions { HasHeader = false, TextColumn = text, StarsColumn = stars });
        Assert.Equal(["Bien, bonito", "Mal"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Theory]
    [InlineData("Id,Motivo,,Comentario\n,Precio,Calidad,Respuesta abierta\n1,,Calidad,Muy bien\n2,,,Respuesta\n", "the row below the header, which a program "
        + "wrote, is passed over: Precio Calidad Respuesta abierta")]
    [InlineData("Id,Comentario\n,Open-Ended Response\n1,Muy bien\n2,Respuesta\n", "the row below the header, which a program wrote, is passed "
        + "over: Open-Ended Response")]
    [InlineData("Fecha,Comentario\nStart Date,¿Qué opina?\n\"{\"\"ImportId\"\":\"\"startDate\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\"\n"
        + "2024,Muy bien\n2024,Respuesta\n",
        "2 rows below the header, which a program wrote, are passed over: Start Date ¿Qué opina?")]
    [InlineData("id,Comentario\n--,----------\n1,Muy bien\n2,Respuesta\n", "the row below the header, which a program wrote, is passed over: -- ----------")]
    [InlineData("|id|Comentario|\n|---|:---|\n|1|Muy bien|\n|2|Respuesta|\n", "the row below the header, which a program wrote, is passed over: --- :---")]
    [InlineData("id|Comentario\n--+----------\n1|Muy bien\n2|Respuesta\n", "the row below the header, which a program wrote, is passed over: --+----------")]
    public void Rows_that_programs_write_below_the_header_are_no_reviews(string content, string warning)
    {
        var warned = new List<string>();
        string path = _folder.Write("a.csv", content);
        Assert.Equal(["Muy bien", "Respuesta"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = warned.Add })));
        Assert.Equal([$"{path}: {warning}"], warned);
    }

    [Theory]
    [InlineData("texto\nRespuesta\nMuy bien\n")]
    [InlineData("texto,stars\nRespuesta,5\nMuy bien,4\n")]
    public void A_review_of_the_same_word_is_one(string content) =>
        Assert.Equal(["Respuesta", "Muy bien"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Fact]
    public void Without_a_header_the_only_column_is_the_text() =>
        Assert.Equal(["Bien, bonito", "Mal; caro", "Regular"],
            ReviewFolder.Texts(_folder.Load("a.txt", "Bien, bonito\nMal; caro\nRegular\n", new ReviewFileOptions { HasHeader = false })));

    [Theory]
    [InlineData("Me ha gustado mucho este libro,5\nMal,1\n", "'Me ha gustado mucho este libro', '5'", 1)]
    [InlineData("1;Mal\n5;Bien\n", "'1', 'Mal'", 2)]
    [InlineData("Mal\t1,0\nBien\t5,0\n", "'Mal', '1,0'", 1)]
    public void A_first_line_that_is_no_header_is_told(string content, string cells, int text) =>
        Assert.Equal($"a.csv: line 1 does not look like a header ({cells}), expected a column 'text', or 'body' or 'review_body' (with 'title' or "
            + "'review_title'). Name the one that holds the reviews by TextColumn. "
            + "If the file has no header, set HasHeader to false: its columns are then called 1, 2 and so on; "
            + $"name the one with the texts, set TextColumn to {text}.",
            _folder.FaultAtOnce(_folder.Write("a.csv", content)));

    [Fact]
    public void A_delimiter_that_is_given_goes_before_what_the_file_looks_like() =>
        Assert.Equal(["a;b"], ReviewFolder.Texts(_folder.Load("a.csv", "text,x;y\na;b,2\n", new ReviewFileOptions { Delimiter = ',' })));

    [Fact]
    public void A_first_row_larger_than_the_sample_hinders_nothing()
    {
        string text = string.Concat(Enumerable.Repeat("bueno, ", 30_000));
        Assert.Equal([text, "x"], ReviewFolder.Texts(_folder.Load("a.csv", $"text;stars\n{text};5\nx;1\n")));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("None")]
    [InlineData("null")]
    [InlineData("N/A")]
    [InlineData("NA")]
    [InlineData(" ")]
    [InlineData("")]
    public void Words_for_nothing_are_missing_stars_and_labels(string word)
    {
        var options = new ReviewFileOptions();
        var data = _folder.Load("a.csv", $"text,stars,label\nx,5,bueno\n{word},{word},{word}\nNone,3,malo\n", options);
        Assert.Equal(word.Trim().Length == 0 ? [5f, 3f] : [5f, float.NaN, 3f], ReviewFolder.Stars(data));
        Assert.Equal(word.Trim().Length == 0 ? ["bueno", "malo"] : ["bueno", "", "malo"], ReviewFolder.Texts(data, "Label"));
        Assert.Equal("None", ReviewFolder.Texts(data)[^1]);
    }

    [Fact]
    public void A_header_below_lines_as_wide_as_it_is_found()
    {
        var data = _folder.Load("a.csv", "Informe de ventas\nDesde;01/01/2023\nHasta;31/12/2023\n\ntexto;estrellas\nMuy bien;5\n");
        Assert.Equal(["Text", "Stars"], ReviewFolder.Columns(data));
        Assert.Equal(["Muy bien"], ReviewFolder.Texts(data));
    }

    [Theory]
    [InlineData("id\ttexto\tetiqueta\n1\tMuy bien\tpos\n2\tMal\tneg\n\\.\n")]
    [InlineData(" id |  texto   | etiqueta \n----+----------+----------\n  1 |Muy bien|pos\n  2 |Mal|neg\n(2 rows)\n\n")]
    [InlineData("+----+-----+\n| id |texto|etiqueta|\n+----+-----+\n|  1 |Muy bien|pos|\n|  2 |Mal|neg|\n+----+-----+\n2 rows in set (0.00 sec)\n")]
    public void What_a_databases_client_writes_around_a_table_is_passed_over(string content)
    {
        var data = _folder.Load("a.tsv", content);
        Assert.Equal(["Muy bien", "Mal"], ReviewFolder.Texts(data));
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(data, "Label"));
    }

    public void Dispose() => _folder.Dispose();
}
