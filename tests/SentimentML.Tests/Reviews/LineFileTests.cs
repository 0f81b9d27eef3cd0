using Microsoft.ML;

namespace SentimentML.Tests.Reviews;

/// <summary>Files with one text a line.</summary>
public sealed class LineFileTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData("Muy bien, llegó rápido\nNo funciona\n")]
    [InlineData("Muy bien, llegó rápido\r\nNo funciona")]
    [InlineData("\uFEFFMuy bien, llegó rápido\nNo funciona\n")]
    [InlineData("Muy bien, llegó rápido\rNo funciona\r")]
    [InlineData("Muy bien, llegó rápido\rNo funciona")]
    public void A_txt_without_a_header_is_one_text_a_line(string content) =>
        Assert.Equal(["Muy bien, llegó rápido", "No funciona"], ReviewFolder.Texts(_folder.Load("a.txt", content)));

    [Theory]
    [InlineData("Muy bien; me gustó\nFatal\n", "Muy bien; me gustó", "Fatal")]
    [InlineData("Muy bien; me gustó\nFatal; no lo compro\n", "Muy bien; me gustó", "Fatal; no lo compro")]
    [InlineData("Muy bien | me gustó\nFatal\n", "Muy bien | me gustó", "Fatal")]
    public void Delimiters_in_prose_make_no_table_of_a_txt(string content, params string[] texts) =>
        Assert.Equal(texts, ReviewFolder.Texts(_folder.Load("a.txt", content)));

    [Fact]
    public void A_carriage_return_in_a_line_is_text_where_lines_end_otherwise() =>
        Assert.Equal(["Muy\rbien", "Mal"], ReviewFolder.Texts(_folder.Load("a.txt", "Muy\rbien\nMal\n")));

    [Fact]
    public void Many_lines_that_end_in_a_carriage_return_are_all_read() =>
        Assert.Equal(Enumerable.Range(0, 20_000).Select(row => $"Texto número {row}"),
            ReviewFolder.Texts(_folder.Load("a.txt", string.Concat(Enumerable.Range(0, 20_000).Select(row => $"Texto número {row}\r")))));

    [Fact]
    public void Quotes_delimiters_and_blank_lines_are_text() =>
        Assert.Equal(["Dice \"bien, vale", "", "a;b|c\td", "{\"text\": 1}"],
            ReviewFolder.Texts(_folder.Load(
                "a.log", "Dice \"bien, vale\n\na;b|c\td\n{\"text\": 1}\n", new ReviewFileOptions { Format = ReviewFileFormat.Lines })));

    [Theory]
    [InlineData("texto\nMuy bien, llegó rápido\n")]
    [InlineData("text,stars\n\"Muy bien, llegó rápido\",5\n")]
    [InlineData("text\tstars\nMuy bien, llegó rápido\t5\n")]
    public void A_txt_with_a_header_is_a_table(string content) =>
        Assert.Equal(["Muy bien, llegó rápido"], ReviewFolder.Texts(_folder.Load("a.txt", content)));

    [Theory]
    [InlineData("a.csv")]
    [InlineData("corpus.train")]
    [InlineData("corpus")]
    public void FastTexts_labels_say_the_format_whatever_the_file_is_called(string name)
    {
        var data = _folder.Load(name, "__label__positive Muy bien, me gusta\n__label__negative Mal\n");
        Assert.Equal(["Muy bien, me gusta", "Mal"], ReviewFolder.Texts(data));
        Assert.Equal(["positive", "negative"], ReviewFolder.Texts(data, "Label"));
    }

    [Theory]
    [InlineData("positive\tMuy bien, me gusta mucho\nnegative\tMal\n")]
    [InlineData("n,cosa\n1,Muy bien\n2,Mal\n")]
    public void A_table_in_a_txt_without_a_known_name_is_not_taken_for_lines(string content) =>
        Assert.Contains("expected a column 'text'", _folder.FaultAtOnce(_folder.Write("a.txt", content)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Review")]
    [InlineData("Opinión")]
    [InlineData("texto")]
    public void A_line_that_is_called_like_a_column_takes_none_above_it_away(string line) =>
        Assert.Equal(["Genial", "Malo", line, "Muy bien"], ReviewFolder.Texts(_folder.Load("a.txt", $"Genial\nMalo\n{line}\nMuy bien\n")));

    [Theory]
    [InlineData("a.txt", "{\"text\": \"Muy bien, la verdad\"}\n{\"text\": \"Mal\"}\n")]
    [InlineData("a.csv", "{\"text\": \"Muy bien, la verdad\", \"stars\": 5}\n{\"text\": \"Mal\", \"stars\": 1}\n")]
    [InlineData("a.txt", "[\n  {\"text\": \"Muy bien, la verdad\"},\n  {\"text\": \"Mal\"}\n]\n")]
    public void JSON_is_read_as_such_whatever_the_name_says(string name, string content)
    {
        var warnings = new List<string>();
        Assert.Equal(["Muy bien, la verdad", "Mal"], ReviewFolder.Texts(_folder.Load(name, content, new ReviewFileOptions { Warn = warnings.Add })));
        Assert.EndsWith($"the content is JSON and is read so, although the name ends in {name[1..]}.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{risas} muy bien")]
    [InlineData("[música] muy bien")]
    [InlineData("{\"así\" lo dijo}")]
    public void A_text_that_begins_with_a_bracket_is_a_text(string line) =>
        Assert.Equal([line, "Mal"], ReviewFolder.Texts(_folder.Load("a.txt", $"{line}\nMal\n")));

    [Theory]
    [InlineData("__label__pos Muy bien, la verdad\n__label__neg\tMal\nSin etiqueta\n")]
    [InlineData("\n__label__pos   Muy bien, la verdad\n__label__neg Mal\nSin etiqueta\n")]
    public void Labels_that_fastText_writes_in_front_are_a_column(string content)
    {
        IDataView view = _folder.Load("a.txt", content);
        Assert.Equal(["Muy bien, la verdad", "Mal", "Sin etiqueta"], ReviewFolder.Texts(view).Where(text => text.Length > 0));
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(view, "Label").Where(label => label.Length > 0));
    }

    [Fact]
    public void Labels_behind_the_texts_are_a_column_too()
    {
        IDataView view = _folder.Load("a.txt", "Muy bien, la verdad __label__pos\nMal\t__label__neg \nSin etiqueta\n");
        Assert.Equal(["Muy bien, la verdad", "Mal", "Sin etiqueta"], ReviewFolder.Texts(view));
        Assert.Equal(["pos", "neg", ""], ReviewFolder.Texts(view, "Label"));
    }

    [Fact]
    public void Several_labels_of_a_line_are_rejected()
    {
        IDataView view = _folder.Load("a.txt", "__label__pos Bien\n__label__pos __label__neg Bien\n");
        string message = Assert.Throws<SentimentMLException>(() => ReviewFolder.Texts(view, "Label")).Message;
        Assert.Contains("line 2, column 'label': 2 labels in one row (pos, neg), expected one.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12/3/23, 10:15 - Los mensajes están cifrados.\n12/3/23, 10:16 - Ana: Muy bien,\nde verdad\n12/3/23, 10:17 - Luis: <Multimedia omitido>\n"
        + "12/3/23, 10:18 - Luis: Mal: caro\n")]
    [InlineData("\u200E[12/3/23, 10:15:00] Ana: Muy bien,\r\nde verdad\r\n\u200E[12/3/23, 10:15:01] Luis: \u200Eimagen omitida\r\n"
        + "[12/3/23, 10:15:02 p. m.] Luis: Mal: caro\r\n")]
    public void Messages_of_a_chat_that_WhatsApp_exported_are_texts(string content)
    {
        var data = _folder.Load("a.txt", content);
        Assert.Equal(["Muy bien,\nde verdad", "Mal: caro"], ReviewFolder.Texts(data));
        Assert.Equal(["Ana", "Luis"], ReviewFolder.Texts(data, "author"));
    }

    public void Dispose() => _folder.Dispose();
}
