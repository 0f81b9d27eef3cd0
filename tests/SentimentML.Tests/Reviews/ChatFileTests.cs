using System.Text;

namespace SentimentML.Tests.Reviews;

/// <summary>Files on which chat models are fine-tuned.</summary>
public sealed class ChatFileTests : IDisposable
{
    private const string Good = """{"messages": [{"role": "user", "content": "Muy bien"}, {"role": "assistant", "content": "pos"}]}""";

    private readonly ReviewFolder _folder = new();
    private readonly List<string> _warned = [];

    [Theory]
    [InlineData("a.jsonl", """
        {"messages": [{"role": "system", "content": "Clasifica"}, {"role": "user", "content": "Muy bien"}, {"role": "assistant", "content": " pos\n"}]}
        {"messages": [{"role": "system", "content": "Clasifica"}, {"role": "user", "content": "Mal"}, {"role": "assistant", "content": "neg"}]}
        """)]
    [InlineData("a.json", """
        [{"conversations": [{"from": "human", "value": "Muy bien"}, {"from": "gpt", "value": "pos"}]},
        {"conversations": [{"from": "human", "value": "Mal"}, {"from": "gpt", "value": "neg"}]}]
        """)]
    [InlineData("a.json", """
        {"data": [{"messages": [{"role": "user", "content": [{"type": "text", "text": "Muy bien"}]}, {"role": "assistant", "content": "pos"}], "n": NaN},
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "Mal"}]}, {"role": "assistant", "content": "neg"}]}]}
        """)]
    [InlineData("a.jsonl", """
        {"prompt": [{"role": "user", "content": "Muy bien"}], "completion": [{"role": "assistant", "content": "pos"}]}
        {"prompt": [{"role": "user", "content": "Mal"}], "completion": [{"role": "assistant", "content": "neg"}]}
        """)]
    [InlineData("a.jsonl", """
        {"prompt": "Muy bien\n\n###\n\n", "completion": " pos"}
        {"prompt": "Mal\n\n###\n\n", "completion": " neg"}
        """)]
    [InlineData("a.jsonl", """
        {"prompt": "Muy bien ->", "completion": " pos"}
        {"prompt": "Mal ->", "completion": " neg"}
        """)]
    [InlineData("a.json", """
        [{"instruction": "Clasifica", "input": "Muy bien", "output": "pos"},
        {"instruction": "Clasifica", "input": "Mal", "output": "neg"}]
        """)]
    [InlineData("a.jsonl", """
        {"contents": [{"role": "user", "parts": [{"text": "Muy "}, {"text": "bien"}]}, {"role": "model", "parts": [{"text": "pos"}]}], "systemInstruction": {}}
        {"contents": [{"role": "user", "parts": [{"text": "Mal"}]}, {"role": "model", "parts": [{"text": "neg"}]}]}
        """)]
    [InlineData("a.jsonl", """
        {"key": "1", "request": {"contents": [{"role": "user", "parts": [{"text": "Muy bien"}]}, {"role": "model", "parts": [{"text": "pos"}]}]}}
        {"key": "2", "request": {"contents": [{"role": "user", "parts": [{"text": "Mal"}]}, {"role": "model", "parts": [{"text": "neg"}]}]}}
        """)]
    public void The_users_message_is_the_text_and_the_answer_the_label(string name, string content)
    {
        var data = _folder.Load(name, content, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["Muy bien", "Mal"], ReviewFolder.Texts(data));
        Assert.Equal(["pos", "neg"], ReviewFolder.Texts(data, "Label"));
        Assert.Contains("read as the text", _warned[^1], StringComparison.Ordinal);
        Assert.Empty(ReviewFolder.Columns(data).Intersect(["messages", "conversations", "prompt", "completion", "input", "output"]));
    }

    [Fact]
    public void A_file_of_one_chat_is_one_row()
    {
        var data = _folder.Load("a.jsonl", Good, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["Muy bien"], ReviewFolder.Texts(data));
        Assert.Equal([$"{_folder.Path("a.jsonl")}: the rows are chats; the user's message is read as the text, the assistant's answer as the label."], _warned);
    }

    [Fact]
    public void A_mark_that_not_all_texts_end_in_is_text() => Assert.Equal(["Muy bien ->", "Mal"], ReviewFolder.Texts(_folder.Load("a.jsonl", """
        {"prompt": "Muy bien ->", "completion": "pos"}
        {"prompt": "Mal", "completion": "neg"}
        """)));

    [Fact]
    public void A_mark_is_told() => Assert.Equal($"{_folder.Path("a.jsonl")}: 'prompt' is read as the text and 'completion' as the label, as in files for the "
        + "fine-tuning of chat models. The '->' at the end of each text is taken off.", WarnedOf("""
        {"prompt": "Muy bien ->", "completion": "pos"}
        {"prompt": "Mal ->", "completion": "neg"}
        """));

    [Fact]
    public void A_chat_without_a_message_or_an_answer_lacks_its_part()
    {
        var data = _folder.Load("a.jsonl", Good + """

            {"messages": [{"role": "user", "content": "Mal"}]}
            {"messages": [{"role": "system", "content": "Clasifica"}, {"role": "assistant", "content": "neg"}]}
            {"messages": [], "id": 7}
            {"messages": [{"role": "user", "content": null}]}
            """);
        Assert.Equal(["Muy bien", "Mal", "", "", ""], ReviewFolder.Texts(data));
        Assert.Equal(["pos", "", "neg", "", ""], ReviewFolder.Texts(data, "Label"));
        Assert.Equal(["", "", "", "7", ""], ReviewFolder.Texts(data, "id"));
    }

    [Theory]
    [InlineData("""{"messages": [{"role": "user", "content": "Uno"}, {"role": "assistant", "content": "pos"}, {"role": "user", "content": "Dos"}]}""",
        "the chat has more than one message of the user (2), expected one: a row is one text with one label.")]
    [InlineData("""{"messages": [{"role": "user", "content": "Uno"}, {"role": "assistant", "content": "pos"}, {"role": "assistant", "content": "neg"}]}""",
        "the chat has more than one answer of the assistant (2), expected one")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "Uno"}]}]}""",
        "the message of the user is '[{\"type\": \"image_url\", \"image_url")]
    [InlineData("""{"messages": [{"role": "user", "content": "\ud83d"}, {"role": "assistant", "content": "pos"}]}""",
        "a JSON string holds half of a surrogate pair")]
    [InlineData("""{"messages": [{"role": "user", "content": "Uno"}, {"role": "assistant", "content": "pos"}""", "broken JSON at byte 90 of the line")]
    [InlineData("[]", "'[]' was found, expected a JSON object")]
    public void A_row_that_is_no_text_with_a_label_is_told(string row, string fault) =>
        Assert.StartsWith($"a.jsonl, line 2: {fault}", _folder.Fault(_folder.Write("a.jsonl", $"{Good}\n{row}\n{Good}\n")), StringComparison.Ordinal);

    [Fact]
    public void Requests_of_a_batch_have_texts_and_its_results_have_none()
    {
        var data = _folder.Load("a.jsonl", """
            {"custom_id": "1", "body": {"model": "m", "messages": [{"role": "system", "content": "Clasifica"}, {"role": "user", "content": "Muy bien"}]}}
            """, new ReviewFileOptions { Warn = _warned.Add });
        Assert.Equal(["Muy bien"], ReviewFolder.Texts(data));
        Assert.Equal([$"{_folder.Path("a.jsonl")}: the rows are chats; the user's message is read as the text."], _warned);
        string results = _folder.Write("b.jsonl",
            """{"custom_id": "1", "response": {"body": {"choices": [{"index": 0, "message": {"role": "assistant", "content": "pos"}}]}}, "error": null}""");
        Assert.Equal("b.jsonl: the rows hold answers of a chat model and not the texts that it answered, as the results of a batch do, expected both. Put each "
            + "answer beside its text, by the rows' ids, and write rows such as {\"text\": \"…\", \"label\": \"…\"}.", _folder.FaultAtOnce(results));
        Assert.Equal(["Uno"], ReviewFolder.Texts(_folder.Load("c.jsonl", """{"n": 1, "data": {"text": "Uno"}, "m": {"role": "assistant", "content": "pos"}}""")));
    }

    [Fact]
    public void Long_answers_are_no_labels()
    {
        const string Answer = "Gracias por tu opinión, nos alegra mucho que te haya gustado.";
        Assert.Equal("a.jsonl: the assistant's answers are texts such as 'Gracias por tu opinión, nos alegra mucho…', expected a few labels that come again "
            + "and again. Write the texts as rows of their own, such as {\"text\": \"…\", \"label\": \"…\"}.",
            _folder.FaultAtOnce(_folder.Write("a.jsonl", Good + "\n" + Good.Replace("pos", Answer, StringComparison.Ordinal))));
        string path = _folder.Write("b.jsonl", $$"""{"prompt": "Muy bien", "completion": "{{Answer}}"}""");
        Assert.EndsWith("To read the texts alone, set TextColumn to prompt.", _folder.FaultAtOnce(path), StringComparison.Ordinal);
        Assert.Equal(["Muy bien"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(path, new ReviewFileOptions { TextColumn = "prompt" })));
    }

    [Fact]
    public void Answers_that_hardly_come_again_are_no_labels()
    {
        var rows = new StringBuilder();
        for (int i = 0; i < 30; i++)
            rows.Append(Good.Replace("pos", $"respuesta {i}", StringComparison.Ordinal)).Append('\n');
        Assert.Contains("the assistant's answers are 30 different texts in 30 rows, expected a few labels that come again and again.",
            _folder.FaultAtOnce(_folder.Write("a.jsonl", rows.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_labels_may_stand_beside_chats_without_answers()
    {
        const string Row = """{"messages": [{"role": "user", "content": "Muy bien"}], "label": "pos"}""";
        var data = _folder.Load("a.jsonl", $"{Row}\n{Row}\n");
        Assert.Equal(["Muy bien", "Muy bien"], ReviewFolder.Texts(data));
        Assert.Equal(["pos", "pos"], ReviewFolder.Texts(data, "Label"));
        string both = _folder.Write("b.jsonl", $"{Good[..^1]}, \"label\": \"neg\"}}\n");
        Assert.Equal("b.jsonl: the rows are chats with the assistant's answers, and have a column 'label' beside them, expected labels in one of the two. "
            + "To take the column, set LabelColumn to label.", _folder.FaultAtOnce(both));
        Assert.Equal(["neg"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(both, new ReviewFileOptions { LabelColumn = "label" }), "Label"));
        string answered = _folder.Write("c.jsonl", $"{Good.Replace("pos", new string('a', 60), StringComparison.Ordinal)[..^1]}, \"label\": \"neg\"}}\n");
        Assert.Equal(["neg"], ReviewFolder.Texts(_folder.ML.Data.LoadReviews(answered, new ReviewFileOptions { LabelColumn = "label" }), "Label"));
    }

    [Theory]
    [InlineData("""{"text": "Entero", "messages": [{"role": "user", "content": "Muy bien"}]}""")]
    [InlineData("""{"text": "Entero", "input": "x", "output": "y"}""")]
    public void A_text_of_its_own_goes_before_a_chat(string row) =>
        Assert.Equal(["Entero"], ReviewFolder.Texts(_folder.Load("a.jsonl", row, new ReviewFileOptions { TextColumn = "text" })));

    private string WarnedOf(string content)
    {
        _folder.Load("a.jsonl", content, new ReviewFileOptions { Warn = _warned.Add });
        return Assert.Single(_warned);
    }

    public void Dispose() => _folder.Dispose();
}
