using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>The sentiment model that comes with SentimentML.SpanishSmall: what it answers without any training, and that every command takes it.</summary>
public sealed class ReadySentimentTests
{
    /// <summary>The notebook's sentences, what n-grams get wrong, and what says nothing.</summary>
    public static TheoryData<string, string> Sentences => new()
    {
        { "la mesa tiene las patas bonitas", "positive" },
        { "me parecen bonitas las patas de la mesa", "positive" },
        { "la mesa tiene las patas mal pintadas", "negative" },
        { "las patas de la mesa están mal pintadas", "negative" },
        { "no me ha gustado nada", "negative" },
        { "No está nada mal para lo que cuesta", "positive" },
        { "No puedo estar más contento con la compra", "positive" },
        { "Llegó tarde, pero funciona de maravilla", "positive" },
        { "Muy bonita, pero se rompió al segundo día y nadie contesta", "negative" },
        { "no lo recomiendo", "negative" },
        { "guay", "positive" },
        { "está bárbaro", "positive" },
        { "una mierda", "negative" },
        { "¿Trae pilas incluidas?", "neutral" },
        { "¿Y para esto he pagado 200 euros?", "negative" },
        { "Me encanta, ¿qué más puedo decir?", "positive" },
    };

    [Theory]
    [MemberData(nameof(Sentences))]
    public void It_gets_sentences_right(string text, string expected)
    {
        foreach (InferencePrecision precision in (InferencePrecision[])[InferencePrecision.Auto, InferencePrecision.Float32, InferencePrecision.BFloat16])
        {
            SentimentPrediction answer = Ready(precision).Classify(text);
            Assert.True(answer.Label == expected, $"{precision}: '{text}' is {answer}, expected {expected}");
        }
    }

    /// <summary>Of words and phrases that it was not trained on; 129 of 142 when it was made.</summary>
    [Theory]
    [InlineData("{0}")]
    [InlineData("@ana_99 {0}")]
    [InlineData("{0} https://t.co/AbCd123")]
    [InlineData("@ana @tienda_es {0} https://t.co/AbCd123")]
    public void It_gets_most_words_by_themselves_right_whomever_they_are_said_to(string tweet)
    {
        string[] wrong = WrongOf("probe.jsonl", text => string.Format(CultureInfo.InvariantCulture, tweet, text));
        Assert.True(wrong.Length <= 16, $"{wrong.Length}: {string.Join("; ", wrong)}");
    }

    /// <summary>
    /// Slang and set phrases, questions, tweets, and what people try first, none of which it was trained on; 67 of 77, 52 of 72, 330 of 358 and 113 of 139
    /// when it was made.
    /// </summary>
    [Theory]
    [InlineData("probe-expressions.jsonl", 12)]
    [InlineData("probe-questions.jsonl", 24)]
    [InlineData("probe-tweets.jsonl", 32)]
    [InlineData("probe-first.jsonl", 30)]
    public void It_gets_most_expressions_questions_and_tweets_right(string file, int atMost)
    {
        string[] wrong = WrongOf(file, text => text);
        Assert.True(wrong.Length <= atMost, $"{wrong.Length}: {string.Join("; ", wrong)}");
    }

    [Fact]
    public void It_gets_most_words_in_capitals_right()
    {
        string[] wrong = WrongOf("probe.jsonl", text => text.ToUpperInvariant());
        Assert.True(wrong.Length <= 20, $"{wrong.Length}: {string.Join("; ", wrong)}");
    }

    /// <summary>Whatever case and accents.</summary>
    [Theory]
    [InlineData("probe.jsonl", 142)]
    [InlineData("probe-expressions.jsonl", 77)]
    [InlineData("probe-questions.jsonl", 72)]
    [InlineData("probe-tweets.jsonl", 358)]
    [InlineData("probe-first.jsonl", 139)]
    public void A_probe_is_not_among_the_texts_that_it_was_trained_on(string file, int count)
    {
        static HashSet<string> Texts(IEnumerable<string> lines) => [.. lines
            .Select(line => string.Concat(JsonNode.Parse(line)!["text"]!.ToString().ToUpperInvariant().Normalize(NormalizationForm.FormD)
                .Where(c => c != '\u0301')))];
        HashSet<string> probe = Texts(File.ReadLines(Path.Combine(Repository.Folder, "data", "opinions", file)));
        Assert.Equal(count, probe.Count);
        Assert.Empty(probe.Intersect(Texts(Repository.Opinions())));
    }

    [Fact]
    public async Task It_is_what_a_command_takes_when_no_model_is_named()
    {
        using var folder = new TemporaryFolder();
        JsonNode unnamed = Assert.Single((await ToolProcess.RunAsync(folder, "predict", "--text", "la mesa tiene las patas bonitas")).Expect(0).Lines);
        JsonNode named = Assert.Single(
            (await ToolProcess.RunAsync(folder, "predict", "--model", "small", "--text", "la mesa tiene las patas bonitas")).Expect(0).Lines);
        Assert.Equal("positive", unnamed["label"]!.ToString());
        Assert.Equal(["negative", "neutral", "positive"], unnamed["probabilities"]!.AsObject().Select(p => p.Key));
        Assert.Equal(unnamed.ToJsonString(), named.ToJsonString());
    }

    [Fact]
    public async Task A_folder_of_the_same_name_goes_first_when_it_is_named()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("small"));
        foreach (string file in Directory.EnumerateFiles(TestFiles.TinyClassifier))
            File.Copy(file, folder.At(Path.Combine("small", Path.GetFileName(file))));
        JsonNode unnamed = Assert.Single((await ToolProcess.RunAsync(folder, "predict", "--text", "muy bueno")).Expect(0).Lines);
        JsonNode named = Assert.Single((await ToolProcess.RunAsync(folder, "predict", "--model", "small", "--text", "muy bueno")).Expect(0).Lines);
        Assert.Equal("positive", unnamed["label"]!.ToString());
        Assert.StartsWith("LABEL_", named["label"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_info_and_the_ONNX_engine_take_it_too()
    {
        using var folder = new TemporaryFolder();
        (await ToolProcess.RunAsync(folder, "export", "--format", "onnx", "--output", "graph")).Expect(0);
        JsonNode ready = Assert.Single((await ToolProcess.RunAsync(folder, "predict", "--precision", "fp32", "--text", "llegó rota la caja")).Expect(0).Lines);
        JsonNode graph = Assert.Single(
            (await ToolProcess.RunAsync(folder, "predict", "--model", "graph", "--engine", "onnx", "--text", "llegó rota la caja")).Expect(0).Lines);
        Assert.Equal((double)ready["score"]!, (double)graph["score"]!, 1e-4);
        JsonNode facts = (await ToolProcess.RunAsync(folder, "info", "--model", "small", "--json")).Expect(0).Json["model"]!;
        Assert.Equal(33_900_000, (double)facts["parameters"]!, 100_000.0);
        Assert.InRange((long)facts["bytes"]!, 20_000_000, 26_000_000);
    }

    [Fact]
    public void Its_record_says_what_it_is()
    {
        SavedModel model = SpanishSmall.SentimentModel;
        Assert.Equal(["negative", "neutral", "positive"], model.Labels);
        Assert.Equal(("SentimentML.SpanishSmall", "mit"), (model.Record.Backbone, model.License));
        Assert.NotNull(model.Record.Temperature);
        Assert.Equal(Sentiment.Neutral, model.Sentiments!.Find("neutral"));
    }

    private static string[] WrongOf(string file, Func<string, string> written)
    {
        JsonNode[] probe = [.. File.ReadLines(Path.Combine(Repository.Folder, "data", "opinions", file)).Select(line => JsonNode.Parse(line)!)];
        IEnumerable<SentimentPrediction> answers = Ready(InferencePrecision.Float32).Classify(probe.Select(row => written(row["text"]!.ToString())));
        return [.. answers.Zip(probe).Where(pair => pair.First.Label != pair.Second["label"]!.ToString())
            .Select(pair => $"{pair.Second["text"]} is {pair.First}")];
    }

    private static readonly Dictionary<InferencePrecision, SentimentClassifier> Loaded = [];

    private static SentimentClassifier Ready(InferencePrecision precision)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(precision, out SentimentClassifier? ready))
                Loaded[precision] = ready = SpanishSmall.LoadClassifier(new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = precision });
            return ready;
        }
    }
}
