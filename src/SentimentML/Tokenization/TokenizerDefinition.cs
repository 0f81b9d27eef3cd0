namespace SentimentML.Tokenization;

/// <summary>Everything that a tokenizer's files say, checked.</summary>
internal sealed class TokenizerDefinition
{
    public required BpeModel Model { get; init; }

    /// <summary>In the order of their ids.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Every token by its id, null where an id is not given out.</summary>
    public required string?[] Tokens { get; init; }

    public required SpecialTokens Special { get; init; }

    public required bool AddPrefixSpace { get; init; }

    /// <summary>Whether offsets leave out the white space that a token begins or ends with.</summary>
    public required bool TrimOffsets { get; init; }

    public required bool SpecialTokensInText { get; init; }

    public required int MaxTokens { get; init; }
}

/// <summary>The tokens with a part of their own, by the names that the files use.</summary>
internal sealed record SpecialTokens
{
    public string Bos { get; init; } = "<s>";

    public string Eos { get; init; } = "</s>";

    public string Unk { get; init; } = "<unk>";

    public string Sep { get; init; } = "</s>";

    public string Pad { get; init; } = "<pad>";

    public string Cls { get; init; } = "<s>";

    public string Mask { get; init; } = "<mask>";

    /// <summary>By the key that tokenizer_config.json and special_tokens_map.json use.</summary>
    public IEnumerable<(string Key, string Content)> ByKey =>
    [
        ("bos_token", Bos), ("eos_token", Eos), ("unk_token", Unk), ("sep_token", Sep),
        ("pad_token", Pad), ("cls_token", Cls), ("mask_token", Mask),
    ];

    public SpecialTokens With(string key, string content) => key switch
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
