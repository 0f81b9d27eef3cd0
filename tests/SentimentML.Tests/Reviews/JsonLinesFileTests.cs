using System.Globalization;

namespace SentimentML.Tests.Reviews;

public sealed class JsonLinesFileTests : IDisposable
{
    private readonly ReviewFolder _folder = new();

    [Theory]
    [InlineData("a.jsonl")]
    [InlineData("a.ndjson")]
    [InlineData("a.json")]
    public void A_line_is_a_row(string name)
    {
        var data = _folder.Load(name, "\uFEFF{\"text\": \"Ni\\u00f1o feliz\", \"stars\": 5}\n\n{\"stars\": \"1\", \"text\": \"Mal\\nhecho\"}\r\n");
        Assert.Equal(["Niño feliz", "Mal\nhecho"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Fact]
    public void Values_that_are_no_strings_are_their_json()
    {
        var data = _folder.Load("a.jsonl", """{"text": "x", "helpful": [1, {"a": "b"}], "votes": 3.50, "verified": true, "kind": null}""");
        Assert.Equal(["[1, {\"a\": \"b\"}]"], ReviewFolder.Texts(data, "helpful"));
        Assert.Equal(["3.50"], ReviewFolder.Texts(data, "votes"));
        Assert.Equal(["true"], ReviewFolder.Texts(data, "verified"));
        Assert.Equal([""], ReviewFolder.Texts(data, "kind"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(150)]
    [InlineData(20_000)]
    public void Properties_that_only_later_rows_have_are_columns(int before)
    {
        string first = string.Concat(Enumerable.Repeat("{\"text\": \"x: y\", \"a\": \"1\"}\n", before));
        var data = _folder.Load("a.jsonl", first + "{\"b\": \"2\", \"text\": \"y\"}\n{\"title\" : \"T\", \"text\":\":)\", \"label\":\"bueno\",\"stars\":5}\n");
        Assert.Equal(["Text", "Stars", "Title", "Label", "a", "b"], ReviewFolder.Columns(data));
        Assert.Equal(["1", "", ""], ReviewFolder.Texts(data, "a")[^3..]);
        Assert.Equal(["", "2", ""], ReviewFolder.Texts(data, "b")[^3..]);
        Assert.Equal(["x: y", "y", ":)"], ReviewFolder.Texts(data)[^3..]);
        Assert.Equal(["", "", "T"], ReviewFolder.Texts(data, "Title")[^3..]);
    }

    [Theory]
    [InlineData("{\"text\": \"x\", \"meta\": {\"label\": \"no\"}}", "{\"text\": \"y\", \"label\": \"sí\"}", "sí")]
    [InlineData("{\"text\": \"dijo \\\"label\\\": no\"}", "{\"text\": \"y\", \"label\": \"sí\"}", "sí")]
    [InlineData("{\"text\": \"{ \\\"label\"}", "{\"text\": \"y\", \"l\\u0061bel\": \"sí\"}", "sí")]
    [InlineData("{\"text\": \"x\", \"a\\\"b\": 1, \"c\\\\\": 2}", "{\"text\": \"y\", \"c\\\\\": 2, \"label\"\t:\"sí\"}", "sí")]
    public void Names_inside_texts_and_objects_are_not_taken_for_properties(string usual, string last, string label)
    {
        var data = _folder.Load("a.jsonl", string.Concat(Enumerable.Repeat(usual + "\n", 200)) + last + "\n");
        Assert.Equal(label, ReviewFolder.Texts(data, "Label")[^1]);
        Assert.Equal("", ReviewFolder.Texts(data, "Label")[0]);
    }

    [Theory]
    [InlineData("{\"text\": \"x\", \"stars\": NaN}")]
    [InlineData("{\"stars\":NaN,\"text\":\"x\"}")]
    [InlineData("{\"text\": \"x\", \"stars\": -Infinity, \"votes\": [Infinity, 1]}")]
    public void NaN_is_a_missing_value(string line)
    {
        foreach (string name in (string[])["a.jsonl", "a.json"])
        {
            string content = name == "a.jsonl"
                ? line + "\n{\"text\": \"NaN \\\"NaN\\\"\", \"stars\": 5}\n"
                : $"[{line},\n{{\"text\": \"NaN \\\"NaN\\\"\", \"stars\": 5}}]";
            var data = _folder.Load(name, content);
            Assert.Equal([float.NaN, 5f], ReviewFolder.Stars(data));
            Assert.Equal(["x", "NaN \"NaN\""], ReviewFolder.Texts(data));
        }
    }

    [Theory]
    [InlineData("{\"text\": \"x\", \"stars\": 5", "broken JSON at byte 25 of the line, expected one JSON object.")]
    [InlineData("{\"text\": \"x\"} {\"text\": \"y\"}", "broken JSON at byte 15 of the line, expected one JSON object.")]
    [InlineData("{'text': 'x'}", "broken JSON at byte 2 of the line, expected one JSON object.")]
    [InlineData("\"x\"", "another JSON value was found, expected one JSON object.")]
    [InlineData("[{\"text\": \"x\"}]", "a JSON array was found, expected one JSON object.")]
    [InlineData("{\"text\": \"\\ud83d\"}", "a JSON string holds half of a surrogate pair (an escape such as \\ud83d alone), which is no character.")]
    [InlineData("{\"stars\": NaN, \"text\": \"\\ud83d\"}", "a JSON string holds half of a surrogate pair")]
    [InlineData("{\"stars\": 5}", "column 'text': the review has no text, expected a string.")]
    [InlineData("{\"stars\": 5, \"text\": null}", "column 'text': the review has no text, expected a string.")]
    public void A_broken_line_is_told_by_its_number(string line, string expected)
    {
        string content = "{\"text\": \"a\", \"stars\": 1}\n\n" + line + "\n{\"text\": \"b\", \"stars\": 1}\n";
        string separator = expected.StartsWith("column", StringComparison.Ordinal) ? ", " : ": ";
        Assert.StartsWith($"a.jsonl, line 3{separator}{expected}", _folder.Fault(_folder.Write("a.jsonl", content), new ReviewFileOptions { Strict = true }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"review": {"text": "bien"}}""")]
    [InlineData("""{"content": {"label": "bien", "attributes": {}}}""")]
    [InlineData("""
        "{\"text\": \"bien\"}"
        """)]
    public void Half_of_a_surrogate_pair_is_told_by_its_line_wherever_it_is(string line) =>
        Assert.StartsWith("a.jsonl, line 2: a JSON string holds half of a surrogate pair", _folder.Fault(
            _folder.Write("a.jsonl", $"{line}\n{line.Replace("bien", "mal \\ud83d", StringComparison.Ordinal)}\n")), StringComparison.Ordinal);

    [Fact]
    public void Lines_that_say_where_the_next_object_goes_are_no_rows()
    {
        var data = _folder.Load("a.ndjson", """
            {"index": {"_index": "r", "_id": "1"}}
            {"text": "uno", "stars": 5}
            { "create" : { } }
            {"text": "dos", "stars": 1, "index": {"_id": 7}}
            {"index": {"name": "x"}}
            """);
        Assert.Equal(["uno", "dos", ""], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f, float.NaN], ReviewFolder.Stars(data));
    }

    [Fact]
    public void A_broken_line_after_those_that_decide_the_columns_is_told_by_the_cursor()
    {
        string first = string.Concat(Enumerable.Repeat("{\"text\": \"x\", \"stars\": 1}\n", 5000));
        var data = _folder.Load("a.jsonl", first + "{\"text\": \"x\", \"stars\": }\n");
        var error = Assert.Throws<SentimentMLException>(() => ReviewFolder.ReadAll(data));
        Assert.Contains("line 5001: broken JSON at byte 24", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_nested_too_deeply_is_an_error_and_no_crash() =>
        Assert.Contains("item 1 (line 1): the JSON is cut off, or a bracket or a quote is not closed",
            _folder.Fault(_folder.Write("a.jsonl", "{\"text\": " + new string('[', 100_000))), StringComparison.Ordinal);

    [Fact]
    public void A_line_of_many_megabytes_is_refused()
    {
        string path = _folder.Path("a.jsonl");
        using (var writer = new StreamWriter(path))
        {
            writer.Write("{\"text\": \"");
            for (int i = 0; i < 40; i++)
                writer.Write(new string('a', 1 << 20));
        }
        Assert.Equal("a.jsonl, line 1: a value is longer than 16777216 bytes, expected a review.", _folder.FaultAtOnce(path));
    }

    [Fact]
    public void Thousands_of_properties_are_refused()
    {
        string properties = string.Join(", ", Enumerable.Range(0, 1001).Select(i => string.Create(CultureInfo.InvariantCulture, $"\"p{i}\": 1")));
        Assert.StartsWith("a.jsonl, line 1: the rows have more than 1000 different properties",
            _folder.FaultAtOnce(_folder.Write("a.jsonl", "{" + properties + "}")), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lines_and_multibyte_characters_survive_the_buffers_edges()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => string.Concat(Enumerable.Repeat("añ€😀", i * 7 + i % 3)))];
        var data = _folder.Load("a.jsonl", string.Join('\n', texts.Select(text => $"{{\"text\": \"{text}\"}}")));
        Assert.Equal(texts, ReviewFolder.Texts(data));
    }

    [Theory]
    [InlineData("\"Malo\"", "[\"Muy \", {\"type\": \"bold\", \"text\": \"bueno\"}, \", la verdad\"]")]
    [InlineData("[\"Ma\", {\"type\": \"link\", \"text\": \"lo\"}]", "\"Muy bueno, la verdad\"")]
    public void A_text_in_pieces_is_joined(string first, string second)
    {
        var data = _folder.Load("a.jsonl", $"{{\"text\": {first}, \"text_entities\": [{{\"type\": \"plain\", \"text\": \"x\"}}]}}\n"
            + $"{{\"text\": {second}, \"text_entities\": []}}\n");
        Assert.Equal(["Malo", "Muy bueno, la verdad"], ReviewFolder.Texts(data));
    }

    [Fact]
    public void A_label_that_Prodigys_annotator_rejected_is_none()
    {
        var data = _folder.Load("a.jsonl", string.Concat(((string[])["accept", "reject", "ignore"]).Select(
            answer => $"{{\"text\": \"x\", \"_task_hash\": 1, \"label\": \"pos\", \"answer\": \"{answer}\"}}\n")));
        Assert.Equal(["pos", "", ""], ReviewFolder.Texts(data, "Label"));
        Assert.Equal(["accept", "reject", "ignore"], ReviewFolder.Texts(data, "answer"));
    }

    [Fact]
    public void Tweets_that_are_cut_off_are_told()
    {
        var warnings = new List<string>();
        var data = _folder.Load("a.jsonl", """{"text": "Muy…", "extended_tweet": {"full_text": "Muy bueno"}}""" + "\n{\"text\": \"Malo\"}\n",
            new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["Muy…", "Malo"], ReviewFolder.Texts(data));
        Assert.Contains("the whole texts of long tweets are in 'extended_tweet.full_text'", Assert.Single(warnings), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
