using Microsoft.ML;
using SentimentML.Evaluation;

namespace SentimentML.Tests.Evaluation;

public class DataReportTests
{
    private static readonly DataRow[] Six =
    [
        new("Muy buena compra, la recomiendo a todo el mundo", 5),
        new("  ", 1),
        new("10/10 !!!", 5),
        new("La tapa se rompiÃ³ el primer día", 1),
        new("The lid broke on the first day and it was not cheap", 1),
        new("Muy buena compra, la recomiendo a todo el mundo ", 4),
    ];

    [Fact]
    public void Rows_stars_and_repetitions_are_counted()
    {
        DataReport report = DataReport.Of(Six);

        Assert.Equal((6, 1), (report.Rows, report.Repeated));
        Assert.Equal([new("1", 3), new("4", 1), new("5", 2)], report.Stars);
        Assert.Empty(report.Labels);
    }

    [Fact]
    public void Odd_rows_are_named_with_their_kind_and_number()
    {
        DataReport report = DataReport.Of(Six);

        Assert.Equal([(OddText.Empty, 1L), (OddText.NoLetters, 2L), (OddText.BrokenEncoding, 3L)],
            report.Odd.Select(pair => (pair.Key, Assert.Single(pair.Value.Examples))));
    }

    [Fact]
    public void Other_languages_are_counted_apart()
    {
        DataReport report = DataReport.Of(Six);

        Assert.Equal([("es", 3L), ("en", 1L), ("und", 1L)], report.Languages.Select(pair => (pair.Key, pair.Value.Count)));
        Assert.Equal([4L], report.Languages.Single(pair => pair.Key == "en").Value.Examples);
    }

    [Fact]
    public void Lengths_are_in_characters_words_and_tokens_and_what_is_cut_is_counted()
    {
        DataReport report = DataReport.Of(
            Enumerable.Range(1, 100).Select(n => new DataRow(string.Join(' ', Enumerable.Repeat("uno", n)))), text => 2 + text.Split(' ').Length, 92);

        Assert.Equal(new LengthStatistics(1, 50.5, 50, 90, 99, 100), report.Words);
        Assert.Equal(new LengthStatistics(3, 52.5, 52, 92, 101, 102), report.Tokens);
        Assert.Equal((3, 399), (report.Characters!.Min, report.Characters.Max));
        Assert.Equal(10, report.Truncated);
    }

    [Fact]
    public void A_file_without_rows_has_no_lengths()
    {
        DataReport report = DataReport.Of((IEnumerable<DataRow>)[]);

        Assert.Equal(0, report.Rows);
        Assert.Null(report.Characters);
        Assert.Null(report.Tokens);
        Assert.Empty(report.Languages);
    }

    [Fact]
    public void Labels_without_end_are_put_together()
    {
        DataReport report = DataReport.Of(Enumerable.Range(0, 5000).Select(i => new DataRow("texto", null, $"label {i}")));

        Assert.Equal(1001, report.Labels.Count);
        Assert.Equal(new KeyValuePair<string, long>("…", 4000), report.Labels[0]);
    }

    [Fact]
    public void A_view_is_read_by_its_columns()
    {
        using var folder = new TemporaryFolder();
        folder.With("reviews.csv", "text,stars,label\nMuy buena compra,5,bien\nMuy buena compra,,\nNo funciona,1,mal\n");
        var ml = new MLContext();
        IDataView rows = ml.Data.LoadReviews(folder.At("reviews.csv"));
        var read = new List<long>();
        var tokenizer = PretrainedTokenizer.Load(TinyTask.Backbone.Open(null, TestContext.Current.CancellationToken));
        int tokens = tokenizer.EncodeToIds("Muy buena compra").Length;
        DataReport report = DataReport.Of(
            rows, new DataReportOptions { Tokenizer = tokenizer, MaxTokens = tokens - 1, Progress = new Reported<long>(read.Add) });

        Assert.Equal((3L, 1L, 1L), (report.Rows, report.Repeated, report.NearlyRepeated));
        Assert.Equal([new("1", 1), new("5", 1), new("NaN", 1)], report.Stars);
        Assert.Equal([new("", 1), new("bien", 1), new("mal", 1)], report.Labels);
        Assert.Equal(new[] { tokens, tokens, tokenizer.EncodeToIds("No funciona").Length }.Max(), report.Tokens!.Max);
        Assert.InRange(report.Truncated, 2, 3);
        Assert.Equal([1L, 2, 3], read);
    }

    [Fact]
    public void Texts_are_not_compared_when_there_are_too_many()
    {
        IDataView rows = new MLContext().Data.LoadFromEnumerable(Six.Select(row => new { row.Text }));
        Assert.Equal(1, DataReport.Of(rows, new DataReportOptions { MaxComparedTexts = 6 }).NearlyRepeated);
        Assert.Null(DataReport.Of(rows, new DataReportOptions { MaxComparedTexts = 5 }).NearlyRepeated);
    }

    [Fact]
    public void Wrong_options_are_named_together()
    {
        IDataView rows = new MLContext().Data.LoadFromEnumerable(Six.Select(row => new { row.Text }));
        string message = Assert.Throws<ArgumentException>(() => DataReport.Of(rows, new DataReportOptions { MaxTokens = 2, StarsColumnName = "" })).Message;
        Assert.Contains("StarsColumnName is empty, expected a column's name. MaxTokens is 2, expected 3 or more.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compra perfecta")]
    [InlineData("JOÃO e a São Paulo â não")]
    [InlineData("precio < 20 € & envío")]
    [InlineData("línea\tuna\r\nlínea dos 😀")]
    public void An_ordinary_text_is_not_odd(string text) => Assert.Empty(OddTexts.Of(text));

    [Theory]
    [InlineData("Ã±oÃ±o", OddText.BrokenEncoding)]
    [InlineData("20 â‚¬", OddText.BrokenEncoding)]
    [InlineData("Â¡QuÃ© bien!", OddText.BrokenEncoding)]
    [InlineData("ma\uFFFDana", OddText.BrokenEncoding)]
    [InlineData("uno\u0000dos", OddText.ControlCharacters)]
    [InlineData("uno<br />dos", OddText.Html)]
    [InlineData("pan &amp; vino", OddText.Html)]
    [InlineData("👍👍👍", OddText.NoLetters)]
    [InlineData("", OddText.Empty)]
    public void An_odd_text_is_known_by_its_kind(string text, object kind) => Assert.Equal([(OddText)kind], OddTexts.Of(text));

    [Fact]
    public void Half_a_surrogate_pair_is_broken_encoding() => Assert.Equal([OddText.BrokenEncoding], OddTexts.Of("roto " + '\uD83D'));

    [Fact]
    public void A_text_of_more_than_ten_thousand_characters_is_very_long() => Assert.Equal([OddText.VeryLong], OddTexts.Of(new string('a', 10_001)));
}
