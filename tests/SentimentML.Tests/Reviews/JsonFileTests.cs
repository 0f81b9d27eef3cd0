using System.Globalization;

namespace SentimentML.Tests.Reviews;

public sealed class JsonFileTests : IDisposable
{
    private const string Two = """{"text": "Ni\u00f1o [feliz] {", "stars": 5}, {"stars": "1", "text": "Mal\n\"hecho\""}""";

    private readonly ReviewFolder _folder = new();
    private readonly List<string> _warned = [];

    [Theory]
    [InlineData("a.json", "[" + Two + "]")]
    [InlineData("a.json", "\uFEFF [\n  " + Two + "\n]\n")]
    [InlineData("a.jsonl", "[" + Two + "]")]
    [InlineData("a.json", "{\"reviews\": [" + Two + "]}")]
    [InlineData("a.json", "{\"version\": 2, \"data\": [\n" + Two + "],\n \"tags\": [\"x\"], \"schema\": {\"fields\": []}}")]
    [InlineData("a.json", "{\"page\": {\"total\": 2, \"items\": [" + Two + "]}}")]
    [InlineData("a.json", "{\n  \"data\": [\n{\"text\": \"Niño [feliz] {\", \"stars\": 5},\n{\"text\": \"Mal\\n\\\"hecho\\\"\", \"stars\": 1}\n]\n}")]
    [InlineData("a.json", "{\n  \"text\": \"Niño [feliz] {\",\n  \"stars\": 5\n}\n{\n  \"text\": \"Mal\\n\\\"hecho\\\"\",\n  \"stars\": 1\n}\n")]
    public void Objects_in_an_array_are_rows(string name, string content)
    {
        var data = _folder.Load(name, content);
        Assert.Equal(["Niño [feliz] {", "Mal\n\"hecho\""], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Fact]
    public void The_array_inside_is_named_in_a_warning()
    {
        string path = _folder.Write("a.json", "{\"page\": {\"items\": [" + Two + "]}}");
        _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal([$"{path}: the reviews are read from its array 'page.items'."], _warned);
    }

    [Theory]
    [InlineData("""[{"id": 1, "data": {"text": "Muy bueno", "source": "web"}, "annotations": [{"id": 7, "result": [{"from_name": "s", "value": {"choices": ["positivo"]}}]}]}]""", "positivo", "data.source")]
    [InlineData("""{"rows": [{"row_idx": 0, "row": {"text": "Muy bueno", "label": 1}, "truncated_cells": []}]}""", "1", "row_idx")]
    [InlineData("""{"id": 1, "review": {"content": "Muy bueno", "sentiment": "positivo"}}""", "positivo", "id")]
    public void Reviews_inside_objects_are_found(string content, string label, string other)
    {
        var data = _folder.Load("a.json", content);
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(data));
        Assert.Equal([label], ReviewFolder.Texts(data, "Label"));
        Assert.Contains(other, ReviewFolder.Columns(data));
    }

    [Theory]
    [InlineData("""[{"reviewBody": "Muy bueno", "reviewRating": {"@type": "Rating", "ratingValue": "5", "bestRating": "5"}}]""")] // schema.org
    [InlineData("""[{"texto": "Muy bueno", "valoración": {"valor": 5, "máximo": 5}, "autor": {"nombre": "Ana"}}]""")]
    public void Stars_inside_an_object_are_found_beside_the_text(string content)
    {
        var data = _folder.Load("a.json", content);
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(data));
        Assert.Equal([5f], ReviewFolder.Stars(data));
    }

    [Fact]
    public void A_label_inside_an_object_is_found_beside_the_text() =>
        Assert.Equal(["positivo"], ReviewFolder.Texts(_folder.Load("a.json", """[{"text": "Muy bueno", "sentiment": {"label": "positivo", "score": 0.9}}]"""), "Label"));

    [Theory]
    [InlineData("""{"0": {"text": "Muy bueno", "stars": 5}, "1": {"text": "Malo", "stars": 1}}""", "its properties, one from each")]
    [InlineData("{\n  \"-Na1\": {\n    \"text\": \"Muy bueno\", \"stars\": 5 },\n  \"-Na2\": { \"stars\": 1, \"text\": \"Malo\" }\n}\n",
        "its properties, one from each")]
    [InlineData("""{"app": "x", "reviews": {"-Na1": {"text": "Muy bueno", "stars": 5, "replies": [{"text": "Gracias"}]}, "-Na2": {"text": "Malo", "stars": 1}}}""",
        "its object 'reviews', one from each")]
    [InlineData("""{"features": [{"feature_idx": 0, "name": "text"}], "rows": [{"row_idx": 0, "row": {"text": "Muy bueno", "stars": 5}, "truncated_cells": []}, {"row_idx": 1, "row": {"text": "Malo", "stars": 1}, "truncated_cells": []}], "num_rows_total": 2}""",
        "its array 'rows'")]
    [InlineData("""{"data": [{"text": "Muy bueno", "stars": 5}, {"text": "Malo", "stars": 1}], "labels": [{"id": 1, "name": "pos"}]}""", "its array 'data'")]
    public void Reviews_that_stand_together_in_an_object_are_found(string content, string place)
    {
        string path = _folder.Write("a.json", content);
        var data = _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal([$"{path}: the reviews are read from {place}."], _warned);
        Assert.Equal(["Muy bueno", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Theory]
    [InlineData("""["Muy \"bueno\"", "Malo"]""", null, false)]
    [InlineData("[\n  \"Muy \\\"bueno\\\"\",\n  \"Malo\"\n]\n", null, false)]
    [InlineData("""{"texts": ["Muy \"bueno\"", "Malo"]}""", "its array 'texts'", false)]
    [InlineData("""{"total": 2, "errors": [], "reviews": ["Muy \"bueno\"", "Malo"]}""", "its array 'reviews'", false)]
    [InlineData("""{"a1": "Muy \"bueno\"", "a2": "Malo"}""", "its properties, one from each", true)]
    [InlineData("""{"text": {"a1": "Muy \"bueno\"", "a2": "Malo"}}""", "its object 'text', one from each", true)] // pandas, one column
    [InlineData("""{"a1": {"text": "Muy \"bueno\""}, "a2": {"text": "Malo"}}""", "its properties, one from each", true)]
    public void Texts_by_themselves_and_by_an_id_are_rows(string content, string? place, bool hasKeys)
    {
        string path = _folder.Write("a.json", content);
        var data = _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["Muy \"bueno\"", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal(place is null ? [] : [$"{path}: the reviews are read from {place}."], _warned);
        Assert.Equal(hasKeys ? ["Text", "key"] : ["Text"], ReviewFolder.Columns(data));
        if (hasKeys)
            Assert.Equal(["a1", "a2"], ReviewFolder.Texts(data, "key"));
    }

    [Theory]
    [InlineData("""{"respuesta": "Muy bien", "nota": "alta"}""", "the file's columns are 'respuesta', 'nota'")] // one row
    [InlineData("""{"name": "Casa Paco", "tags": ["bar", "tapas"]}""", "the file's columns are 'name', 'tags'")]
    public void Other_texts_in_an_object_are_not_taken_for_reviews(string content, string fault) =>
        Assert.Contains(fault, _folder.FaultAtOnce(_folder.Write("a.json", content)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"texts": ["Muy \"bueno\"", "Malo"], "labels": ["pos", "neg"]}""", "'texts', 'labels'", null)] // Dataset.to_dict
    [InlineData("""{"label_names": ["neg", "pos", "neu"], "label": ["pos", "neg"], "text": ["Muy \"bueno\"", "Malo"]}""", "'label', 'text'", null)]
    [InlineData("""{"dataset": {"name": "x", "examples": {"text": ["Muy \"bueno\"", "Malo"], "label": ["pos", "neg"]}}}""",
        "'dataset.examples.text', 'dataset.examples.label'", null)]
    [InlineData("""{"review": {"0": "Muy \"bueno\"", "1": "Malo"}, "sentiment": {"0": "pos", "1": "neg"}, "n": {"0": null, "1": NaN}}""",
        "'review', 'sentiment', 'n'", "key")] // pandas' to_json
    public void A_table_by_columns_gives_a_row_for_each_value(string content, string columns, string? other)
    {
        string path = _folder.Write("a.json", content);
        var data = _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["Muy \"bueno\"", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(data, "Label"));
        Assert.Equal([$"{path}: the reviews are read from its columns {columns}, a value of each for a row."], _warned);
        if (other is not null)
            Assert.Equal(["0", "1"], ReviewFolder.Texts(data, other));
    }

    [Fact]
    public void A_column_of_such_a_table_can_be_named() =>
        Assert.Equal(["Muy bien", "Mal"], ReviewFolder.Texts(_folder.Load("a.json", """{"respuesta": ["Muy bien", "Mal"], "clase": ["a", "b"]}""",
            new ReviewFileOptions { TextColumn = "respuesta" })));

    [Theory]
    [InlineData("a.json", """{"columns": ["text", "label"], "index": [0, 1], "data": [["Muy \"[bueno]\"", "pos"], ["Malo", "neg"]]}""")] // pandas' split
    [InlineData("a.json", """{"range": "A1:B3", "values": [["Texto", "Etiqueta"], ["Muy \"[bueno]\"", "pos"], ["Malo", "neg"]]}""")] // a Google sheet
    [InlineData("a.json", "[\n  [\"texto\", \"label\"],\n  [\"Muy \\\"[bueno]\\\"\", \"pos\"],\n  [ \"Malo\" , \"neg\" ]\n]\n")]
    [InlineData("a.jsonl", "[\"texto\", \"label\"]\n[\"Muy \\\"[bueno]\\\"\", \"pos\"]\n\n[\"Malo\", \"neg\"]\n")]
    public void Lists_of_values_are_a_tables_rows(string name, string content)
    {
        var data = _folder.Load(name, content);
        Assert.Equal(["Muy \"[bueno]\"", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(data, "Label"));
    }

    [Fact]
    public void Lists_without_names_are_read_by_the_numbers_of_their_values()
    {
        var data = _folder.Load("a.jsonl", "[\"pos\", \"Muy bueno\", {\"a\": [1, 2]}]\n[\"neg\", \"Malo\"]\n[]\n",
            new ReviewFileOptions { TextColumn = "2", LabelColumn = "1" });
        Assert.Equal(["Muy bueno", "Malo", ""], ReviewFolder.Texts(data));
        Assert.Equal(["pos", "neg", ""], ReviewFolder.Texts(data, "Label"));
        Assert.Equal(["{\"a\": [1, 2]}", "", ""], ReviewFolder.Texts(data, "3"));
    }

    [Theory]
    [InlineData("""{"positivo": ["Muy bueno", "Bien"], "negativo": ["Malo"]}""")]
    [InlineData("""{"positivo": [{"text": "Muy bueno"}, {"text": "Bien"}], "negativo": [{ "text": "Malo" }]}""")]
    public void Arrays_that_are_called_by_their_labels_are_read_one_after_the_other(string content)
    {
        string path = _folder.Write("a.json", content);
        var data = _folder.ML.Data.LoadReviews(path, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["Muy bueno", "Bien", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal(["positivo", "positivo", "negativo"], ReviewFolder.Texts(data, "Label"));
        Assert.Equal([$"{path}: the reviews are read from its arrays 'positivo', 'negativo', whose names are the labels."], _warned);
    }

    [Theory]
    [InlineData("""{"text": "Muy bueno", "stars": 5}{"text": "Malo", "stars": 1}""")] // written one after the other
    [InlineData("{\"text\": \"Muy bueno\", \"stars\": 5},\n{\"text\": \"Malo\", \"stars\": 1},\n")]
    public void Objects_need_no_array_around_them(string content)
    {
        var data = _folder.Load("a.json", content);
        Assert.Equal(["Muy bueno", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Theory]
    [InlineData("""[[{"text": "uno", "stars": 5}, {"text": "dos", "stars": 1}], [], [{"text": "[tres]", "stars": 3}]]""")] // pages
    [InlineData("[\n  [],\n  [\n    {\"text\": \"uno\", \"stars\": 5}\n  ],\n  [\n{\"text\": \"dos\", \"stars\": 1}, {\"text\": \"[tres]\", \"stars\": 3}]]")]
    [InlineData("""{"total": 3, "pages": [[{"text": "uno", "stars": 5}], [{"text": "dos", "stars": 1}, {"text": "[tres]", "stars": 3}]]}""")]
    [InlineData("[{\"text\": \"uno\", \"stars\": 5}, {\"text\": \"dos\", \"stars\": 1}]\n[]\n[{\"text\": \"[tres]\", \"stars\": 3}]\n")]
    [InlineData("[\n{\"text\": \"uno\", \"stars\": 5}\n][{\"text\": \"dos\", \"stars\": 1},\n{\"text\": \"[tres]\", \"stars\": 3}]")] // put together
    [InlineData("""["{\"text\": \"uno\", \"stars\": 5}", "{\"text\": \"dos\", \"stars\": 1}", "{\"text\": \"[tres]\", \"stars\": 3}"]""")] // encoded twice
    [InlineData("\"{\\\"text\\\": \\\"uno\\\", \\\"stars\\\": 5}\"\n\"{\\\"text\\\": \\\"dos\\\", \\\"stars\\\": 1}\"\n"
        + "\"{\\\"text\\\": \\\"[tres]\\\", \\\"stars\\\": 3}\"\n")]
    public void Objects_in_several_arrays_or_in_strings_are_all_read(string content)
    {
        foreach (string name in (string[])["a.json", "a.jsonl"])
        {
            var data = _folder.Load(name, content);
            Assert.Equal(["uno", "dos", "[tres]"], ReviewFolder.Texts(data));
            Assert.Equal([5f, 1f, 3f], ReviewFolder.Stars(data));
        }
    }

    [Theory]
    [InlineData("""{"B001": [{"text": "uno"}, {"text": "dos"}], "B002": [{"text": "tres"}], "B003": []}""", "B001", "B002")]
    [InlineData("""{"name": "x", "data": {"train": [{"text": "uno"}, {"text": "dos"}], "test": [{"text": "tres"}]}}""", "train", "test")]
    public void Arrays_of_products_or_splits_are_read_one_after_the_other(string content, string first, string second)
    {
        var warnings = new List<string>();
        var data = _folder.Load("a.json", content, new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["uno", "dos", "tres"], ReviewFolder.Texts(data));
        Assert.Equal([first, first, second], ReviewFolder.Texts(data, "key"));
        Assert.EndsWith("read from its arrays, one after the other; the name of each comes along as 'key'.", warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Elements_of_XML_that_were_made_objects_are_their_texts()
    {
        var data = _folder.Load("a.json", """
            {"feed": {"link": [{"attributes": {"rel": "self"}}], "entry": [{"author": {"name": {"label": "Ana"}, "label": ""}, "im:rating": {"label": "5"},
            "title": {"label": "Bien"}, "content": {"label": "Muy bueno", "attributes": {"type": "text"}}},
            {"im:rating": {"label": "1"}, "title": {"label": "Mal"}, "content": {"label": "Malo", "attributes": {"type": "text"}}}]}}
            """);
        Assert.Equal(["Bien\n\nMuy bueno", "Mal\n\nMalo"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f], ReviewFolder.Stars(data));
    }

    [Fact]
    public void A_text_that_is_null_in_all_rows_leaves_its_place_to_one_inside()
    {
        const string row = """{"text": null, "inputs": {"text": "Muy bueno"}, "annotation": "pos"}""";
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(_folder.Load("a.json", $"[{row}]")));
        Assert.Equal(["", "Malo"], ReviewFolder.Texts(_folder.Load("b.json", $$"""[{{row}}, {"text": "Malo"}]""")));
    }

    [Theory]
    [InlineData("tweets.js", "window.YTD.tweets.part0 = ")]
    [InlineData("tweets.json", "var tweets=\n")]
    public void Tweets_of_an_archive_are_read(string name, string assignment)
    {
        string path = _folder.Write(name, assignment + """[ { "tweet": { "full_text": "Muy bueno", "id": "1" } }, { "tweet": { "full_text": "Malo" } } ]""");
        var data = _folder.ML.Data.LoadReviews(path);
        Assert.Equal(["Muy bueno", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal(["1", ""], ReviewFolder.Texts(data, "tweet.id"));
    }

    [Theory]
    [InlineData("""{"0": {"text": "Muy bueno"}, "1": {"text": "Malo"} """, "the JSON is cut off")]
    [InlineData("""{"0": {"text": "Muy bueno"}, "1": {"text": "Malo"}, 2: {"text": "Regular"}}""", "broken JSON at byte 53 of the line")]
    public void A_broken_object_of_reviews_is_told(string content, string expected) =>
        Assert.Contains(expected, _folder.Fault(_folder.Write("a.json", content)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"text": {"0": "Muy bueno", "1": "Malo"}, "label": {"0": "pos", "2": "neg"}}""",
        "column 'text' holds JSON objects, expected texts. If the file holds a table by columns, as pandas' to_json writes by default, write its rows")]
    [InlineData("""[{"text": {"es": "Muy bueno", "en": "Very good"}}]""", "Name the one inside by TextColumn, such as 'text.es'.")]
    [InlineData("""{"texts": ["Muy bueno", "Malo"], "labels": ["pos"]}""",
        "'labels' has 1 values, 'texts' 2, expected as many: a label for each text.")]
    [InlineData("""[["Muy bueno", "pos"], ["Malo", "neg"]]""", "the file's columns are '1', '2'; expected a column 'text'")]
    [InlineData("""{"u1": {"reviews": {"a": {"text": "Muy bueno"}, "b": {"text": "Malo"}}}, "u2": {"reviews": {"c": {"text": "Regular"}}}}""",
        "the reviews are in several objects ('u1.reviews', 'u2.reviews'), expected one. Save all of them as one array, or each as a file of its own.")]
    [InlineData("[{'text': 'Muy bueno'}]", "item 1 (line 1): broken JSON at byte 2 of its line, expected one JSON object.")]
    public void Another_layout_is_told_with_a_way_on(string content, string expected) =>
        Assert.Contains(expected, _folder.FaultAtOnce(_folder.Write("a.json", content)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"id": 1, "data": "Muy bueno", "label": ["positivo"]}""", "a.jsonl")]
    [InlineData("""{"content": [{"text": "Muy bueno", "label": "positivo"}]}""", "a.json")]
    [InlineData("""{"data": [{"text": "Muy bueno", "label": "positivo"}], "label": "export"}""", "a.json")]
    public void A_usual_name_may_be_a_text_or_an_array_of_rows(string content, string name)
    {
        var data = _folder.Load(name, content);
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(data));
        Assert.Equal(["positivo"], ReviewFolder.Texts(data, "Label"));
    }

    [Fact]
    public void A_path_into_objects_can_be_named()
    {
        const string Content = """[{"text": "no", "meta": {"es": "Muy bueno"}, "notas": [{"valor": 4}]}, {"meta": null, "text": "no"}, {"text": "no", "meta": {"es": "Mal"}, "notas": []}]""";
        var data = _folder.Load("a.json", Content, new ReviewFileOptions { TextColumn = "meta.es", StarsColumn = "notas.valor", MaxRows = 1 });
        Assert.Equal(["Muy bueno"], ReviewFolder.Texts(data));
        Assert.Equal([4f], ReviewFolder.Stars(data));
    }

    [Fact]
    public void Doccano_and_label_studios_small_export_are_read()
    {
        Assert.Equal(["positivo"],
            ReviewFolder.Texts(_folder.Load("a.jsonl", """{"id": 1, "text": "Muy bueno", "label": ["positivo"], "Comments": []}"""), "Label"));
        Assert.Equal(["Positive"],
            ReviewFolder.Texts(_folder.Load("b.json", """[{"text": "Muy bueno", "id": 1, "sentiment": "Positive", "annotator": 1}]"""), "Label"));
        Assert.Equal(["pos"], ReviewFolder.Texts(
            _folder.Load("c.jsonl", """{"text": "Muy bueno", "accept": ["pos"], "answer": "accept", "options": [{"id": "pos"}]}"""), "Label"));
    }

    [Theory]
    [InlineData("""{"a": [{"x": 1}], "b": [{"x": 1}]}""",
        "a.json: the JSON has several arrays of objects ('a', 'b'), expected one. Save the one with the reviews as a file of its own, or all of "
        + "them as one array.")]
    [InlineData("""[1, "y"]""", "a.json, item 1 (line 1): '1' was found, expected a JSON object with a review's properties.")]
    [InlineData("""["x", {"text": "y"}]""", "a.json, item 2 (line 1): '{' was found, expected a text in quotes, as the first item is.")]
    [InlineData("[\"x\",\n\"y",
        "a.json, item 2 (line 2): the JSON is cut off, or a bracket or a quote is not closed, expected the text's end. Get the file again.")]
    [InlineData("\"x\"\n{\"text\": \"y\"}\n", "a.json, line 2: '{\"text\": \"y\"}' was found, expected a text in quotes, as the first item is.")]
    [InlineData("[[\"texto\"], [\"x\", \"y\"]]", "a.json, item 2 (line 1): the list has more than 1 values, expected 1, as the first has.")]
    [InlineData("[]", "a.json: the file is empty, expected JSON objects, one a line or in an array.")]
    [InlineData("[{\"text\": \"x\"}", "a.json: the JSON is cut off after item 1, expected the array's end. Get the file again.")]
    [InlineData("[{\"text\": \"x\"},\n{\"text\": \"y\"",
        "a.json, item 2 (line 2): the JSON is cut off, or a bracket or a quote is not closed, expected the object's end. Get the file again.")]
    [InlineData("[{\"text\": \"x\"} {\"text\": \"y\"}]",
        "a.json, line 1: broken JSON after item 1: '{' was found, expected a comma and the next object, or the array's end.")]
    [InlineData("[{\"text\": \"x\"}]\n\"y\"", "a.json, line 2: '\"y\"' follows the JSON array, expected the file's end.")]
    [InlineData("[[{\"text\": \"x\"}, {\"text\": \"y\"}],\n[{\"text\": \"z\"}, 5]]",
        "a.json, item 4 (line 2): '5' was found, expected a JSON object with a review's properties.")]
    [InlineData("[[{\"text\": \"x\"}, {\"text\": \"y\"}] [{\"text\": \"z\"}]]", "a.json, line 1: broken JSON after item 2: '[' was found, expected a comma")]
    [InlineData("[[{\"text\": \"x\"}], [{\"text\": \"y\"}]", "a.json: the JSON is cut off after item 2, expected the array's end. Get the file again.")]
    [InlineData("\"[{\\\"text\\\": \\\"x\\\"}]\"", "a.json, line 1: a JSON string holds an array of objects as JSON, which was encoded twice, expected the "
        + "array itself. Decode the string once, and save what it says.")]
    [InlineData("texto,estrellas\nBien,5\n", "a.json: the first line, 'texto,estrellas', is no JSON, but looks like csv. Rename the file by what it holds, or "
        + "set Format to csv.")]
    [InlineData("\"texto\";\"estrellas\"\n", "a.json: the first line, '\"texto\";\"estrellas\"', is no JSON, but looks like csv.")]
    [InlineData("{\"data\": [{\"text\": \"x\"}]", "a.json: the JSON is cut off after its array, expected '}'. Get the file again.")]
    [InlineData("[\n{\"text\": 'x'}]", "a.json, item 1 (line 2): broken JSON at byte 10 of its line, expected one JSON object.")]
    public void Faults_are_told_with_their_place(string content, string expected) =>
        Assert.StartsWith(expected, _folder.Fault(_folder.Write("a.json", content)), StringComparison.Ordinal);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_and_strings_survive_the_buffers_edges(bool isIndented)
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => string.Concat(Enumerable.Repeat("añ€😀\\\"]", i * 7 + i % 3)))];
        string between = isIndented ? ",\n    " : ",";
        var data = _folder.Load("a.json", "[" + string.Join(between, texts.Select(text => $"{{\"text\": \"{text}\", \"n\": {{\"a\": [1, 2]}}}}")) + "]");
        Assert.Equal(texts.Select(text => text.Replace("\\\"", "\"", StringComparison.Ordinal)), ReviewFolder.Texts(data));
    }

    [Fact]
    public void A_large_array_is_streamed()
    {
        string path = _folder.Path("a.json");
        using (var writer = new StreamWriter(path))
        {
            writer.Write("{\"total\": 200000, \"data\": [");
            for (int i = 0; i < 200_000; i++)
                writer.Write(string.Create(CultureInfo.InvariantCulture,
                    $"{(i == 0 ? "" : ",")}{{\"text\": \"reseña número {i} de muchas que no caben juntas\", \"stars\": {i % 5 + 1}}}"));
            writer.Write("]}");
        }
        var data = _folder.ML.Data.LoadReviews(path);
        using var cursor = data.GetRowCursor(data.Schema);
        var text = cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Text"]);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        ReadOnlyMemory<char> value = default;
        long rows = 0;
        for (; cursor.MoveNext(); rows++)
            text(ref value);
        Assert.Equal(200_000, rows);
        Assert.Equal("reseña número 199999 de muchas que no caben juntas", value.ToString());
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4 << 20);
    }

    [Fact]
    public void An_object_that_never_ends_does_not_fill_the_memory()
    {
        string path = _folder.Path("a.json");
        using (var writer = new StreamWriter(path))
        {
            writer.Write("[{\"text\": \"x\"}, {\"text\": \"");
            for (int i = 0; i < 40; i++)
                writer.Write(new string('a', 1 << 20));
        }
        Assert.StartsWith("a.json, line 1: a value is longer than 16777216 bytes", _folder.Fault(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.json", """[{"shop": "P", "reviews": [{"text": "uno", "stars": 5}, {"text": "dos", "stars": 1}]}, {"shop": "Q", "reviews": []}, {"shop": "R", "reviews": [{"text": "tres", "stars": 3}]}]""")]
    [InlineData("a.json", """{"shops": [{"shop": "P", "stars": 4, "reviews": [{"text": "uno", "stars": 5}, {"text": "dos", "stars": 1}]}, {"shop": "R", "reviews": {"text": "tres", "stars": 3}}]}""")]
    [InlineData("a.jsonl", "{\"shop\": \"P\", \"data\": {\"reviews\": [{\"text\": \"uno\", \"stars\": 5}, "
        + "{\"text\": \"dos\", \"stars\": 1, \"replies\": [{\"text\": \"x\"}]}]}}\n"
        + "{\"shop\": \"R\", \"data\": {\"reviews\": [{\"text\": \"tres\", \"stars\": 3}]}}\n")]
    [InlineData("a.json", """[{"shop": "P", "pages": [{"reviews": [{"text": "uno", "stars": 5}]}, {"reviews": [{"text": "dos", "stars": 1}]}]}, {"shop": "R", "pages": [{"reviews": [{"text": "tres", "stars": 3}]}]}]""")]
    public void Each_review_in_a_list_inside_an_object_is_a_row(string name, string content)
    {
        var warnings = new List<string>();
        var data = _folder.Load(name, content, new ReviewFileOptions { Warn = warnings.Add });
        Assert.Equal(["uno", "dos", "tres"], ReviewFolder.Texts(data));
        Assert.Equal([5f, 1f, 3f], ReviewFolder.Stars(data));
        Assert.Equal(["P", "P", "R"], ReviewFolder.Texts(data, "shop"));
        Assert.Contains("each object in them is a row", warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_such_a_list_is_told_with_its_place() =>
        Assert.StartsWith("a.jsonl, line 1, object 2 in 'reviews', column 'reviews.stars': 'x' was found",
            _folder.Fault(_folder.Write("a.jsonl", """{"reviews": [{"text": "uno", "stars": 5}, {"text": "dos", "stars": "x"}]}""" + "\n{\"reviews\": []}\n")),
            StringComparison.Ordinal);

    [Fact]
    public void An_object_with_a_text_and_a_list_of_reviews_is_read_as_it_is_named()
    {
        const string content = """[{"text": "Cafetera", "reviews": [{"text": "uno"}, {"text": "dos"}]}, {"text": "Mesa", "reviews": [{"text": "tres"}]}]""";
        string path = _folder.Write("a.json", content);
        Assert.Equal("a.json: the objects have a text of their own, 'text', and lists with texts, 'reviews', expected one of the two. Name the column with "
            + "the reviews: set TextColumn to reviews.text, or set TextColumn to text.", _folder.FaultAtOnce(path));
        Assert.Equal(["uno", "dos", "tres"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { TextColumn = "reviews.text" })));
        Assert.Equal(["Cafetera", "Mesa"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { TextColumn = "text" })));
    }

    [Fact]
    public void Texts_in_two_lists_are_not_chosen_between() =>
        Assert.Equal("a.jsonl: texts are in several lists ('pros', 'contras'), expected one. Name the column with the reviews: set TextColumn to pros.text.",
            _folder.FaultAtOnce(_folder.Write("a.jsonl", """{"id": 1, "pros": [{"text": "uno"}], "contras": [{"text": "dos"}]}""" + "\n{\"id\": 2}\n")));

    [Fact]
    public void A_hashtag_is_no_text_beside_the_tweets_own()
    {
        var data = _folder.Load("a.jsonl", """{"tweet": {"entities": {"hashtags": [{"text": "ocio"}, {"text": "mar"}]}, "full_text": "Muy bueno #ocio #mar"}}"""
            + "\n{\"tweet\": {\"full_text\": \"Malo\"}}\n");
        Assert.Equal(["Muy bueno #ocio #mar", "Malo"], ReviewFolder.Texts(data));
        Assert.Equal(["[\"ocio\", \"mar\"]", ""], ReviewFolder.Texts(data, "tweet.entities.hashtags.text"));
    }

    [Theory]
    [InlineData("""{"annotations": [], "predictions": [{"result": [{"value": {"choices": ["neg"]}}]}], "data": {"text": "t"}}""", "")] // nobody annotated it
    [InlineData("""{"predictions": [{"result": [{"value": {"choices": ["neg"]}}]}], "annotations": [{"result": [{"value": {"choices": ["pos"]}}]}], "data": {"text": "t"}}""", "pos")]
    [InlineData("""{"annotations": [{"result": [{"value": {"text": ["una nota"]}}, {"value": {"choices": ["pos"]}}]}], "data": {"text": "t"}}""", "pos")]
    [InlineData("""{"annotations": [{"result": [{"value": {"text": ["una nota"]}}]}, {"result": [{"value": {"choices": ["pos"]}}]}], "data": {"text": "t"}}""", "pos")]
    [InlineData("""{"annotations": [{"result": [{"value": {"start": 0, "text": "un trozo", "labels": ["ASPECTO"]}}, {"value": {"choices": ["pos"]}}]}], "data": {"text": "t"}}""", "pos")]
    [InlineData("""{"annotations": [{"was_cancelled": true, "result": [{"value": {"choices": ["neg"]}}]}, {"result": [{"value": {"choices": ["pos"]}}]}], "data": {"text": "t"}}""", "pos")]
    [InlineData("""{"annotations": [{"result": [{"value": {"choices": ["pos"]}}]}, {"result": [{"value": {"choices": ["pos"]}}]}], "data": {"text": "t"}}""", "pos")]
    public void Of_an_annotated_task_the_text_is_its_own_and_the_label_the_annotators(string task, string label)
    {
        const string other = """{"annotations": [{"result": [{"value": {"choices": ["neu"]}}]}], "data": {"text": "otro"}}""";
        var data = _folder.Load("a.json", $"[{task}, {other}]");
        Assert.Equal(["t", "otro"], ReviewFolder.Texts(data));
        Assert.Equal([label, "neu"], ReviewFolder.Texts(data, "Label"));
        if (label.Length > 0)
            Assert.Equal([label], ReviewFolder.Texts(_folder.Load("b.json", $"[{task}]"), "Label")); // no task has the label in the first place
    }

    [Theory]
    [InlineData("""[{"result": [{"value": {"choices": ["pos"]}}]}, {"result": [{"value": {"choices": ["neu"]}}]}]""")] // two annotators
    [InlineData("""[{"result": [{"from_name": "s", "value": {"choices": ["pos"]}}, {"from_name": "tema", "value": {"choices": ["neu"]}}]}]""")] // two controls
    public void Several_labels_of_a_task_are_told(string annotations) =>
        Assert.StartsWith("a.json, item 1 (line 1), column 'annotations.result.value.choices': 2 labels in one row (pos, neu), expected one.",
            _folder.Fault(_folder.Write("a.json", $$"""[{"annotations": {{annotations}}, "data": {"text": "t"} }]""")), StringComparison.Ordinal);

    [Fact]
    public void Numbers_of_labels_have_the_names_that_the_dataset_viewer_says() =>
        Assert.Equal(["bueno", "malo"], ReviewFolder.Texts(_folder.Load("a.json", """
            {"features": [{"feature_idx": 0, "name": "text", "type": {"dtype": "string", "_type": "Value"}},
              {"feature_idx": 1, "name": "label", "type": {"names": ["malo", "bueno"], "_type": "ClassLabel"}}],
             "rows": [{"row_idx": 0, "row": {"text": "x", "label": 1}, "truncated_cells": []}, {"row_idx": 1, "row": {"text": "y", "label": 0}}]}
            """), "Label"));

    [Fact]
    public void The_text_of_a_ticket_is_its_description_and_not_what_is_said_of_the_answer() =>
        Assert.Equal(["x", "y"], ReviewFolder.Texts(_folder.Load("a.json", """
            {"tickets": [{"id": 1, "description": "x", "satisfaction_rating": {"score": "good", "comment": "Gracias"}},
              {"id": 2, "description": "y", "satisfaction_rating": {"score": "bad"}}]}
            """)));

    public void Dispose() => _folder.Dispose();
}
