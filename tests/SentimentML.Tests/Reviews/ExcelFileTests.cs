using SentimentML.Predictions;
using System.IO.Compression;
using System.Text;

namespace SentimentML.Tests.Reviews;

public sealed class ExcelFileTests : IDisposable
{
    private readonly ReviewFolder _folder = new();
    private readonly List<string> _warned = [];

    [Theory]
    [InlineData("a.xlsx")]
    [InlineData("a.xlsm")]
    [InlineData("a.csv")]
    [InlineData("a.xlsx.gz")]
    public void The_first_sheet_is_read(string name)
    {
        byte[] book = Book(("Hoja1", Row(1, "texto", "estrellas", "fecha de compra") + Row(2, "Muy bueno", 5, "ayer") + Row(3, "Año <malo> & feo", 1, null)));
        var data = _folder.ML.Data.LoadReviews(_folder.Write(name, name.EndsWith(".gz", StringComparison.Ordinal) ? ReviewFolder.Gzip(book) : book));
        Assert.Equal(["Text", "Stars", "fecha de compra"], ReviewFolder.Columns(data));
        Assert.Equal(["Muy bueno", "Año <malo> & feo"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
        Assert.Equal(["ayer", ""], ReviewFolder.Texts(data, "fecha de compra"));
    }

    [Fact]
    public void Cells_are_invariant_text()
    {
        string cells = Row(1, "text", "precio", "vale", "nada", "formula")
            + "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\"><v>12.5</v></c><c r=\"C2\" t=\"b\"><v>1</v></c><c r=\"E2\" "
            + "t=\"str\"><f>A2</f><v>x</v></c></row>"
            + "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"E3\" t=\"e\"><v>#N/A</v></c></row>";
        var data = _folder.ML.Data.LoadReviews(_folder.Write("a.xlsx", Book(("Hoja1", cells))));
        Assert.Equal(["compartido 1", "compartido 0"], ReviewFolder.Texts(data));
        Assert.Equal(["12.5", ""], ReviewFolder.Texts(data, "precio"));
        Assert.Equal(["true", ""], ReviewFolder.Texts(data, "vale"));
        Assert.Equal(["", ""], ReviewFolder.Texts(data, "nada"));
        Assert.Equal("x", ReviewFolder.Texts(data, "formula")[0]);
    }

    [Fact]
    public void A_hidden_column_does_not_go_before_one_that_is_seen()
    {
        const string hidden = "<cols><col min=\"1\" max=\"1\" hidden=\"1\"/></cols>";
        string path = _folder.Write("a.xlsx", Book("visible", hidden, ("Hoja1", Row(1, "text", "texto", "label") + Row(2, "viejo", "Muy bien", "pos"))));
        Assert.Equal(["Muy bien"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = _warned.Add })));
        Assert.Contains("sheet 'Hoja1' hides 'text': a hidden column is read only if it is named", Assert.Single(_warned), StringComparison.Ordinal);
        Assert.Equal(["viejo"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { TextColumn = "text" })));
    }

    [Fact]
    public void Another_sheet_is_read_where_it_is_named()
    {
        string path = _folder.Write(
            "a.xlsx", Book(("Resumen", Row(1, "total", "media") + Row(2, 1, 3)), ("Opiniones", Row(1, "text", "stars") + Row(2, "Muy bueno", 5)),
                ("Vacía", "")));
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Sheet = "opiniones", Warn = _warned.Add })));
        Assert.Empty(_warned);
        Assert.Equal("a.xlsx: the workbook's sheets are 'Resumen', 'Opiniones', 'Vacía'; expected 'Otra', as Sheet says.",
            _folder.FaultAtOnce(path, new ReviewFileOptions { Sheet = "Otra" }));
        Assert.StartsWith("a.xlsx: sheet 'Vacía' is empty, expected a header and rows. The other sheets are 'Resumen', 'Opiniones': set Sheet to",
            _folder.FaultAtOnce(path, new ReviewFileOptions { Sheet = "Vacía" }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("total", "visible", "sheet 'Opiniones' is read, the only visible one with a column of texts")]
    [InlineData("text", "hidden", "sheet 'Opiniones' is read, the first one that is not hidden")]
    [InlineData("text", "veryHidden", "sheet 'Opiniones' is read, the first one that is not hidden")]
    [InlineData("text", "visible", "the first sheet is read, 'Resumen'")]
    public void Of_several_sheets_the_first_visible_one_is_read_or_the_only_one_with_texts(string column, string state, string told)
    {
        string path = _folder.Write("a.xlsx", Book(state, ("Resumen", Row(1, column, "media") + Row(2, "viejo", 3)),
            ("Opiniones", Row(1, "text", "stars") + Row(2, "Muy bueno", 5)), ("Vacía", "")));
        var data = _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal([told.Contains("Opiniones", StringComparison.Ordinal) ? "Muy bueno" : "viejo"], ReviewFolder.Texts(data));
        string other = told.Contains("Opiniones", StringComparison.Ordinal) ? "Resumen" : "Opiniones";
        Assert.Equal([$"{path}: {told}. The others are '{other}', 'Vacía': to read one of them, set Sheet to its name."], _warned);
    }

    [Fact]
    public void Where_no_sheet_has_texts_the_first_is_told() =>
        Assert.StartsWith("a.xlsx: the file's columns are 'total'; expected a column 'text'",
            _folder.FaultAtOnce(_folder.Write("a.xlsx", Book(("Resumen", Row(1, "total") + Row(2, 1)), ("Otra", Row(1, "media") + Row(2, 1))))),
            StringComparison.Ordinal);

    [Fact]
    public void Rows_above_the_header_and_empty_rows_are_passed_over()
    {
        string cells = Row(1, "Opiniones 2026") + Row(2, null, null) + Row(4, "id", "text", "stars") + Row(5, 1, "Bueno", 5) + Row(6, null, null, null)
            + Row(9, 2, "Malo", "un");
        string path = _folder.Write("a.xlsx", Book(("Hoja1", cells)));
        var data = _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["Bueno", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal(["1", "2"], ReviewFolder.Texts(data, "id"));
        Assert.Equal([$"{path}: the rows above the header, in row 4, are passed over: Opiniones 2026"], _warned);
        Assert.StartsWith("a.xlsx, row 9, column 'stars': 'un' was found, expected a whole number from 1 to 5. Correct it", _folder.Fault(path),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Opinión", null, null)]
    [InlineData("Valoración", null, null)]
    [InlineData("Cliente", null, "Opinión")]
    public void A_title_that_is_called_like_a_column_is_no_header(string first, string? second, string? third)
    {
        string cells = Row(1, first, second, third) + Row(2, "Fecha", "Comentario", "Puntuación") + Row(3, "2024", "Muy bueno", 5);
        var data = _folder.ML.Data.LoadReviews(_folder.Write("a.xlsx", Book(("Hoja1", cells))));
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(data));
        Assert.Equal([5f], ReviewFolder.Stars(data));
    }

    [Fact]
    public void What_a_survey_writes_below_the_header_is_no_review()
    {
        string cells = Row(1, "Id", "Opinión", "Puntuación") + Row(2, null, "Open-Ended Response", "Response") + Row(3, 1, "Muy bueno", 5);
        Assert.Equal([5f], ReviewFolder.Stars(_folder.ML.Data.LoadReviews(_folder.Write("a.xlsx", Book(("Hoja1", cells))))));
    }

    [Fact]
    public void Columns_behind_the_header_come_along()
    {
        string path = _folder.Write("a.xlsx", Book(("Hoja1", Row(1, "Texto") + Row(2, "Muy bueno", 5, "x"))));
        Assert.Equal(["Texto", "", ""], TextRows.Open(path, new ReviewFileOptions(), _warned.Add).File.Columns);
    }

    [Fact]
    public void A_remark_below_the_table_is_a_text_without_a_label()
    {
        string rows = Row(1, "texto", "etiqueta") + Row(2, "Muy bueno", "pos") + Row(4, "Fuente: encuesta 2023");
        Assert.Equal(["pos", ""], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write("a.xlsx", Book(("Hoja1", rows)))), "Label"));
    }

    [Fact]
    public void A_column_for_each_label_is_read_as_the_label()
    {
        string rows = Row(1, "texto", "positivo", "negativo") + Row(2, "Muy bueno", "x") + Row(3, "Malo", null, "x");
        Assert.Equal(["positivo", "negativo"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(_folder.Write("a.xlsx", Book(("Hoja1", rows)))), "Label"));
    }

    [Fact]
    public void A_header_that_comes_again_is_no_row()
    {
        string rows = Row(1, "texto", "etiqueta") + Row(2, "Bueno", "pos") + Row(4, "texto", "etiqueta") + Row(5, "Malo", "neg");
        var data = _folder.ML.Data.LoadReviews(_folder.Write("a.xlsx", Book(("Hoja1", rows))), new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(data, "Label"));
        Assert.EndsWith("a.xlsx, row 4: the row is the header again, as in files that were put one after the other. Such rows are passed over.",
            Assert.Single(_warned), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_below_lines_as_wide_as_it_is_found()
    {
        string rows = Row(1, "Informe de reseñas 2023") + Row(3, "Generado el", 45000) + Row(5, "texto", "estrellas") + Row(6, "Bueno", 5);
        Assert.Equal([5f], ReviewFolder.Stars(_folder.ML.Data.LoadReviews(_folder.Write("a.xlsx", Book(("Hoja1", rows))))));
    }

    [Fact]
    public void Without_a_header_columns_are_numbered()
    {
        string path = _folder.Write("a.xlsx", Book(("Hoja1", Row(1, "Bueno", 5) + Row(2, "Malo", 1))));
        var data = _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { HasHeader = false, TextColumn = "1", StarsColumn = "2" });
        Assert.Equal(["Bueno", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Fact]
    public void Damaged_workbooks_give_errors_of_this_library_alone()
    {
        byte[] whole = Book(("Hoja1",
            Row(1, "text", "stars") + string.Concat(Enumerable.Range(2, 200).Select(row => Row(row, $"reseña {row * row}", row % 5 + 1)))));
        var random = new Random(1);
        for (int i = 0; i < 150; i++)
        {
            byte[] damaged = i < 50 ? whole[..(whole.Length * i / 50)] : [.. whole];
            for (int j = 0; i >= 50 && j < 4; j++)
                damaged[4 + random.Next(whole.Length - 4)] = (byte)random.Next(256);
            string path = _folder.Write("b.xlsx", damaged);
            try
            {
                ReviewFolder.ReadAll(_folder.ML.Data.LoadReviews(path));
            }
            catch (SentimentMLException e)
            {
                Assert.Contains("b.xlsx", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>text</t></is></c></row><row r=\"2000000000\"><c r=\"A2000000000\"><v>1</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>text</t></is></c><c r=\"ZZZZZZ1\"><v>1</v></c></row><row r=\"2\"><c "
        + "r=\"A2\"><v>1</v></c></row>")]
    [InlineData("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99999999</v></c></row>")]
    public void Sizes_that_no_workbook_has_are_refused_before_memory_is_taken(string cells)
    {
        string path = _folder.Write("a.xlsx", Book(("Hoja1", cells)));
        long before = GC.GetTotalAllocatedBytes();
        var error = Record.Exception(() => ReviewFolder.ReadAll(_folder.ML.Data.LoadReviews(path)));
        Assert.True(error is null or SentimentMLException, error?.ToString());
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 4L << 30); // a row of MiniExcel's takes two kilobytes, one after the other
    }

    private static string Row(int number, params object?[] cells) => $"<row r=\"{number}\">" + string.Concat(cells.Select((cell, i) => cell switch
    {
        null => "",
        int value => $"<c r=\"{(char)('A' + i)}{number}\"><v>{value}</v></c>",
        _ => $"<c r=\"{(char)('A' + i)}{number}\" t=\"inlineStr\"><is><t>{System.Security.SecurityElement.Escape(cell.ToString())}</t></is></c>",
    })) + "</row>";

    /// <summary>A workbook as Excel writes it, with its sheets' rows as given and two shared strings.</summary>
    private static byte[] Book(params (string Name, string Rows)[] sheets) => Book("visible", sheets);

    private static byte[] Book(string firstState, params (string Name, string Rows)[] sheets) => Book(firstState, "", sheets);

    private static byte[] Book(string firstState, string columns, params (string Name, string Rows)[] sheets)
    {
        const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" "
                + "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                + "<Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>");
            Add(zip, "_rels/.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
                + $"Type=\"{Relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
            Add(zip, "xl/workbook.xml",
                $"<workbook xmlns=\"{Main}\" xmlns:r=\"{Relations}\"><sheets>"
                + string.Concat(sheets.Select((sheet, i) => $"<sheet name=\"{sheet.Name}\" sheetId=\"{i + 1}\" "
                    + $"state=\"{(i == 0 ? firstState : "visible")}\" r:id=\"rId{i + 1}\"/>"))
                + "</sheets></workbook>");
            Add(zip, "xl/_rels/workbook.xml.rels", "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                + string.Concat(sheets.Select(
                    (_, i) => $"<Relationship Id=\"rId{i + 1}\" Type=\"{Relations}/worksheet\" Target=\"worksheets/sheet{i + 1}.xml\"/>"))
                + $"<Relationship Id=\"rId90\" Type=\"{Relations}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>");
            Add(zip, "xl/sharedStrings.xml",
                $"<sst xmlns=\"{Main}\" count=\"2\" uniqueCount=\"2\"><si><t>compartido 0</t></si><si><r><t>compartido</t></r><r><t xml:space=\"preserve\"> "
                + "1</t></r></si></sst>");
            for (int i = 0; i < sheets.Length; i++)
                Add(zip, $"xl/worksheets/sheet{i + 1}.xml", $"<worksheet xmlns=\"{Main}\">{columns}<sheetData>{sheets[i].Rows}</sheetData></worksheet>");
        }
        return content.ToArray();
    }

    private static void Add(ZipArchive zip, string name, string xml)
    {
        using Stream entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>" + xml));
    }

    public void Dispose() => _folder.Dispose();
}
