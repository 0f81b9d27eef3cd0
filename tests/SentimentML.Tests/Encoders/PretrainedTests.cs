using System.Text.Json.Nodes;

namespace SentimentML.Tests.Encoders;

/// <summary>A network and a tokenizer that do not have the same tokens.</summary>
public sealed class PretrainedTests : IDisposable
{
    private const string Text = "la mesa es bonita";
    private readonly TemporaryFolder _folder = new();

    public PretrainedTests()
    {
        foreach (string file in Directory.GetFiles(Shared.Golden("tiny_classifier")))
            _folder.With(Path.GetFileName(file), File.ReadAllBytes(file));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_text_may_not_use_a_token_that_the_tokenizer_alone_has()
    {
        float[] expected = Logits();
        JsonNode json = JsonNode.Parse(_folder.Read("tokenizer.json"))!;
        json["added_tokens"]!.AsArray().Add(JsonNode.Parse(
            """{"id": 2000, "content": "@usuario", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": false}"""));
        json["model"]!["vocab"]!["Ġmil"] = 2001;
        _folder.With("tokenizer.json", json.ToJsonString());
        Assert.Equal(expected, Logits());

        using SentimentClassifier classifier = Open();
        Assert.True(float.IsFinite(classifier.Classify("la mesa usuario").Logits[0]));
        foreach (Action use in (Action[])[() => classifier.Classify("@usuario la mesa"), () => classifier.Explain("la mesa @usuario")])
        {
            string message = Assert.Throws<SentimentMLException>(use).Message;
            Assert.Contains("has the token '@usuario', 2000", message, StringComparison.Ordinal);
            Assert.Contains("vocab_size is 2000, expected one for all 2002 tokens", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tokens_that_stand_around_every_text_may_not_lie_beyond_the_network()
    {
        File.Delete(_folder.At("special_tokens_map.json"));
        _folder.With("tokenizer_config.json", """{"tokenizer_class": "RobertaTokenizer", "add_prefix_space": true, "cls_token": "<c>"}""");
        Assert.Equal(2, Logits().Length); // the template's token is another
        File.Delete(_folder.At("tokenizer.json"));
        _folder.With("added_tokens.json", """{"<c>": 2000}""");
        AssertRefused();
    }

    private float[] Logits()
    {
        using SentimentClassifier classifier = Open();
        return [.. classifier.Classify(Text).Logits];
    }

    private SentimentClassifier Open() =>
        SentimentClassifier.Load(_folder.Path, new SentimentClassifierOptions { Device = TorchDevice.Cpu, Precision = InferencePrecision.Float32 });

    private void AssertRefused() =>
        Assert.Contains("config.json's vocab_size is 2000. The files are not of one model", Assert.Throws<ModelFileException>(Open).Message,
            StringComparison.Ordinal);
}
