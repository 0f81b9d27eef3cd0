using System.IO.Pipes;

namespace SentimentML.Tests.Reviews;

public sealed class BadReviewFileTests : IDisposable
{
    private const string Formats =
        "csv, tsv, txt, jsonl, json, xml, xlsx, parquet, arrow or feather, with .gz, .bz2, .xz, .zst or .zip after it or not. Convert or unpack it by another "
        + "program.";

    private readonly ReviewFolder _folder = new();

    [Fact]
    public void A_missing_file() =>
        Assert.Equal("no.csv does not exist, expected a file of reviews: csv, tsv, txt, jsonl, json, xml, xlsx, parquet, arrow or feather, with .gz, .bz2, "
            + ".xz, .zst or .zip after it or not.", _folder.FaultAtOnce(_folder.Path("no.csv")));

    [Fact]
    public void A_file_in_a_missing_folder() =>
        Assert.StartsWith("no/no.csv does not exist,", _folder.FaultAtOnce(_folder.Path("no/no.csv")), StringComparison.Ordinal);

    [Fact]
    public void A_folder()
    {
        Directory.CreateDirectory(_folder.Path("carpeta.csv"));
        Assert.StartsWith("carpeta.csv is a folder, expected a file of reviews", _folder.FaultAtOnce(_folder.Path("carpeta.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /dev/fd");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        string path = $"/dev/fd/{pipe.GetClientHandleAsString()}";
        Assert.Equal($"{path} is a pipe or a device, which can be read once; reviews are read several times. Write them to a file first.",
            _folder.FaultAtOnce(path));
    }

    [Theory]
    [InlineData("a.data")]
    [InlineData("a")]
    public void An_extension_that_says_nothing(string name)
    {
        string path = _folder.Write(name, "text,stars\nx,5\n");
        Assert.Equal($"{name}: the extension does not say the format, expected csv, tsv, txt, jsonl, json, xml, xlsx, parquet, arrow or feather, with .gz, "
            + ".bz2, .xz, .zst or .zip after it or not. Rename the file, or set Format to the one that it has.", _folder.FaultAtOnce(path));
    }

    [Fact]
    public void Json_is_recognized_without_one() =>
        Assert.Equal(["x", "y"], ReviewFolder.Texts(_folder.Load("RC_2023-01", "{\"body\": \"x\"}\n{\"body\": \"y\"}\n")));

    [Fact]
    public void The_format_can_be_given_instead() =>
        Assert.Equal(["x"], ReviewFolder.Texts(_folder.Load("a.data", "text,stars\nx,5\n", new ReviewFileOptions { Format = ReviewFileFormat.Csv })));

    [Theory]
    [InlineData("a.csv", "a header line with rows below it")]
    [InlineData("a.tsv", "a header line with rows below it")]
    [InlineData("a.jsonl", "JSON")]
    [InlineData("a.parquet", "Parquet")]
    [InlineData("a.csv.gz", "a header line with rows below it")]
    public void An_empty_file(string name, string expected) =>
        Assert.Equal($"{name}: the file is empty, expected {expected}.", _folder.FaultAtOnce(_folder.Write(name, "")));

    [Theory]
    [InlineData("a.csv", "\n\n", "a.csv: the file is empty, expected a header line and rows.")]
    [InlineData("a.jsonl", "\n \r\n", "a.jsonl: the file is empty, expected JSON objects, one a line or in an array.")]
    [InlineData("a.csv", "text,stars\n", "a.csv: the file has columns (text, stars) and no rows. Add a row for each review below them, or give another file.")]
    [InlineData("a.tsv", "text\tstars", "a.tsv: the file has columns (text, stars) and no rows. Add a row for each review below them, or give another file.")]
    public void A_file_without_rows(string name, string content, string expected) =>
        Assert.Equal(expected, _folder.FaultAtOnce(_folder.Write(name, content)));

    [Fact]
    public void An_empty_file_inside_gzip() =>
        Assert.Equal("a.csv.gz: the file is empty, expected a header line with rows below it.",
            _folder.FaultAtOnce(_folder.Write("a.csv.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0])));

    [Theory]
    [InlineData("7", "'7' was found", 10)]
    [InlineData("10\ny,50", "'10' was found", 50)]
    [InlineData("-1", "'-1' was found")]
    [InlineData("abc", "'abc' was found")]
    [InlineData("4.5", "'4.5' was found", 5)]
    [InlineData("Infinity", "'Infinity' was found")]
    [InlineData("\"4,5\"", "'4,5' was found", 5)]
    public void Stars_that_are_none(string stars, string found, int scale = 0) =>
        Assert.Equal($"a.csv, line 3, column 'stars': {found}, expected a whole number from 1 to 5. Correct it, name another column with the stars "
            + "(StarsColumn), or read this one as labels: set LabelColumn to stars."
            + (scale == 0 ? "" : $" If the scores are {(scale == 5 ? "stars with halves, to be rounded up" : $"out of {scale}")}, set StarsScale to {scale}."),
            _folder.Fault(_folder.Write("a.csv", $"text,stars\nx,5\ny,{stars}\n")));

    [Theory]
    [InlineData("a.csv", "text,stars\nx,5\ny,\n", 3)]
    [InlineData("b.csv", "text,stars\nx,5\ny,NaN\n", 3)]
    [InlineData("c.csv", "text,stars\nx,5\ny,None\n", 3)]
    [InlineData("a.tsv", "text\tstars\nx\t5\ny\tN/A\n", 3)]
    [InlineData("c.jsonl", "{\"text\": \"x\", \"stars\": 1}\n{\"text\": \"y\", \"stars\": \"null\"}\n", 2)]
    [InlineData("a.jsonl", "{\"text\": \"x\", \"stars\": 1}\n{\"text\": \"y\", \"stars\": null}\n", 2)]
    [InlineData("b.jsonl", "{\"text\": \"x\", \"stars\": 1}\n{\"text\": \"y\"}\n", 2)]
    public void Stars_that_are_missing_in_a_file_that_has_them(string name, string content, int line)
    {
        string path = _folder.Write(name, content);
        Assert.Equal($"{name}, line {line}, column 'stars': no stars, expected a whole number from 1 to 5. Give the row one or take it out; without Strict "
            + "such rows are left out and counted.",
            _folder.Fault(path, new ReviewFileOptions { Strict = true }));
        float[] stars = ReviewFolder.Stars(_folder.ML.Data.LoadReviews(path));
        Assert.Equal(float.NaN, stars[1]);
    }

    [Fact]
    public void A_label_that_is_missing_in_a_file_that_has_it()
    {
        string path = _folder.Write("a.csv", "text,label\nx,bueno\ny,\n");
        Assert.Equal("a.csv, line 3, column 'label': no label, expected a text. Give the row one or take it out; without Strict such rows are left out and "
            + "counted.",
            _folder.Fault(path, new ReviewFileOptions { Strict = true }));
        Assert.Equal(["bueno", ""], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path), "Label"));
    }

    [Theory]
    [InlineData("a.csv", "text,stars\nx,5\n,4\n", "a.csv, line 3, column 'text': the review has no text")]
    [InlineData("a.tsv", "text\tstars\nx\t5\n   \t4\n", "a.tsv, line 3, column 'text': the review has no text")]
    [InlineData("a.jsonl", "{\"text\": \"x\"}\n{\"text\": null}\n", "a.jsonl, line 2, column 'text': the review has no text")]
    [InlineData("b.jsonl", "{\"title\": \"x\", \"body\": \"y\"}\n{\"title\": \"\"}\n", "b.jsonl, line 2, column 'body': the review has neither body nor title")]
    public void A_text_that_is_missing(string name, string content, string fault)
    {
        string path = _folder.Write(name, content);
        Assert.StartsWith(fault, _folder.Fault(path, new ReviewFileOptions { Strict = true }), StringComparison.Ordinal);
        Assert.Equal("", ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path))[1].Trim());
    }

    [Fact]
    public void Stars_of_another_scale_do_not_hinder_reading_the_text() =>
        Assert.Equal(["x"], ReviewFolder.Texts(_folder.Load("a.csv", "text,rating\nx,8.5\n")));

    [Theory]
    [InlineData("a.csv", "PK\u0003\u0004rest", "a.csv: the zip archive is damaged or cut off. Get the file again.")]
    [InlineData("a.parquet", "text,stars\nx,5\n",
        "a.parquet: the content is text, expected Parquet, by the file's extension. Rename the file by what it holds.")]
    [InlineData("a.xlsx", "text,stars\nx,5\n",
        "a.xlsx: the content is text, expected an Excel workbook (.xlsx), by the file's extension. Rename the file by what it holds.")]
    [InlineData("a.csv", "%PDF-1.7 ",
        "a.csv: the content is a PDF document, expected a header line with rows below it. Convert or unpack it by another program.")]
    [InlineData("a.xls", "<html><table>",
        "a.xls: the content is a web page (HTML), expected an Excel workbook (.xlsx). Convert or unpack it by another program.")]
    [InlineData("a.jsonl", "SQLite format 3\0", "a.jsonl: the content is an SQLite database, expected JSON. Convert or unpack it by another program.")]
    [InlineData("a.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n", "a.csv: the content is a pointer of Git LFS and not the file, "
        + "which 'git lfs pull' gets, expected a header line with rows below it. Convert or unpack it by another program.")]
    [InlineData("a.txt", "1\n00:00:00,000 --> 00:00:01,000\nHola\n",
        "a.txt: the content is subtitles (SubRip), expected a header line with rows below it. Convert or unpack it by another program.")]
    [InlineData("a.mbox", "From ana@x.es Mon Jan 1 10:00:00 2024\nFrom: Ana\n", "a.mbox: the content is a mailbox of mails (mbox), expected a file of reviews: "
        + Formats)]
    [InlineData("a.eml", "Received: by x\n  for y\nFrom: Ana\nTo: Luis\n", "a.eml: the content is a mail (.eml), expected a file of reviews: " + Formats)]
    [InlineData("a.arff", "% x\n@RELATION a\n\n@ATTRIBUTE text STRING\n",
        "a.arff: the content is ARFF, as Weka writes it, expected a file of reviews: " + Formats)]
    [InlineData("a.sql", "-- x\n\nINSERT INTO a VALUES (1);\n", "a.sql: the content is SQL, expected a file of reviews: " + Formats)]
    [InlineData("a.pdf", "%PDF-1.7 ", "a.pdf: the content is a PDF document, expected a file of reviews: " + Formats)]
    [InlineData("a.feather", "ARROW1\0\0",
        "a.feather: the schema cannot be read as Arrow; the file is damaged, cut off, or uses what Apache.Arrow does not know. It has no footer at its end.")]
    [InlineData("a.feather", "FEA1", "a.feather: the content is Feather of version 1 (in Python read_feather reads it, and to_feather writes version 2), "
        + "expected Arrow or Feather. Convert or unpack it by another program.")]
    [InlineData("a.xml", "<?xml version=\"1.0\"?>",
        "a.xml: the XML has no element, expected an element with the reviews inside.")]
    [InlineData("a.sav", "$FL2@(#) SPSS", "a.sav: the content is an SPSS file, expected a file of reviews: " + Formats)]
    [InlineData("a.tsv", "#FORMAT=WebAnno TSV 3.3\n", "a.tsv: the content is a WebAnno TSV of single words (INCEpTION), expected a header line with rows "
        + "below it. Convert or unpack it by another program.")]
    [InlineData("a.lzma", "]\0\0", "a.lzma: the content is compressed with LZMA (.lzma), expected a file of reviews: " + Formats)]
    public void Content_of_another_kind_than_the_name_says(string name, string content, string expected) =>
        Assert.Equal(expected, _folder.FaultAtOnce(_folder.Write(name, content)));

    [Fact]
    public void A_tar_archive_is_named_also_in_gzip()
    {
        using var archive = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(archive, leaveOpen: true))
            tar.WriteEntry(_folder.Write("reviews.csv", "text,stars\nx,5\n"), "reviews.csv");
        Assert.Equal("a.tar.gz: the content is a tar archive, expected a file of reviews: " + Formats,
            _folder.FaultAtOnce(_folder.Write("a.tar.gz", ReviewFolder.Gzip(archive.ToArray()))));
    }

    [Fact]
    public void A_file_that_changed_its_columns_since_it_was_loaded()
    {
        var data = _folder.Load("a.csv", "text,stars\nx,5\n");
        _folder.Write("a.csv", "stars,text\n5,x\n");
        var error = Assert.Throws<SentimentMLException>(() => ReviewFolder.Texts(data));
        Assert.Contains("the file has changed since it was loaded; its columns were text, stars.", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
