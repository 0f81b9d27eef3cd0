namespace SentimentML;

/// <summary>What a tokenizer is to do differently from what its files say. Everything left null is as the files say.</summary>
public sealed class PretrainedTokenizerOptions
{
    /// <summary>
    /// Whether a space is put in front of text that does not begin with one, so that the first word is a word like any
    /// other. The default value is null: what tokenizer_config.json says, else what tokenizer.json says unless the files are of
    /// a class of transformers that puts none (RobertaTokenizer), and false where none says it.
    /// </summary>
    public bool? AddPrefixSpace { get; init; }

    /// <summary>
    /// Whether a special token written inside a text (<c>&lt;mask&gt;</c>, <c>&lt;/s&gt;</c>) becomes that token, as the
    /// reference has it, or is text like any other. Set it to false for text that users send. The default value is null:
    /// the opposite of split_special_tokens in tokenizer_config.json, and true where that does not say.
    /// </summary>
    public bool? SpecialTokensInText { get; init; }

    /// <summary>
    /// The most tokens of one input, special tokens included. The default value is null: model_max_length of
    /// tokenizer_config.json, else the truncation of tokenizer.json, else 512.
    /// </summary>
    public int? MaxTokens { get; init; }
}
