namespace SentimentML.Tests.Tokenization;

/// <summary>What the class of transformers that files name makes of them.</summary>
public sealed class TokenizerClassTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"tokenizer_class": "RobertaTokenizer"}""", """{"model_type": "modernbert"}""", false)]
    [InlineData("""{"tokenizer_class": "RobertaTokenizerFast"}""", null, false)]
    [InlineData("""{"model_max_length": 512}""", """{"model_type": "roberta"}""", false)]
    [InlineData(null, """{"model_type": "roberta"}""", false)]
    [InlineData(null, """{"model_type": "roberta", "tokenizer_class": "PreTrainedTokenizerFast"}""", true)]
    [InlineData("""{"tokenizer_class": "PreTrainedTokenizerFast"}""", """{"model_type": "roberta"}""", true)]
    [InlineData("""{"tokenizer_class": "RobertaTokenizer", "add_prefix_space": true}""", null, true)]
    [InlineData(null, null, true)]
    public void RoBERTa_s_class_puts_no_space_in_front_unless_its_configuration_says_so(string? config, string? model, bool expected)
    {
        _folder.WithTiny("tokenizer.json");
        With(config, model);
        var tokenizer = PretrainedTokenizer.FromFolder(_folder.Path);
        Assert.Equal(expected, tokenizer.AddPrefixSpace);
        Assert.Equal(expected ? "ĠEl" : "El", tokenizer.IdToToken(tokenizer.EncodeToIds("El favor")[1]));
        using var target = new TemporaryFolder();
        tokenizer.Save(target.Path);
        if (model is not null)
            target.With("config.json", model);
        Assert.Equal(expected, PretrainedTokenizer.FromFolder(target.Path).AddPrefixSpace);
    }

    [Theory]
    [InlineData("""{"tokenizer_class": "BertTokenizerFast", "do_lower_case": true}""", null, "que")]
    [InlineData("""{"tokenizer_class": "DistilBertTokenizer", "do_lower_case": true, "strip_accents": false}""", null, "qué")]
    [InlineData("""{"tokenizer_class": "BertTokenizer"}""", null, "que")]
    [InlineData("""{"do_lower_case": false}""", """{"model_type": "bert"}""", "QUÉ")]
    [InlineData(null, """{"model_type": "bert"}""", "que")]
    [InlineData("""{"tokenizer_class": "PreTrainedTokenizerFast", "do_lower_case": true}""", """{"model_type": "bert"}""", "QUÉ")]
    [InlineData("""{"tokenizer_class": "TokenizersBackend", "do_lower_case": true}""", null, "QUÉ")]
    [InlineData("""{"tokenizer_class": "RobertaTokenizer", "do_lower_case": true}""", null, "QUÉ")]
    [InlineData("""{"do_lower_case": true, "strip_accents": null}""", null, "que")]
    [InlineData(null, null, "QUÉ")]
    public void BERT_s_classes_set_the_normalizer_and_others_leave_it(string? config, string? model, string expected)
    {
        File.Copy(Shared.Golden("families/bert_beto/classifier/tokenizer.json"), _folder.At("tokenizer.json")); // cased, accents kept
        With(config, model);
        Assert.Equal(expected, PretrainedTokenizer.FromFolder(_folder.Path).Definition.Normalizer!.Normalize("QUÉ"));
    }

    [Theory]
    [InlineData("bert_beto", "vocab.txt", "BertweetTokenizer")]
    [InlineData("bert_beto", "vocab.txt", "BertJapaneseTokenizer")]
    [InlineData("xlm_roberta", "sentencepiece.bpe.model", "MBartTokenizer")]
    [InlineData("xlm_roberta", "sentencepiece.bpe.model", "BarthezTokenizerFast")]
    [InlineData("xlm_roberta", "spiece.model", "T5Tokenizer")]
    [InlineData("xlm_roberta", "tokenizer.model", "XLNetTokenizer")]
    public void A_file_of_another_class_is_refused_by_the_class_s_name(string family, string name, string tokenizerClass)
    {
        File.Copy(Shared.Golden($"families/{family}/classifier/{(name == "vocab.txt" ? name : "sentencepiece.bpe.model")}"), _folder.At(name));
        With($$"""{"tokenizer_class": "{{tokenizerClass}}"}""", model: null);
        AssertRefused(name, tokenizerClass.Replace("Fast", "", StringComparison.Ordinal));
        With("{}", $$"""{"model_type": "roberta", "tokenizer_class": "{{tokenizerClass}}"}""");
        AssertRefused(name, tokenizerClass.Replace("Fast", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GPT2Tokenizer")]
    [InlineData("CLIPTokenizerFast")]
    [InlineData("PhobertTokenizer")]
    public void A_vocabulary_and_merges_of_another_class_are_refused_by_the_class_s_name(string tokenizerClass)
    {
        _folder.WithTiny("vocab.json", "merges.txt");
        With($$"""{"tokenizer_class": "{{tokenizerClass}}"}""", model: null);
        AssertRefused("vocab.json", tokenizerClass.Replace("Fast", "", StringComparison.Ordinal));
    }

    [Fact]
    public void The_kind_of_model_says_the_class_where_no_file_names_it()
    {
        File.Copy(Shared.Golden("families/xlm_roberta/classifier/sentencepiece.bpe.model"), _folder.At("sentencepiece.bpe.model"));
        With(config: null, """{"model_type": "camembert"}""");
        Assert.Equal(5, PretrainedTokenizer.FromFolder(_folder.Path).ClsTokenId);
        With(config: null, """{"model_type": "camembert", "tokenizer_class": "BarthezTokenizer"}""");
        AssertRefused("sentencepiece.bpe.model", "BarthezTokenizer");
        With(config: null, """{"model_type": "xlm-roberta"}""");
        Assert.Equal(0, PretrainedTokenizer.FromFolder(_folder.Path).ClsTokenId);
    }

    private void With(string? config, string? model)
    {
        foreach ((string name, string? content) in (ReadOnlySpan<(string, string?)>)[("tokenizer_config.json", config), ("config.json", model)])
        {
            if (content is not null)
                _folder.With(name, content);
        }
    }

    private void AssertRefused(string name, string tokenizerClass)
    {
        string message = Assert.Throws<ModelFileException>(() => PretrainedTokenizer.FromFolder(_folder.Path)).Message;
        Assert.Contains(_folder.At(name), message, StringComparison.Ordinal);
        Assert.Contains($"is of the class {tokenizerClass}, which is read from tokenizer.json alone", message, StringComparison.Ordinal);
    }
}
