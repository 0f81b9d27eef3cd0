using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>Labels as users bring them: in mixed case, as lists, as five stars; and columns that do not hold labels.</summary>
public sealed class LabelTests
{
    private const string Stars = "text,stars\nfatal,1\nmalo,2\nregular,3\nbueno,4\nmuy bueno,5\nhorrible,1\nexcelente,5\n";

    [Fact]
    public async Task Labels_in_mixed_case_are_reported_with_counts_and_merged_when_asked()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "text,label\nbueno,Positive\nmejor, positive\nbien,POSITIVE \nmalo,negative\nfatal,Negative\n");
        ToolResult apart = (await ToolProcess.RunAsync(folder, TestFiles.TrainTiny("a.csv"))).Expect(0);
        string said = "Labels that differ in nothing but case are trained as different ones: 'Negative' (1 rows) and 'negative' (1 rows); 'POSITIVE' (1 rows) "
            + "and 'Positive' (1 rows) and 'positive' (1 rows). --merge-label-case reads them as one.";
        Assert.Equal(2, apart.Error.Split(said).Length); // said once

        ToolResult merged = (await ToolProcess.RunAsync(folder, [.. TestFiles.TrainTiny("a.csv"), "--merge-label-case"])).Expect(0);
        Assert.DoesNotContain("differ in nothing but case", merged.Error, StringComparison.Ordinal);
        Assert.Contains("5 rows: 2 negative, 3 positive", merged.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("text2")]
    [InlineData("text")]
    public async Task A_column_of_ids_or_texts_is_refused_as_labels(string column)
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", "text,id,text2,stars\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"reseña {i},{i * 7919},otra {i},{i % 5 + 1}\n")));
        (await ToolProcess.RunAsync(folder, [.. TestFiles.TrainTiny("a.csv"), "--label-column", column]))
            .ExpectFailure(column == "text"
                ? ["--label-column names 'text'", "only column of texts"]
                : ["60 different labels in 60 rows", "texts or ids", "--label-column"]);
        Assert.Equal(["a.csv"], folder.Names);
    }

    [Theory]
    [InlineData("doccano.jsonl", "{\"text\": \"bueno\", \"label\": [\"pos\"]}\n{\"text\": \"malo\", \"label\": [\"neg\"]}\n", "label")]
    [InlineData("prodigy.jsonl", "{\"text\": \"bueno\", \"accept\": [\"pos\"]}\n{\"text\": \"malo\", \"accept\": [\"neg\"]}\n", "accept")]
    [InlineData("pandas.csv", "text,labels\nbueno,['pos']\nmalo,['neg']\n", "labels")]
    public async Task A_list_of_one_is_a_label_and_a_longer_one_is_refused(string name, string content, string column)
    {
        using var folder = new TemporaryFolder();
        folder.With(name, content);
        ToolResult result = (await ToolProcess.RunAsync(folder, TestFiles.TrainTiny(name))).Expect(0);
        Assert.Contains("2 rows: 1 neg, 1 pos", result.Error, StringComparison.Ordinal);

        string two = name.EndsWith(".csv", StringComparison.Ordinal)
            ? "bien,\"['pos', 'neg']\"\n"
            : $"{{\"text\": \"bien\", \"{column}\": [\"pos\", \"neg\"]}}\n";
        folder.With(name, content + two);
        (await ToolProcess.RunAsync(folder, TestFiles.TrainTiny(name)))
            .ExpectFailure(folder.At(name), $"column '{column}': 2 labels in one row (pos, neg), expected one", "leave such rows out");
    }

    [Fact]
    public async Task A_models_answers_are_not_learned_from()
    {
        using var folder = new TemporaryFolder();
        folder.With("out.csv", "text,label,score,probability_pos,probability_neg\nbueno,pos,0.9,0.9,0.1\nmalo,neg,0.8,0.2,0.8\n");
        (await ToolProcess.RunAsync(folder, TestFiles.TrainTiny("out.csv")))
            .ExpectFailure(folder.At("out.csv"), "Column 'label' is a model's answer, and no label that a person gave", "--label-column");
    }

    [Fact]
    public async Task Five_stars_are_five_labels_when_named_so()
    {
        using var folder = new TemporaryFolder();
        folder.With("a.csv", Stars)
            .With("b.jsonl", "{\"text\": \"fatal\", \"stars\": 1}\n{\"text\": \"bien\", \"stars\": 4.0}\n{\"text\": \"así\", \"stars\": null}\n");
        ToolResult result = (await ToolProcess.RunAsync(folder, [.. TestFiles.TrainTiny("a.csv"), "--label-column", "stars"])).Expect(0);
        Assert.Contains("7 rows: 2 \"1\", 1 \"2\", 1 \"3\", 1 \"4\", 2 \"5\"", result.Error, StringComparison.Ordinal);

        var answer = Assert.Single((await ToolProcess.RunAsync(folder, "predict", "--model", "model", "--text", "muy bueno")).Expect(0).Lines);
        Assert.Equal(["1", "2", "3", "4", "5"], answer["probabilities"]!.AsObject().Select(p => p.Key));
        int stars = int.Parse(answer["label"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(stars < 3 ? "negative" : stars == 3 ? "neutral" : "positive", answer["sentiment"]!.ToString());

        ToolResult byStars = (await ToolProcess.RunAsync(
            folder, "evaluate", "--model", "model", "--data", "b.jsonl", "--label-column", "stars", "--language", "en")).Expect(0);
        Assert.Contains("as 5", byStars.Output, StringComparison.Ordinal);
        Assert.Contains("Rows left out: 1 without a label or stars.", byStars.Output, StringComparison.Ordinal);
        ToolResult bySentiment = (await ToolProcess.RunAsync(folder, "evaluate", "--model", "model", "--data", "a.csv", "--language", "en")).Expect(0);
        Assert.Contains("as neutral", bySentiment.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POS", "NEG")]
    [InlineData("Positive", "Negative")]
    [InlineData("positivo", "negativo")]
    public async Task A_model_of_other_names_is_measured_on_stars_and_on_labels(string positive, string negative)
    {
        using var folder = new TemporaryFolder();
        folder.With("train.csv", $"text,label\nbueno,{positive}\nmalo,{negative}\n").With("stars.csv", Stars)
            .With("labels.csv", "text,label\nbueno,pos\nmalo,neg\n")
            .With("case.csv", $"text,label\nbueno,{positive.ToUpperInvariant()}\nmalo,{negative.ToLowerInvariant()}\n");
        (await ToolProcess.RunAsync(folder, TestFiles.TrainTiny("train.csv"))).Expect(0);
        foreach (string data in (string[])["stars.csv", "labels.csv", "case.csv"])
            (await ToolProcess.RunAsync(folder, "evaluate", "--model", "model", "--data", data)).Expect(0);
    }

    [Fact]
    public async Task A_model_whose_labels_say_nothing_names_the_option_that_states_them()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.csv", "text,label\nbueno,LABEL_1\nmalo,LABEL_0\n").With("stars.csv", Stars);
        (await ToolProcess.RunAsync(folder, TestFiles.TrainTiny("train.csv"))).Expect(0);
        (await ToolProcess.RunAsync(folder, "evaluate", "--model", "model", "--data", "stars.csv"))
            .ExpectFailure("LABEL_0, LABEL_1 do not say a sentiment", "--labels \"LABEL_0=?,LABEL_1=?\"");
        (await ToolProcess.RunAsync(folder, "evaluate", "--model", "model", "--data", "stars.csv", "--labels", "LABEL_0=negative,LABEL_1=positive")).Expect(0);
    }
}
