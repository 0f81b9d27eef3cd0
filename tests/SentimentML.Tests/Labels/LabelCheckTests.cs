using System.Globalization;
using SentimentML.Labels;
using SentimentML.Reviews;

namespace SentimentML.Tests.Labels;

public class LabelCheckTests
{
    [Theory]
    [InlineData(40, 40)]
    [InlineData(1000, 1500)]
    [InlineData(37, 73)]
    public void Nearly_as_many_labels_as_rows_are_refused(int labels, int rows)
    {
        string[] names = [.. Enumerable.Range(0, labels).Select(i => $"Una reseña número {i}")];
        string message = Assert.Throws<SentimentMLException>(
            () => LabelCheck.RequireFewerThanRows(names, [.. Enumerable.Range(0, rows).Select(i => i % labels)], "a.csv", OptionNames.Properties)).Message;
        Assert.Equal(FormattableString.Invariant($"a.csv: {labels:N0} different labels in {rows:N0} rows, expected a few labels with many rows each. ")
            + "The column of labels probably holds texts or ids, such as "
            + "'Una reseña número 0', 'Una reseña número 1', 'Una reseña número 2'. Name the column with the labels: ReviewFileOptions.LabelColumn.", message);
    }

    [Theory]
    [InlineData(36, 36)] // a small try
    [InlineData(77, 154)]
    [InlineData(5, 10_000)]
    public void Few_labels_or_many_rows_are_not(int labels, int rows) =>
        LabelCheck.RequireFewerThanRows(
            [.. Enumerable.Range(0, labels).Select(i => $"l{i}")], [.. Enumerable.Range(0, rows).Select(i => i % labels)], "a.csv", OptionNames.Properties);

    [Fact]
    public void Labels_of_one_spelling_in_several_cases_are_named_with_their_rows()
    {
        Assert.Equal("Labels that differ in nothing but case are trained as different ones: 'POS' (2 rows) and 'Pos' (1 rows); 'Ñ' (1 rows) and 'ñ' (1 rows). "
            + "ReviewFileOptions.MergeLabelCase reads them as one.",
            LabelCheck.CaseVariants(["NEG", "POS", "Pos", "Ñ", "ñ"], [0, 1, 1, 2, 3, 4], OptionNames.Properties));
        Assert.Null(LabelCheck.CaseVariants(["neg", "pos"], [0, 1, 1], OptionNames.Properties));
        Assert.Null(LabelCheck.CaseVariants(["POS", "neg", "pos"], [1, 2], OptionNames.Properties)); // no row of one of them
    }

    [Theory]
    [InlineData("positivo:40 negativo:40 80:1", "80")] // a total below the table
    [InlineData("positivo:40 negativo:40 80:1 2024:1", "80 2024")]
    [InlineData("positivo:4 negativo:4 neutro:1", "")] // a small try
    [InlineData("positivo:40 negativo:1", "")]
    [InlineData("positivo:40 negativo:40 a:1 b:1 c:1 d:1", "")]
    public void A_label_of_a_single_row_beside_others_of_many_is_rather_none(string rows, string single) =>
        Assert.Equal(single, string.Join(' ', LabelCheck.SingleRows([.. rows.Split(' ').Select(label => label.Split(':'))
            .Select(label => KeyValuePair.Create(label[0], long.Parse(label[1], CultureInfo.InvariantCulture)))])));

    [Fact]
    public void A_label_that_says_no_sentiment_beside_others_that_do_is_told_with_its_rows()
    {
        LabelRows[] rows = [new("negativo", 30, 1), new("positivo", 27, 2), new("postivo", 3, 6)];

        Assert.Equal("Label 'postivo' (3 rows, the first is row 6) says no sentiment, while 'negativo' and 'positivo' do: is it misspelled? Because of it "
            + "the training starts from the plain encoder, not from the ready sentiment model.", LabelCheck.WithoutSentiment(rows, hasSentimentModel: true));
        Assert.EndsWith("is it misspelled?", LabelCheck.WithoutSentiment(rows, hasSentimentModel: false), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_told_of_labels_is_in_the_language_of_the_user()
    {
        using var spanish = new UICulture("es");
        Assert.Equal("Las etiquetas que solo se diferencian en mayúsculas y minúsculas se aprenden como distintas: 'POS' (2 filas) y 'Pos' (1 fila). "
            + "ReviewFileOptions.MergeLabelCase las une.", LabelCheck.CaseVariants(["POS", "Pos"], [0, 0, 1], OptionNames.Properties));
        Assert.Equal("La etiqueta 'postivo' (12\u202F000 filas, la primera es la fila 6) no dice ningún sentimiento, y 'negativo' y 'positivo' sí: ¿está mal "
            + "escrita? Por ella el entrenamiento parte del codificador solo, y no del modelo de sentimiento listo.",
            LabelCheck.WithoutSentiment([new("negativo", 30_000, 1), new("positivo", 27_000, 2), new("postivo", 12_000, 6)], hasSentimentModel: true));
    }

    [Theory]
    [InlineData("negativo", "positivo")]
    [InlineData("deportes", "cultura")]
    [InlineData("normal", "odio")]
    public void Labels_that_all_say_a_sentiment_or_are_of_something_else_are_not_told(params string[] labels) =>
        Assert.Null(LabelCheck.WithoutSentiment([.. labels.Select(label => new LabelRows(label, 10, 1))], hasSentimentModel: true));
}
