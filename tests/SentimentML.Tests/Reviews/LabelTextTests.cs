using SentimentML.Reviews;

namespace SentimentML.Tests.Reviews;

public sealed class LabelTextTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData(" pos ", "pos")]
    [InlineData("[\"pos\"]", "pos")]
    [InlineData("['pos']", "pos")]
    [InlineData("[ \"muy bueno\" ]", "muy bueno")]
    [InlineData("[1]", "1")]
    [InlineData("[\"pos\", \"pos\"]", "pos")] // annotators who agree
    [InlineData("[{\"value\": \"pos\", \"user_id\": \"a\", \"status\": \"submitted\"}]", "pos")]
    [InlineData("[{\"value\": \"neg\", \"status\": \"discarded\"}, {\"value\": \"pos\", \"status\": \"submitted\"}]", "pos")]
    [InlineData("{\"POSITIVE\": 1.0, \"NEGATIVE\": 0.0}", "POSITIVE")]
    [InlineData("{\"pos\": false, \"neg\": true}", "neg")]
    [InlineData("[true]", "true")]
    [InlineData("[pos", "[pos")]
    [InlineData("[sic]", "[sic]")]
    [InlineData("5.0", "5")]
    [InlineData("4,00", "4")]
    [InlineData("4.5", "4.5")]
    [InlineData("-1.0", "-1")]
    [InlineData("1.0.0", "1.0.0")]
    public void A_list_of_one_is_that_label_and_a_whole_number_is_written_as_such(string value, string label)
    {
        Assert.Equal(label, LabelText.Read(value, out string? fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("pe\u0301simo", "pésimo")]
    [InlineData("PE\u0301SIMO", "PÉSIMO")]
    [InlineData("nin\u0303o", "niño")]
    [InlineData("positivo\u200B", "positivo")]
    [InlineData("\uFEFFposi\u00ADtivo\u200E", "positivo")]
    [InlineData("muy\u00A0bueno\u00A0", "muy bueno")]
    [InlineData("👩\u200D💻", "👩\u200D💻")]
    [InlineData("roto\uD83D", "roto\uD83D")]
    public void Labels_that_look_the_same_are_one(string label, string same) => Assert.Equal(same, LabelText.Visible(label));

    [Fact]
    public void A_file_with_labels_that_look_the_same_has_one() =>
        Assert.Equal(["pésimo", "pésimo", ""],
            ReviewFolder.Texts(_folder.Load("a.csv", "text,label\nx,pésimo\u200B\ny,pe\u0301simo\nz,\u200B\n"), "Label"));

    [Theory]
    [InlineData("[]")]
    [InlineData("[null]")]
    [InlineData("[\"\"]")]
    [InlineData("['nan']")]
    [InlineData("{\"POSITIVE\": 0.0, \"NEGATIVE\": 0.0}")]
    [InlineData("[{\"value\": \"pos\", \"status\": \"draft\"}]")]
    public void A_list_without_a_label_is_a_missing_label(string value)
    {
        Assert.Null(LabelText.Read(value, out string? fault));
        Assert.Null(fault);
    }

    [Theory]
    [InlineData("[\"pos\", \"neg\"]", "2 labels in one row (pos, neg), expected one.")]
    [InlineData("['pos', 'neg', 'neu']", "3 labels in one row (pos, neg, neu), expected one.")]
    [InlineData("['pos' 'neg']", "2 labels in one row (pos, neg), expected one.")]
    [InlineData("[{\"value\": \"pos\"}, {\"value\": \"neg\"}]", "2 labels in one row (pos, neg), expected one.")]
    [InlineData("{\"POSITIVE\": 1, \"NEGATIVE\": 1}", "2 labels in one row (POSITIVE, NEGATIVE), expected one.")]
    [InlineData("[[0, 4, \"PER\"]]", "the label is a JSON object or a list of such")]
    [InlineData("{\"choices\": [\"pos\"]}", "the label is a JSON object or a list of such")]
    public void Longer_lists_and_objects_are_refused_with_a_way_on(string value, string fault)
    {
        LabelText.Read(value, out string? found);
        Assert.StartsWith(fault, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("doccano.jsonl", "{\"id\": 1, \"text\": \"x\", \"label\": [\"pos\"]}\n{\"id\": 2, \"text\": \"y\", \"label\": []}\n")]
    [InlineData("prodigy.jsonl", "{\"text\": \"x\", \"options\": [], \"accept\": [\"pos\"], \"answer\": \"accept\"}\n{\"text\": \"y\", \"accept\": []}\n")]
    [InlineData("pandas.csv", "text,labels\nx,['pos']\ny,[]\n")]
    [InlineData("spacy.jsonl", "{\"text\": \"x\", \"cats\": {\"pos\": 1.0, \"neg\": 0.0}}\n{\"text\": \"y\", \"cats\": {}}\n")]
    [InlineData("argilla1.json", "[{\"text\": \"x\", \"annotation\": \"pos\", \"prediction\": [{\"label\": \"neg\", \"score\": 0.8}]}, {\"text\": \"y\"}]")]
    [InlineData("argilla2.jsonl", "{\"text\": \"x\", \"label\": [{\"value\": \"pos\", \"user_id\": \"a\", \"status\": \"submitted\"}]}\n"
        + "{\"text\": \"y\", \"label\": []}\n")]
    [InlineData("argilla.csv", "text,label.suggestion,label.responses\nx,neg,\"[\"\"pos\"\"]\"\ny,pos,\n")]
    [InlineData("argilla3.jsonl", "{\"fields\": {\"text\": \"x\"}, \"suggestions\": {\"label\": {\"value\": \"neg\"}}, "
        + "\"responses\": {\"label\": [{\"value\": \"pos\", \"user_id\": \"a\"}]}}\n"
        + "{\"fields\": {\"text\": \"y\"}, \"suggestions\": {\"label\": {\"value\": \"pos\"}}, \"responses\": {}}\n")]
    public void What_annotation_tools_export_is_read(string name, string content) =>
        Assert.Equal(["pos", ""], ReviewFolder.Texts(_folder.Load(name, content), "Label"));

    [Theory]
    [InlineData("a.jsonl", "{\"text\": \"x\", \"label\": [\"pos\", \"neg\"]}\n",
        "a.jsonl, line 1, column 'label': 2 labels in one row (pos, neg), expected one. Keep one label a row, or leave such rows out: a text has one label in "
        + "this training.")]
    [InlineData("a.csv", "text,label\nx,\"['a', 'b']\"\n",
        "a.csv, line 2, column 'label': 2 labels in one row (a, b), expected one. Keep one label a row, or leave such rows out: a text has one label in this "
        + "training.")]
    public void A_row_with_several_labels_is_named(string name, string content, string fault) =>
        Assert.Equal(fault, _folder.Fault(_folder.Write(name, content)));

    [Fact]
    public void Labels_are_read_in_lower_case_when_asked()
    {
        const string content = "text,label\na,Positivo\nb,POSITIVO\nc,positivo \nd,Ñoño\n";
        Assert.Equal(["Positivo", "POSITIVO", "positivo", "Ñoño"], ReviewFolder.Texts(_folder.Load("a.csv", content), "Label"));
        Assert.Equal(["positivo", "positivo", "positivo", "ñoño"],
            ReviewFolder.Texts(_folder.Load("a.csv", content, new ReviewFileOptions { MergeLabelCase = true }), "Label"));
    }

    [Theory]
    [InlineData("stars")]
    [InlineData("rating")]
    [InlineData("star_rating")]
    public void What_is_named_as_the_label_is_not_taken_for_the_stars(string column)
    {
        var data = _folder.Load("a.csv", $"text,{column}\nx,5\ny,3.0\n", new ReviewFileOptions { LabelColumn = column });
        Assert.Equal(["Text", "Label"], ReviewFolder.Columns(data));
        Assert.Equal(["5", "3"], ReviewFolder.Texts(data, "Label"));
    }

    [Theory]
    [InlineData("text,stars\nx,5\n", "text")]
    [InlineData("Text,label\nx,5\n", "Text")]
    [InlineData("body,stars\nx,5\n", "body")]
    public void The_only_column_of_texts_is_refused_as_the_label(string content, string column) =>
        Assert.Contains($"LabelColumn names '{column}', the only column of texts, expected the column with the labels.",
            _folder.FaultAtOnce(_folder.Write("a.csv", content), new ReviewFileOptions { LabelColumn = column }), StringComparison.Ordinal);

    [Theory]
    [InlineData("[\"pos\", \"hotel\"]", "pos", "1 of 21 rows have other labels in column 'label' beside a sentiment, which is read alone (line 22: 'pos' of "
        + "pos, hotel).")]
    [InlineData("[\"pos\", \"neg\"]", "", "1 of 21 rows have several labels in column 'label' (line 22: pos, neg); they count as rows without a label.")]
    public void Several_labels_in_a_few_rows_do_not_stop_the_reading(string label, string read, string told)
    {
        string content = "text,label\n" + string.Concat(Enumerable.Repeat("x,pos\n", 20)) + $"y,\"{label.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n";
        var warned = new List<string>();
        Assert.Equal(read, ReviewFolder.Texts(_folder.Load("a.csv", content, new ReviewFileOptions { Warn = warned.Add }), "Label")[^1]);
        Assert.Equal($"{_folder.Path("a.csv")}: {told}", Assert.Single(warned));
        Assert.Contains("2 labels in one row", _folder.Fault(_folder.Path("a.csv"), new ReviewFileOptions { Strict = true }), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
