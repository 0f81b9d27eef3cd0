namespace SentimentML.Tokenization;

/// <summary>Everything that a tokenizer's files say, checked: the parts that a text goes through, in their order.</summary>
internal sealed class TokenizerDefinition
{
    /// <summary>In the order of their ids.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Null where the text stays as it is.</summary>
    public required Normalizer? Normalizer { get; init; }

    /// <summary>Null where the whole text is one word.</summary>
    public required PreTokenizer? PreTokenizer { get; init; }

    public required TokenModel Model { get; init; }

    public required PostProcessor PostProcessor { get; init; }

    /// <summary>Null where tokens are put together with spaces.</summary>
    public required Decoder? Decoder { get; init; }

    /// <summary>Every token by its id, null where an id is not given out.</summary>
    public required string?[] Tokens { get; init; }

    public required SpecialTokens Special { get; init; }

    public required bool AddPrefixSpace { get; init; }

    public required bool SpecialTokensInText { get; init; }

    /// <summary>The most tokens of one input as the files say; null if they do not.</summary>
    public required int? MaxTokens { get; init; }

    /// <summary>Whether a text that is too long loses its beginning, and not its end.</summary>
    public required bool KeepsEnd { get; init; }
}

/// <summary>The tokens with a part of their own, by the names that the files use; null where there is none.</summary>
internal sealed record SpecialTokens
{
    public string? Bos { get; init; }

    public string? Eos { get; init; }

    public string? Unk { get; init; }

    public string? Sep { get; init; }

    public string? Pad { get; init; }

    public string? Cls { get; init; }

    public string? Mask { get; init; }

    /// <summary>By the key that tokenizer_config.json and special_tokens_map.json use.</summary>
    public IEnumerable<(string Key, string? Content)> ByKey =>
    [
        ("bos_token", Bos), ("eos_token", Eos), ("unk_token", Unk), ("sep_token", Sep),
        ("pad_token", Pad), ("cls_token", Cls), ("mask_token", Mask),
    ];

    public SpecialTokens With(string key, string? content) => key switch
    {
        "bos_token" => this with { Bos = content },
        "eos_token" => this with { Eos = content },
        "unk_token" => this with { Unk = content },
        "sep_token" => this with { Sep = content },
        "pad_token" => this with { Pad = content },
        "cls_token" => this with { Cls = content },
        "mask_token" => this with { Mask = content },
        _ => this,
    };
}
