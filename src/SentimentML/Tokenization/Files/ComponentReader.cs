using System.Text.Json;

namespace SentimentML.Tokenization;

/// <summary>BertNormalizer's flags as files write them.</summary>
internal sealed record BertNormalizerFlags(bool CleanText, bool HandleChineseCharacters, bool? StripAccents, bool Lowercase)
{
    public BertNormalizer Normalizer() => new(CleanText, HandleChineseCharacters, StripAccents ?? Lowercase, Lowercase);
}

/// <summary>A post-processor as it is written: with the tokens' names beside their ids, still to be held against the vocabulary.</summary>
/// <param name="Processor">The post-processor.</param>
/// <param name="Tokens">Its special tokens and their ids.</param>
/// <param name="TrimsOffsets">Whether it has a flag for it.</param>
internal sealed record PostProcessorPart(PostProcessor Processor, IReadOnlyList<(string Token, int Id)> Tokens, bool TrimsOffsets);

/// <summary>
/// Reads the parts of tokenizer.json by their types. An unknown part is rejected by its name: a tokenizer that is
/// nearly right gives answers that are nearly right.
/// </summary>
internal sealed class ComponentReader(TokenizerFile file)
{
    private const int MaxNesting = 8;
    private int _nesting;

    public Normalizer? Normalizer(JsonElement part)
    {
        if (IsNone(part))
            return null;
        return TypeOf(part, "normalizer") switch
        {
            "BertNormalizer" => BertFlags(part)!.Normalizer(),
            "NFC" => new UnicodeNormalizer(compatible: false, compose: true),
            "NFD" => new UnicodeNormalizer(compatible: false, compose: false),
            "NFKC" => new UnicodeNormalizer(compatible: true, compose: true),
            "NFKD" => new UnicodeNormalizer(compatible: true, compose: false),
            "Lowercase" => new LowercaseNormalizer(),
            "StripAccents" => new StripAccentsNormalizer(),
            "Strip" => new StripNormalizer(Flag(part, "strip_left"), Flag(part, "strip_right")),
            "Prepend" => new PrependNormalizer(Text(part, "prepend", "normalizer")),
            "Replace" => new ReplaceNormalizer(Pattern(part, "normalizer"), Text(part, "content", "normalizer")),
            "Nmt" => new NmtNormalizer(),
            "ByteLevel" => new ByteLevelNormalizer(),
            "Precompiled" => Precompiled(part),
            "Sequence" => new SequenceNormalizer([.. Parts(part, "normalizers", "normalizer", Normalizer).OfType<Normalizer>()]),
            string type => throw file.NotSupported($"the normalizer {type}",
                "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace, Nmt, ByteLevel, Precompiled or Sequence"),
        };
    }

    /// <summary>The flags of a normalizer that is BERT's; null for any other.</summary>
    public BertNormalizerFlags? BertFlags(JsonElement part) =>
        IsNone(part) || TypeOf(part, "normalizer") != "BertNormalizer" ? null
        : new BertNormalizerFlags(Flag(part, "clean_text"), Flag(part, "handle_chinese_chars"), file.FlagOf(part, "strip_accents"), Flag(part, "lowercase"));

    public PreTokenizer? PreTokenizer(JsonElement part)
    {
        if (IsNone(part))
            return null;
        return TypeOf(part, "pre_tokenizer") switch
        {
            "BertPreTokenizer" => new BertPreTokenizer(),
            "WhitespaceSplit" => new WhitespaceSplitter(),
            "Whitespace" => new WordSplitter(),
            "Punctuation" => new TraitSplitter(CharacterTraits.Punctuation, Behavior(part, DelimiterBehavior.Isolated)),
            "Digits" => new TraitSplitter(CharacterTraits.Number, Flag(part, "individual_digits") ? DelimiterBehavior.Isolated : DelimiterBehavior.Contiguous),
            "CharDelimiterSplit" => new PatternSplitter(
                new StringPattern(Character(part, "delimiter", "CharDelimiterSplit")), DelimiterBehavior.Removed, invert: false),
            "FixedLength" => new FixedLengthSplitter(Length(part)),
            "Split" => new PatternSplitter(Pattern(part, "pre_tokenizer"), Behavior(part, null), Flag(part, "invert")),
            "Metaspace" => new MetaspacePreTokenizer(Character(part, "replacement", "Metaspace"), Scheme(part), file.FlagOf(part, "split") ?? true),
            "ByteLevel" => new ByteLevelPreTokenizer(file.FlagOf(part, "add_prefix_space") ?? true, file.FlagOf(part, "use_regex") ?? true),
            "Sequence" => new SequencePreTokenizer([.. Parts(part, "pretokenizers", "pre_tokenizer", PreTokenizer).OfType<PreTokenizer>()]),
            string type => throw file.NotSupported($"the pre_tokenizer {type}",
                "BertPreTokenizer, WhitespaceSplit, Whitespace, Punctuation, Digits, CharDelimiterSplit, FixedLength, Split, Metaspace, ByteLevel or Sequence"),
        };
    }

    public PostProcessorPart PostProcessor(JsonElement part)
    {
        if (IsNone(part))
            return new PostProcessorPart(Tokenization.PostProcessor.None, [], false);
        string type = TypeOf(part, "post_processor");
        switch (type)
        {
            case "BertProcessing" or "RobertaProcessing":
                (string Token, int Id) cls = TokenOf(part, "cls"), sep = TokenOf(part, "sep");
                return type == "BertProcessing"
                    ? new PostProcessorPart(Tokenization.PostProcessor.Bert(cls.Id, sep.Id), [cls, sep], false)
                    : new PostProcessorPart(Trimming(Tokenization.PostProcessor.Roberta(cls.Id, sep.Id), part), [cls, sep], true);
            case "TemplateProcessing":
                return Templates(part);
            case "ByteLevel":
                return new PostProcessorPart(Trimming(Tokenization.PostProcessor.None, part), [], true);
            case "Sequence":
                return Sequence(part);
            default:
                throw file.NotSupported($"the post_processor {type}", "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or Sequence");
        }
    }

    public Decoder? Decoder(JsonElement part)
    {
        if (IsNone(part))
            return null;
        return TypeOf(part, "decoder") switch
        {
            "ByteLevel" => new ByteLevelDecoder(),
            "WordPiece" => new WordPieceDecoder(Text(part, "prefix", "decoder"), Flag(part, "cleanup")),
            "Metaspace" => new MetaspaceDecoder(Character(part, "replacement", "Metaspace"), Scheme(part)),
            "BPEDecoder" => new BpeDecoder(Text(part, "suffix", "decoder")),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Replace" => new ReplaceDecoder(Pattern(part, "decoder"), Text(part, "content", "decoder")),
            "Strip" => new StripDecoder(Character(part, "content", "Strip"), Count(part, "start"), Count(part, "stop")),
            "Sequence" => new SequenceDecoder([.. Parts(part, "decoders", "decoder", Decoder).OfType<Decoder>()]),
            string type => throw file.NotSupported($"the decoder {type}",
                "ByteLevel, WordPiece, Metaspace, BPEDecoder, ByteFallback, Fuse, Replace, Strip or Sequence"),
        };
    }

    private static bool IsNone(JsonElement part) => part.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    private string TypeOf(JsonElement part, string name) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out JsonElement type) ? file.StringOf(type, $"the {name}'s type")
        : throw file.Damaged($"{name} is {TokenizerFile.Describe(part)}, expected an object with \"type\"");

    private List<T> Parts<T>(JsonElement part, string name, string owner, Func<JsonElement, T> read)
    {
        JsonElement list = TokenizerJson.Part(part, name);
        if (list.ValueKind != JsonValueKind.Array)
            throw file.Damaged($"the {owner}'s Sequence has no list \"{name}\"");
        if (++_nesting > MaxNesting)
            throw file.Damaged($"the {owner}'s Sequence is nested more than {MaxNesting} times");
        List<T> parts = [.. list.EnumerateArray().Select(read)];
        _nesting--;
        return parts;
    }

    private bool Flag(JsonElement part, string name) =>
        file.FlagOf(part, name) ?? throw file.Damaged($"{TokenizerFile.Describe(part)} has no \"{name}\", expected true or false");

    private string Text(JsonElement part, string name, string owner) => file.StringOf(TokenizerJson.Part(part, name), $"the {owner}'s {name}");

    private int Count(JsonElement part, string name) =>
        TokenizerJson.Part(part, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int count) && count >= 0 ? count
        : throw file.Damaged($"{TokenizerFile.Describe(part)} has no \"{name}\", expected a count");

    /// <summary>"length", 5 where it is not there.</summary>
    private int Length(JsonElement part)
    {
        int length = TokenizerJson.Part(part, "length").ValueKind == JsonValueKind.Undefined ? 5 : Count(part, "length");
        return length > 0 ? length : throw file.Damaged("the FixedLength's length is 0, expected a count of characters");
    }

    private TextPattern Pattern(JsonElement part, string owner)
    {
        JsonElement pattern = TokenizerJson.Part(part, "pattern");
        if (TokenizerJson.Part(pattern, "String") is { ValueKind: JsonValueKind.String } text)
            return new StringPattern(file.StringOf(text, $"the {owner}'s pattern"));
        if (TokenizerJson.Part(pattern, "Regex") is not { ValueKind: JsonValueKind.String } regex)
            throw file.Damaged($"the {owner}'s pattern is {TokenizerFile.Describe(pattern)}, expected an object with \"String\" or \"Regex\"");
        string expression = file.StringOf(regex, $"the {owner}'s pattern");
        if (expression.Length > RegexTranslator.MaxLength)
            throw file.NotSupported($"a regular expression of {expression.Length} characters", $"at most {RegexTranslator.MaxLength}");
        try
        {
            return RegexPattern.Of(expression);
        }
        catch (FormatException e)
        {
            throw new ModelFileException($"{file.Path}: the {owner}'s regular expression '{expression}': {e.Message}. "
                + "It is damaged or uses a feature that .NET's expressions lack: get the file again, or use a model with another tokenizer.", e);
        }
    }

    private DelimiterBehavior Behavior(JsonElement part, DelimiterBehavior? missing)
    {
        JsonElement behavior = TokenizerJson.Part(part, "behavior");
        if (behavior.ValueKind == JsonValueKind.Undefined && missing is { } value)
            return value;
        string name = file.StringOf(behavior, "the pre_tokenizer's behavior");
        return Enum.GetNames<DelimiterBehavior>().Contains(name) ? Enum.Parse<DelimiterBehavior>(name)
            : throw file.NotSupported($"the behavior {name}", string.Join(", ", Enum.GetNames<DelimiterBehavior>()));
    }

    private string Character(JsonElement part, string name, string owner)
    {
        string text = Text(part, name, owner);
        return text.Length == 1 || (text.Length == 2 && char.IsSurrogatePair(text[0], text[1])) ? text
            : throw file.Damaged($"the {owner}'s {name} is '{text}', expected one character");
    }

    /// <summary>"prepend_scheme", or "add_prefix_space" of older files, where false goes with "never" alone.</summary>
    private PrependScheme Scheme(JsonElement part)
    {
        JsonElement written = TokenizerJson.Part(part, "prepend_scheme");
        PrependScheme scheme = PrependScheme.Always;
        if (written.ValueKind != JsonValueKind.Undefined)
        {
            string name = file.StringOf(written, "the Metaspace's prepend_scheme");
            scheme = name switch
            {
                "always" => PrependScheme.Always,
                "first" => PrependScheme.First,
                "never" => PrependScheme.Never,
                _ => throw file.NotSupported($"the prepend_scheme {name}", "always, first or never"),
            };
        }
        if (file.FlagOf(part, "add_prefix_space") != false)
            return scheme;
        if (written.ValueKind != JsonValueKind.Undefined && scheme != PrependScheme.Never)
            throw file.Damaged("the Metaspace's add_prefix_space is false and its prepend_scheme is not never");
        return PrependScheme.Never;
    }

    private PrecompiledNormalizer Precompiled(JsonElement part)
    {
        string text = Text(part, "precompiled_charsmap", "normalizer");
        var table = new byte[text.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(text, table, out int length))
            throw file.Damaged("the precompiled_charsmap is not base64");
        try
        {
            return PrecompiledNormalizer.Read(table.AsSpan(0, length));
        }
        catch (FormatException e)
        {
            throw file.Damaged($"the precompiled_charsmap is damaged: {e.Message}", e);
        }
    }

    private PostProcessor Trimming(PostProcessor processor, JsonElement part) => processor with
    {
        TrimOffsets = file.FlagOf(part, "trim_offsets") ?? true,
        KeepsPrefixSpace = file.FlagOf(part, "add_prefix_space") ?? true,
    };

    /// <summary>"sep": ["&lt;/s&gt;", 2]</summary>
    private (string Token, int Id) TokenOf(JsonElement part, string key)
    {
        JsonElement pair = TokenizerJson.Part(part, key);
        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2 || pair[1].ValueKind != JsonValueKind.Number
            || !pair[1].TryGetInt32(out int id))
            throw file.Damaged($"the post_processor's {key} is not a token and its id");
        return (file.StringOf(pair[0], $"the post_processor's {key}"), id);
    }

    /// <summary>One that trims offsets, and one that puts special tokens around texts.</summary>
    private PostProcessorPart Sequence(JsonElement part)
    {
        List<PostProcessorPart> parts = Parts(part, "processors", "post_processor", PostProcessor);
        if (parts.Count(each => each.Tokens.Count > 0) > 1 || parts.Count(each => each.TrimsOffsets) > 1)
            throw file.NotSupported("a post_processor of several that do the same", "ByteLevel and one with special tokens");
        PostProcessor processor = parts.FirstOrDefault(each => each.Tokens.Count > 0)?.Processor ?? Tokenization.PostProcessor.None;
        if (parts.FirstOrDefault(each => each.TrimsOffsets)?.Processor is { } trimming)
            processor = processor with { TrimOffsets = trimming.TrimOffsets, KeepsPrefixSpace = trimming.KeepsPrefixSpace };
        return new PostProcessorPart(processor, [.. parts.SelectMany(each => each.Tokens)], parts.Any(each => each.TrimsOffsets));
    }

    private PostProcessorPart Templates(JsonElement part)
    {
        var tokens = new Dictionary<string, List<(string Token, int Id)>>(StringComparer.Ordinal);
        JsonElement special = TokenizerJson.Part(part, "special_tokens");
        if (special.ValueKind != JsonValueKind.Object)
            throw file.Damaged("the post_processor's special_tokens are not an object");
        foreach (JsonProperty entry in special.EnumerateObject())
        {
            string name = file.NameOf(entry, "the post_processor's special_tokens");
            tokens.Add(name, SpecialTokens(name, entry.Value));
        }
        var used = new List<(string Token, int Id)>();
        var processor = new PostProcessor { Single = ReadTemplate(part, "single", tokens, used), Pair = ReadTemplate(part, "pair", tokens, used) };
        return new PostProcessorPart(processor, used, false);
    }

    /// <summary>"[CLS]": {"id": "[CLS]", "ids": [101], "tokens": ["[CLS]"]}</summary>
    private List<(string Token, int Id)> SpecialTokens(string name, JsonElement token)
    {
        JsonElement ids = TokenizerJson.Part(token, "ids"), names = TokenizerJson.Part(token, "tokens");
        if (ids.ValueKind != JsonValueKind.Array || names.ValueKind != JsonValueKind.Array || ids.GetArrayLength() != names.GetArrayLength())
            throw file.Damaged($"the post_processor's special token '{name}' is not a list of tokens and as many ids");
        var tokens = new List<(string, int)>();
        for (int i = 0; i < ids.GetArrayLength(); i++)
        {
            if (ids[i].ValueKind != JsonValueKind.Number || !ids[i].TryGetInt32(out int id))
                throw file.Damaged($"the post_processor's special token '{name}' has the id {TokenizerFile.Describe(ids[i])}, expected a whole number");
            tokens.Add((file.StringOf(names[i], $"the post_processor's special token '{name}'"), id));
        }
        return tokens;
    }

    private Template ReadTemplate(JsonElement part, string name, Dictionary<string, List<(string Token, int Id)>> tokens, List<(string Token, int Id)> used)
    {
        JsonElement list = TokenizerJson.Part(part, name);
        if (list.ValueKind != JsonValueKind.Array)
            throw file.Damaged($"the post_processor's template \"{name}\" is not a list");
        var parts = new List<TemplatePart>();
        foreach (JsonElement piece in list.EnumerateArray())
        {
            JsonElement sequence = TokenizerJson.Part(piece, "Sequence"), special = TokenizerJson.Part(piece, "SpecialToken");
            JsonElement content = sequence.ValueKind == JsonValueKind.Object ? sequence : special;
            string id = file.StringOf(TokenizerJson.Part(content, "id"), $"the id of a part of the post_processor's template \"{name}\"");
            int type = Count(content, "type_id");
            if (sequence.ValueKind == JsonValueKind.Object)
            {
                parts.Add(TemplatePart.OfText(id switch { "A" => 0, "B" => 1, _ => throw file.Damaged($"the post_processor's template \"{name}\" has a text "
                    + $"'{id}', expected A or B") }, type));
                continue;
            }
            if (!tokens.TryGetValue(id, out List<(string Token, int Id)>? ofPart))
                throw file.Damaged($"the post_processor's template \"{name}\" has '{id}', which is not among its special_tokens");
            used.AddRange(ofPart);
            parts.Add(TemplatePart.OfTokens(type, [.. ofPart.Select(token => token.Id)]));
        }
        int texts = parts.Count(each => each.Text >= 0);
        try
        {
            return texts == (name == "single" ? 1 : 2) ? new Template(parts) : throw new FormatException($"it has {texts} texts");
        }
        catch (FormatException e)
        {
            throw file.NotSupported($"the post_processor's template \"{name}\": {e.Message}", "one with text A (and B in a pair), and token types 0 before 1");
        }
    }
}
