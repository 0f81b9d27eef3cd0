using System.Text;

namespace SentimentML.Tests.Reviews;

public sealed class XmlFileTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Fact]
    public void Tweets_of_TASS_are_read_with_their_polarity()
    {
        var data = _folder.Load("a.xml", """
            <?xml version="1.0" encoding="UTF-8"?>
            <tweets>
              <tweet><tweetid>1</tweetid><content><![CDATA[Gran <3 día & más]]></content>
                <sentiment><polarity><value>P</value><type>AGREEMENT</type></polarity></sentiment></tweet>
              <tweet><tweetid>2</tweetid><content>Vaya d&#237;a</content><sentiment><polarity><value>N</value></polarity></sentiment></tweet>
            </tweets>
            """);
        Assert.Equal(["Gran <3 día & más", "Vaya día"], ReviewFolder.Texts(data));
        Assert.Equal(["P", "N"], ReviewFolder.Texts(data, "Label"));
        Assert.Equal(["1", "2"], ReviewFolder.Texts(data, "tweetid"));
    }

    [Theory]
    [InlineData("<r><x text='Muy bien' stars='5'/><x text='Mal' stars='1'/></r>")]
    [InlineData("<r><x stars='5'>Muy bien</x><x stars='1'>Mal</x></r>")]
    [InlineData("<r><x stars='5'>Muy <b>bien</b></x><x stars='1'><![CDATA[Mal]]></x></r>")]
    [InlineData("<r><x><texto lang='es'>Muy bien</texto><estrellas max='5'>5</estrellas></x><x><texto>Mal</texto><estrellas>1</estrellas></x></r>")]
    [InlineData("<hoteles><hotel nombre='A'><review><text>Muy bien</text><rating>5</rating></review><review><text>Mal</text><rating>1</rating></review>"
        + "</hotel><hotel nombre='B'/></hoteles>")]
    [InlineData("<feed xmlns:im='urn:x'><id>7</id><entry><content type='text'>Muy bien</content><im:rating>5</im:rating></entry>"
        + "<entry><content type='text'>Mal</content><im:rating>1</im:rating></entry></feed>")]
    [InlineData("<feed><id>7</id><entry><rating>5</rating><content type='text'>Muy bien</content><content type='html'>&lt;p></content></entry>"
        + "<entry><rating>1</rating><content type='html'>&lt;p></content><content type='text'>Mal</content></entry></feed>")]
    public void Elements_and_attributes_are_a_reviews_parts(string content)
    {
        var data = _folder.Load("a.xml", content);
        Assert.Equal(["Muy bien", "Mal"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Theory]
    [InlineData("<x><text>Muy bien</text><stars>5</stars></x>\n<x><text>Mal</text><stars>1</stars></x>")]
    [InlineData("<x stars='5'>Muy bien</x><x stars='1'>Mal</x>")]
    [InlineData("<x text='Muy bien' stars='5'/>\n<x text='Mal' stars='1'/>\n")]
    [InlineData("<?xml version='1.0'?>\n<x><text>Muy bien</text><stars>5</stars></x>\n<?xml version='1.0' encoding='UTF-8'?>\n<!DOCTYPE x [<!ELEMENT x (y)>] >"
        + "<!-- <?xml -->\n<x><text>Mal</text><stars>1</stars></x>")]
    [InlineData("<r><x><text>Muy bien</text><stars>5</stars></x></r>\n<r/>\n<r><x><text>Mal</text><stars>1</stars></x></r>\n<!-- fin -->\n")]
    [InlineData("<r><u id='1'/><x><text>Muy bien</text><stars>5</stars></x></r><r><u id='2'/><x><text>Mal</text><stars>1</stars></x></r>")]
    public void Roots_of_one_name_after_one_another_are_read_as_one(string content)
    {
        var data = _folder.Load("a.xml", content);
        Assert.Equal(["Muy bien", "Mal"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Theory]
    [InlineData("fin del archivo", "'fin del archivo'")]
    [InlineData("<y><text>Mal</text></y>", "element 'y'")]
    public void What_follows_the_end_and_is_no_such_root_is_an_error(string behind, string named) =>
        Assert.Equal($"a.xml, line 2: {named} stands behind the end of element 'r', expected nothing or another 'r'. Keep the reviews in one element, and take "
            + "away what is behind it.", _folder.Fault(_folder.Write("a.xml", $"<r><x><text>Bien</text><s>5</s></x></r>\n{behind}")));

    [Fact]
    public void A_declaration_inside_a_text_stays() => Assert.Equal(["<?xml version='1.0'?> <!DOCTYPE x>"], ReviewFolder.Texts(
        _folder.Load("a.xml", "<r><x><text><![CDATA[<?xml version='1.0'?> <!DOCTYPE x>]]></text><s>5</s></x></r>")));

    [Fact]
    public void Elements_without_texts_beside_the_reviews_are_passed_over()
    {
        const string content = "<forum><category id='1'><title>General</title></category><thread id='1'><title>Hilo</title><message/></thread>"
            + "<post><message>Muy bien</message></post><thread id='2'/><post><message>Mal</message></post></forum>";
        var warnings = new List<string>();
        Assert.Equal(["Muy bien", "Mal"], ReviewFolder.Texts(_folder.Load("a.xml", content, new ReviewFileOptions { Warn = warnings.Add })));
        Assert.Equal([$"{_folder.Path("a.xml")}: the reviews are read from its elements 'post'; 'category', 'thread' beside them are passed over."], warnings);
        Assert.Equal(["Muy bien", "Mal"], ReviewFolder.Texts(_folder.Load("b.xml", "<r><good><text>Muy bien</text></good><bad><text>Mal</text></bad></r>",
            new ReviewFileOptions { Warn = warnings.Add })));
        Assert.Equal($"{_folder.Path("b.xml")}: the reviews are read from its elements 'good', 'bad', which have texts each. If some are no reviews, take them "
            + "out.", warnings[^1]);
    }

    [Fact]
    public void The_polarity_of_an_entity_is_not_the_tweets() =>
        Assert.Equal(["P+"], ReviewFolder.Texts(_folder.Load("a.xml", "<tweets><tweet><content>Bien</content><sentiments><polarity><entity>PP</entity>"
            + "<value>NONE</value></polarity><polarity><value>P+</value></polarity></sentiments></tweet></tweets>"), "Label"));

    [Fact]
    public void A_workbook_of_Excel_2003_is_refused() =>
        Assert.Equal("a.xml: the content is a workbook of Excel 2003 (XML Spreadsheet), expected reviews in elements of their own. Open it in a spreadsheet "
            + "program, and save it as .xlsx.", _folder.FaultAtOnce(_folder.Write("a.xml", "<?xml version='1.0'?><Workbook "
            + "xmlns='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet><Table/></Worksheet></Workbook>")));

    [Fact]
    public void The_opinions_of_a_sentence_are_its_label() =>
        Assert.Equal(["negative", ""], ReviewFolder.Texts(_folder.Load("a.xml", "<Reviews><Review rid='1'><sentences><sentence id='1:0'><text>Fatal.</text>"
            + "<Opinions><Opinion polarity='negative' from='0'/></Opinions></sentence><sentence id='1:1'><text>Volveremos.</text></sentence></sentences>"
            + "</Review></Reviews>"), "Label"));

    [Fact]
    public void A_label_on_a_part_of_the_text_does_not_take_the_text_away()
    {
        var data = _folder.Load("a.xml", "<tweets><tweet id='1'>Los <sentiment polarity='N'>recortes</sentiment> siguen</tweet></tweets>");
        Assert.Equal(["Los recortes siguen"], ReviewFolder.Texts(data));
        Assert.Equal(["N"], ReviewFolder.Texts(data, "Label"));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    public void Other_encodings_are_read(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] xml = encoding.GetBytes($"<?xml version='1.0' encoding='{name}'?><r><x><texto>El señor está bien, ¡qué más!</texto></x></r>");
        string path = _folder.Write("a.xml", [.. encoding.Preamble, .. xml]);
        Assert.Equal(["El señor está bien, ¡qué más!"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path)));
    }

    [Theory]
    [InlineData("<?xml version='1.0'?>\n<r>\n<x>\n<text>Bien</text><stars>5</stars></x>\n<x><text>Mal</text>\n<stars>9</stars></x></r>",
        "a.xml, item 2 (line 5), column 'stars': '9' was found, expected a whole number from 1 to 5.")]
    [InlineData("<r>\n<x><text>Bien</text></x>\n<x><text>Mal & peor</text></x></r>",
        "a.xml, line 3: broken XML, expected whole elements, with &amp; for & and &lt; for < in texts. An error occurred while parsing EntityName.")]
    [InlineData("<?xml version='1.0'?><r> </r>", "a.xml: the XML's element 'r' is empty, expected the reviews inside.")]
    [InlineData("<!DOCTYPE r [<!ENTITY a 'aaaa'>]><r><x><text>&a;</text></x></r>", "a.xml, line 1: broken XML, expected whole elements, with &amp; for & "
        + "and &lt; for < in texts. Reference to undeclared entity 'a'.")]
    [InlineData("<r><x><text>Bien</text></x>",
        "a.xml, line 1: broken XML, expected whole elements, with &amp; for & and &lt; for < in texts. Unexpected end of file")]
    public void Faults_are_told_with_their_line(string content, string fault) =>
        Assert.StartsWith(fault, _folder.Fault(_folder.Write("a.xml", content)), StringComparison.Ordinal);

    [Fact]
    public void Elements_that_never_end_are_refused_before_they_fill_the_memory()
    {
        string deep = string.Concat(Enumerable.Repeat("<a>", 100_000));
        Assert.Equal("a.xml, line 1: elements are inside one another 51 times, expected reviews.", _folder.Fault(_folder.Write("a.xml", $"<r>{deep}")));
        Assert.Equal("b.xml, line 1: the element has more than 16777216 characters, expected one review in each.",
            _folder.Fault(Endless("b.xml", "<r><x><text>", "muy bueno ")));
        Assert.Equal("c.xml: 'id' stands before the reviews, so that the whole file is one element, and that has more than 16777216 characters. Take away "
            + "what stands before the reviews.", _folder.Fault(Endless("c.xml", "<feed><id>7</id>", "<entry><text>muy bueno</text></entry>")));

        string Endless(string name, string start, string again)
        {
            string path = _folder.Path(name);
            using var writer = new StreamWriter(path);
            writer.Write(start);
            for (int i = 0; i < 2_000_000; i++)
                writer.Write(again);
            return path;
        }
    }

    [Fact]
    public void A_name_that_says_another_format_is_told() =>
        Assert.Equal("a.csv: the content is XML, expected a header line with rows below it, by the file's extension. Rename the file by what it holds.",
            _folder.FaultAtOnce(_folder.Write("a.csv", "<?xml version='1.0'?><r><x><text>Bien</text></x></r>")));

    public void Dispose() => _folder.Dispose();
}
