namespace SentimentML.Tests.Reviews;

public sealed class CsvFileTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Fact]
    public void A_csv_file_gives_its_texts_and_stars()
    {
        var data = _folder.Load("a.csv", "text,stars\nMuy bueno,5\nNo funciona,1\n");
        Assert.Equal(["Muy bueno", "No funciona"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Theory]
    [InlineData("text,stars\r\n\"Muy bueno, de verdad\",5\r\n")]
    [InlineData("text;stars\n\"Muy bueno, de verdad\";5\n")]
    [InlineData("text;stars\nMuy bueno, de verdad;5")]
    [InlineData("\uFEFFtext,stars\n\"Muy bueno, de verdad\",5\n\n\n")]
    public void Comma_or_semicolon_is_told_by_the_header(string content) =>
        Assert.Equal(["Muy bueno, de verdad"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Fact]
    public void A_header_of_one_column_makes_each_line_one_text() =>
        Assert.Equal(["Bonito, barato", "Caro; feo"], ReviewFolder.Texts(_folder.Load("a.csv", "text\nBonito, barato\nCaro; feo\n")));

    [Fact]
    public void Quoted_fields_hold_delimiters_quotes_and_line_breaks() =>
        Assert.Equal(["uno, \"dos\"\ny tres", "cuatro"], ReviewFolder.Texts(_folder.Load("a.csv", "text,stars\n\"uno, \"\"dos\"\"\ny tres\",5\ncuatro,4\n")));

    [Fact]
    public void A_quote_inside_an_unquoted_field_is_text() =>
        Assert.Equal(["Pantalla de 5\" y marco de 6\""], ReviewFolder.Texts(_folder.Load("a.csv", "text,stars\nPantalla de 5\" y marco de 6\",5\n")));

    [Fact]
    public void Without_quoting_quotes_are_text_and_a_line_is_a_row()
    {
        var data = _folder.Load("a.tsv", "text\tstars\n\"Bueno\" dicen todos\t4\n\"sin cerrar\t1\n", new ReviewFileOptions { Quote = null });
        Assert.Equal(["\"Bueno\" dicen todos", "\"sin cerrar"], ReviewFolder.Texts(data));
    }

    [Fact]
    public void A_tsv_file_is_separated_by_tabs() =>
        Assert.Equal(["a, b; c"], ReviewFolder.Texts(_folder.Load("a.tsv", "stars\ttext\n3\ta, b; c\n")));

    [Fact]
    public void Another_delimiter_can_be_given() =>
        Assert.Equal(["a, b; c"], ReviewFolder.Texts(_folder.Load("a.csv", "stars|text\n3|a, b; c\n", new ReviewFileOptions { Delimiter = '|' })));

    [Fact]
    public void An_empty_text_is_a_row() =>
        Assert.Equal(["", "", "x"], ReviewFolder.Texts(_folder.Load("a.csv", "text,stars\n,1\n\"\",2\nx,3\n")));

    [Theory]
    [InlineData("text;stars;fecha\nx;5;1\n;;\n;;\n")]
    [InlineData("text;stars;fecha\n;;\n \t; ;\nx;5;1\n")]
    [InlineData("text\nx\n\n \n")]
    public void A_line_with_nothing_in_any_field_is_no_row(string content) => Assert.Equal(["x"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Theory]
    [InlineData("text\n\"\"\nx\n")]
    [InlineData("text;stars\n\"\";\"\"\nx;5\n")]
    public void An_empty_field_in_quotes_that_stands_alone_is_a_row(string content) =>
        Assert.Equal(["", "x"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Theory]
    [InlineData("text,stars\nx,5,\ny,4,,\n")]
    [InlineData("text;stars\r\nx;5;\r\ny;4; \r\n")]
    [InlineData("text\tstars\nx\t5\ny\t4\t\n")]
    public void Empty_fields_after_the_last_column_are_passed_over(string content) =>
        Assert.Equal(["x", "y"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Fact]
    public void A_row_with_too_many_fields_is_told_by_line() =>
        Assert.Equal("a.csv, line 4: 3 fields were found, expected 2, as the header line has. Put fields that hold the delimiter or a line break in quotes.",
            _folder.Fault(_folder.Write("a.csv", "text,stars\n\"x\ny\",5\nMuy bueno, de verdad,5\n")));

    [Fact]
    public void A_row_with_too_few_fields_is_told_by_line() =>
        Assert.Equal("a.csv, line 3: 1 field was found, expected 2, as the header line has (the delimiter is ','). Put fields that hold the delimiter or a "
            + "line break in quotes, and a blank line above a remark below the table.",
            _folder.Fault(_folder.Write("a.csv", "text,stars\nx,5\nMuy bueno; 5\n")));

    [Theory]
    [InlineData("a.csv", "text,label\nMuy bueno,pos\nMalo,neg\n\nFuente: encuesta 2023\n")]
    [InlineData("a.csv", "text;label\r\n\r\n\"Muy bueno\";pos\r\nMalo;neg\r\n\r\nFuente: encuesta 2023\r\n\r\n* Datos, provisionales\r\n;\r\nTotal: 2")]
    [InlineData("a.csv", "text,label\nMuy bueno,pos\nMalo,neg\n,\n\"Fuente: encuesta 2023\"\n")]
    [InlineData("a.tsv", "text\tlabel\nMuy bueno\tpos\nMalo\tneg\n\nFuente: encuesta 2023\n")]
    public void What_stands_below_the_table_after_a_blank_line_is_passed_over(string name, string content)
    {
        var warned = new List<string>();
        var data = _folder.Load(name, content, new ReviewFileOptions { Warn = warned.Add });
        Assert.Equal(["Muy bueno", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(data, "Label"));
        Assert.EndsWith("what stands below the table, after a blank line, is passed over: 'Fuente: encuesta 2023'.", Assert.Single(warned),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text,label\nMuy bueno,pos\nMalo,neg\nFuente: encuesta 2023\n", 4)]
    [InlineData("text,label\n\"Muy\nbueno\",pos\nMalo,neg\nFuente: encuesta 2023\n", 5)]
    [InlineData("text,label\nMuy bueno,pos\n\nFuente: encuesta 2023\n\nMalo,neg\n", 4)]
    [InlineData("text,label\n\nFuente: encuesta 2023\n", 3)]
    public void A_line_of_one_field_elsewhere_is_a_damaged_row(string content, int line) =>
        Assert.StartsWith($"a.csv, line {line}: 1 field was found, expected 2", _folder.Fault(_folder.Write("a.csv", content)), StringComparison.Ordinal);

    [Fact]
    public void An_unclosed_quote_is_told_by_the_line_where_its_row_begins() =>
        Assert.Equal("a.csv, line 3: a quoted field begins in this row and is never closed. Close it, or set Quote to null if quotes are plain text in this "
            + "file.",
            _folder.Fault(_folder.Write("a.csv", "text,stars\nx,5\n\"Muy bueno,5\ny,4\nz,3\n")));

    [Fact]
    public void Text_after_a_closing_quote_is_told_by_line() =>
        Assert.Equal("a.csv, line 2: text follows a field's closing quote. Double the quotes inside a quoted field, or set Quote to null if quotes are plain "
            + "text in this file.",
            _folder.Fault(_folder.Write("a.csv", "text,stars\n\"Muy\" bueno,5\n")));

    [Theory]
    [InlineData("id,text\n1,\"Dijo \\\"no\\\", y \"\"nada\"\" más\"\n2,\"C:\\\\\"\n", "Dijo \"no\", y \"nada\" más", "C:\\\\")] // Spark, MySQL
    [InlineData("\"text\" \"stars\"\n\"1\" \"Dijo \\\"no\\\"\" 5\n\"2\" \"Malo\" 1\n", "Dijo \"no\"", "Malo")] // write.table
    [InlineData("id, text\n1, \"Bonito, barato\"\n2,  sin comillas\n", "Bonito, barato", "sin comillas")]
    [InlineData("'id','text'\n'1','Bonito, \"barato\"'\n'2','It''s'\n", "Bonito, \"barato\"", "It's")]
    public void Quotes_that_are_written_in_other_ways_are_quotes(string content, string first, string second) =>
        Assert.Equal([first, second], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Fact]
    public void A_backslash_at_the_edge_of_what_was_read_escapes_the_next_quote()
    {
        string text = string.Concat(Enumerable.Repeat("a \"b\" c", 30_000));
        Assert.Equal([text, text], ReviewFolder.Texts(_folder.Load("a.csv", string.Concat("text\n", Enumerable.Repeat(
            $"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n", 2).Aggregate(string.Concat)))));
    }

    [Fact]
    public void A_quote_before_text_that_has_more_behind_it_is_text() =>
        Assert.Equal([" \"Genial\" dijo", "x"], ReviewFolder.Texts(_folder.Load("a.csv", "stars;text\n5; \"Genial\" dijo\n1;x\n")));

    [Fact]
    public void Lines_in_quotes_as_a_whole_are_told() =>
        Assert.Equal("a.csv: each line is in quotes as a whole, so that it is one field, 'text,stars'; expected quotes around fields alone. Take those around "
            + "the lines away, and write one quote for each two inside.",
            _folder.FaultAtOnce(_folder.Write("a.csv", "\"text,stars\"\n\"\"\"Muy bueno, sí\"\",5\"\n\"Malo,1\"\n")));

    [Fact]
    public void What_databases_write_for_no_value_is_none()
    {
        var data = _folder.Load("a.tsv", "text\tlabel\tshop\n\\N\tpos\tA\nMuy bien\t\\N\t\\N\n\\Nada\tneg\tB\n");
        Assert.Equal(["", "Muy bien", "\\Nada"], ReviewFolder.Texts(data));
        Assert.Equal(["pos", "", "neg"], ReviewFolder.Texts(data, "Label"));
        Assert.Equal(["A", "", "B"], ReviewFolder.Texts(data, "shop"));
    }

    [Fact]
    public void A_quote_left_open_in_a_large_file_does_not_fill_the_memory()
    {
        string path = _folder.Path("a.csv");
        using (var writer = new StreamWriter(path))
        {
            writer.Write("text,stars\nx,5\n\"sin cerrar,1\n");
            for (int i = 0; i < 1_500_000; i++)
                writer.Write("una reseña cualquiera,4\n");
        }
        Assert.StartsWith("a.csv, line 3: the row could not be read, or is longer than 16777216 bytes, which an unclosed quote can cause.", _folder.Fault(path),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.tsv", "stars\ttext\n5\tbien\n4\t\"Excelente, me encanta\n2\tno me gustó\n1\tnada que ver con la foto\"\n5\tbien\n", 3)]
    [InlineData("a.csv", "stars;text\n5;bien\n4;\"Excelente, me encanta\r\n2;no me gustó nada\"\r\n5;bien\n", 2)]
    public void Rows_that_a_stray_quote_joins_are_told_once(string name, string content, int rows)
    {
        var warnings = new List<string>();
        var data = _folder.Load(name, content, new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(3, ReviewFolder.Texts(data).Length);
        Assert.Equal(3, ReviewFolder.Stars(data).Length);
        Assert.Contains($"line 3: a field in quotes goes over {rows} lines that divide as rows do", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text,stars\n\"Great hotel,\nclean rooms,\nnice staff\",5\n")]
    [InlineData("text,stars\n\"Pros: cheap, clean\nCons: far, noisy\",5\n")]
    [InlineData("stars;text\n5;\"Muy bien; lo recomiendo\nVolveré; seguro\"\n")]
    public void A_text_over_several_lines_is_not_suspect(string content)
    {
        var warnings = new List<string>();
        ReviewFolder.Texts(_folder.Load("a.csv", content, new ReviewFileOptions { Warn = warnings.Add }));
        Assert.Empty(warnings);
    }

    [Fact]
    public void A_table_of_text_that_is_called_xls_is_read_as_csv()
    {
        var warnings = new List<string>();
        var data = _folder.Load("a.xls", "texto\testrellas\nMuy bueno\t5\nMalo\t1\n", new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["Muy bueno", "Malo"], ReviewFolder.Texts(data));
        Assert.EndsWith("the content is text and is read as csv, although the name ends in .xls.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", "\"\",\"text\",\"stars\"\n\"1\",\"Muy bueno\",5\n\"2\",\"Malo\",1\n")] // write.csv
    [InlineData("a.csv", "\"text\",\"stars\"\n\"1\",\"Muy bueno\",5\n\"7\",\"Malo\",1\n")] // write.table(sep = ",")
    [InlineData("a.tsv", "text\tstars\n1\tMuy bueno\t5\n2\tMalo\t1\n")]
    [InlineData("a.txt", "\"text\" \"stars\"\n\"1\" \"Muy bueno\" 5\n\"2\" \"Malo\" 1\n")] // write.table
    [InlineData("a.csv", ",text,stars\n0,Muy bueno,5\n1,Malo,1\n")] // pandas
    public void Row_numbers_of_R_and_pandas_are_told_and_are_no_part_of_a_review(string name, string content)
    {
        var warnings = new List<string>();
        var data = _folder.Load(name, content, new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["Muy bueno", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
        Assert.Equal(["Text", "Stars"], ReviewFolder.Columns(data));
        Assert.EndsWith(": column 1 (unnamed) holds row numbers, as pandas and R write them; it is not part of the reviews.",
            Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.csv", ",0\n0,Muy bueno\n1,Malo\n")] // a series of pandas
    [InlineData("a.csv", "\"\",\"x\"\n\"1\",\"Muy bueno\"\n\"2\",\"Malo\"\n")] // a vector of R
    [InlineData("a.csv", "\"text\"\n\"1\",\"Muy bueno\"\n\"2\",\"Malo\"\n")]
    [InlineData("a.txt", "\"x\"\n\"1\" \"Muy bueno\"\n\"2\" \"Malo\"\n")]
    public void The_only_column_beside_row_numbers_is_the_text(string name, string content) =>
        Assert.Equal(["Muy bueno", "Malo"], ReviewFolder.Texts(_folder.Load(name, content)));

    [Fact]
    public void What_pandas_calls_an_index_that_it_read_again_is_told()
    {
        var warnings = new List<string>();
        _folder.Load("a.csv", "Unnamed: 0,text,Unnamed: 2\n0,Muy bueno,a\n1,Malo,b\n", new ReviewFileOptions { Warn = warnings.Add });
        Assert.Contains("column 1 (Unnamed: 0) holds row numbers", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"text\"\n\"Muy bueno\"\n\"Malo\"\n")]
    [InlineData("\"text\"\nMuy bueno\nMalo\n")]
    public void A_name_in_quotes_alone_does_not_make_spaces_the_delimiter(string content) =>
        Assert.Equal(["Muy bueno", "Malo"], ReviewFolder.Texts(_folder.Load("a.csv", content)));

    [Theory]
    [InlineData("\uFEFFtexto,estrellas")]
    [InlineData("\uFEFF\"texto\",\"estrellas\"")]
    public void A_header_that_comes_again_with_a_byte_order_mark_is_no_row(string header) =>
        Assert.Equal(["x", "y"], ReviewFolder.Texts(_folder.Load("a.csv", $"{header}\nx,5\n{header}\ny,4\n")));

    [Fact]
    public void A_header_that_comes_again_is_no_row()
    {
        var warnings = new List<string>();
        var data = _folder.Load("a.csv", "text,label\nx,pos\ntext,label\ny,neg\ntext,pos\n", new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["x", "y", "text"], ReviewFolder.Texts(data));
        Assert.EndsWith("a.csv, line 3: the row is the header again, as in files that were put one after the other. Such rows are passed over.",
            Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(["x", "text"], ReviewFolder.Texts(_folder.Load("b.csv", "text\nx\ntext\n"))); // in a single column it may be one
    }

    public void Dispose() => _folder.Dispose();
}
