namespace SentimentML.Tests.Reviews;

public sealed class ReviewFileOptionsTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var options = new ReviewFileOptions
        {
            Format = (ReviewFileFormat)9,
            Delimiter = 'ñ',
            Quote = '\n',
            TextColumn = " ",
            StarsColumn = "label",
            LabelColumn = "label",
            MaxRows = 0,
        };
        var error = Assert.Throws<ArgumentException>(() => _folder.ML.Data.LoadReviews(_folder.Path("no.csv"), options));
        Assert.Equal(
            "The options for reading reviews are wrong. "
            + "Format is 9; Csv, Tsv, JsonLines, Json, Excel, Parquet, Lines, Folder, Arrow or null was expected. "
            + "Delimiter is U+00F1, expected an ASCII character other than a line break. "
            + "Quote is U+000A, expected an ASCII character other than a line break. "
            + "MaxRows is 0; at least 1 was expected, or null for all rows. "
            + "TextColumn is blank; a column's name was expected, or null. "
            + "StarsColumn and LabelColumn are both \"label\"; a column has one use.",
            error.Message);
    }

    [Fact]
    public void Delimiter_and_quote_must_differ()
    {
        var error = Assert.Throws<ArgumentException>(() => _folder.ML.Data.LoadReviews("a.csv", new ReviewFileOptions { Delimiter = '"' }));
        Assert.EndsWith("Delimiter and Quote are both '\"'; they must differ.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_after_loading_has_no_effect()
    {
        var options = new ReviewFileOptions { MaxRows = 1 };
        var data = _folder.Load("a.csv", "text\nx\ny\nz\n", options);
        options.MaxRows = 2;
        Assert.Equal(["x"], ReviewFolder.Texts(data));
    }

    [Fact]
    public void A_path_is_needed()
    {
        Assert.Throws<ArgumentNullException>(() => _folder.ML.Data.LoadReviews(null!));
        Assert.Throws<ArgumentException>(() => _folder.ML.Data.LoadReviews(" "));
    }

    public void Dispose() => _folder.Dispose();
}
