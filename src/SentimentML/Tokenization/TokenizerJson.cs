using System.Text.Json;

namespace SentimentML.Tokenization;

/// <summary>What tokenizer.json, the file of Hugging Face's tokenizers library, says.</summary>
internal sealed class TokenizerJson
{
    private TokenizerJson()
    {
    }

    public required BpeModel Model { get; init; }

    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    public required bool AddPrefixSpace { get; init; }

    public required bool TrimOffsets { get; init; }

    /// <summary>The token before the text, and the token after it; null where no post-processor says.</summary>
    public string? Cls { get; init; }

    public string? Sep { get; init; }

    public int? MaxTokens { get; init; }

    public static TokenizerJson Read(TokenizerFile file)
    {
        try
        {
            return ReadObject(file);
        }
        catch (JsonException e)
        {
            throw file.Malformed(e);
        }
    }

    /// <summary>An added token as tokenizer.json, tokenizer_config.json and special_tokens_map.json write it.</summary>
    public static AddedToken ReadAddedToken(TokenizerFile file, JsonElement token, int? id)
    {
        if (token.ValueKind != JsonValueKind.Object || !token.TryGetProperty("content", out JsonElement text))
            throw file.Damaged($"the added token {TokenizerFile.Describe(token)} is not an object with \"content\"");
        string content = file.StringOf(text, "an added token's content");
        if (content.Length == 0)
            throw file.Damaged("an added token is empty");
        if (id is null)
        {
            if (!token.TryGetProperty("id", out JsonElement number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out int value) || value < 0)
                throw file.Damaged($"the added token '{content}' has no whole number as its id");
            id = value;
        }
        return new AddedToken(content, id.Value)
        {
            Special = file.FlagOf(token, "special") ?? false,
            LeftStrip = file.FlagOf(token, "lstrip") ?? false,
            RightStrip = file.FlagOf(token, "rstrip") ?? false,
            SingleWord = file.FlagOf(token, "single_word") ?? false,
            Normalized = file.FlagOf(token, "normalized") ?? true,
        };
    }

    private static TokenizerJson ReadObject(TokenizerFile file)
    {
        Dictionary<string, int>? vocabulary = null;
        Utf8JsonReader merges = default;
        Range vocabularyRange = default, mergesRange = default;
        var json = new Utf8JsonReader(file.Text);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw file.Damaged("it is not a JSON object");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool isModel = json.ValueTextEquals("model"u8);
            json.Read();
            if (!isModel || json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                bool isVocabulary = json.ValueTextEquals("vocab"u8), isMerges = json.ValueTextEquals("merges"u8);
                json.Read();
                int start = (int)json.TokenStartIndex;
                if (isVocabulary && vocabulary is null && json.TokenType == JsonTokenType.StartObject)
                {
                    vocabulary = BpeModelReader.Vocabulary(file, ref json);
                    vocabularyRange = start..(int)json.BytesConsumed;
                }
                else if (isMerges && mergesRange.Equals(default) && json.TokenType == JsonTokenType.StartArray)
                {
                    merges = json; // read when the vocabulary is known, whichever comes first
                    json.Skip();
                    mergesRange = start..(int)json.BytesConsumed;
                }
                else
                {
                    json.Skip();
                }
            }
        }
        if (json.Read())
            throw file.Damaged("something follows the tokenizer");

        JsonElement root = file.ParseObject(Without(file.Text, vocabularyRange, mergesRange));
        CheckKinds(file, root);
        if (vocabulary is null)
            throw file.Damaged("\"model\" has no \"vocab\" object");
        if (mergesRange.Equals(default))
            throw file.Damaged("\"model\" has no \"merges\" list");
        return Interpret(file, root, vocabulary, BpeModelReader.Merges(file, ref merges, vocabulary));
    }

    /// <summary>The text with null in the place of its two large parts: what is left is small enough to be read as a tree.</summary>
    private static byte[] Without(ReadOnlySpan<byte> text, Range first, Range second)
    {
        if (first.Start.Value > second.Start.Value)
            (first, second) = (second, first);
        var rest = new List<byte>();
        int at = 0;
        foreach (Range range in (ReadOnlySpan<Range>)[first, second])
        {
            if (range.Equals(default))
                continue;
            rest.AddRange(text[at..range.Start]);
            rest.AddRange("null"u8);
            at = range.End.Value;
        }
        rest.AddRange(text[at..]);
        return [.. rest];
    }

    private static TokenizerJson Interpret(TokenizerFile file, JsonElement root, Dictionary<string, int> vocabulary, MergeTable merges)
    {
        JsonElement model = root.GetProperty("model"), preTokenizer = root.GetProperty("pre_tokenizer"), postProcessor = Part(root, "post_processor");
        return new TokenizerJson
        {
            Model = new BpeModel(vocabulary, merges)
            {
                UnknownId = UnknownIdOf(file, Part(model, "unk_token"), vocabulary),
                FuseUnknown = file.FlagOf(model, "fuse_unk") ?? false,
                IgnoreMerges = file.FlagOf(model, "ignore_merges") ?? false,
            },
            AddedTokens = AddedTokensOf(file, Part(root, "added_tokens")),
            AddPrefixSpace = file.FlagOf(preTokenizer, "add_prefix_space") ?? true,
            TrimOffsets = file.FlagOf(postProcessor, "trim_offsets") ?? true,
            Cls = TokenOf(file, postProcessor, "cls"),
            Sep = TokenOf(file, postProcessor, "sep"),
            MaxTokens = MaxTokensOf(file, Part(root, "truncation")),
        };
    }

    /// <summary>A part of the file; undefined where it is not there.</summary>
    private static JsonElement Part(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement part) ? part : default;

    /// <summary>RoBERTa's parts and no others: a tokenizer that is nearly right gives answers that are nearly right.</summary>
    private static void CheckKinds(TokenizerFile file, JsonElement root)
    {
        JsonElement model = Part(root, "model");
        if (model.ValueKind != JsonValueKind.Object)
            throw file.Damaged("it has no \"model\" object");
        // old files name no type: with merges, it is BPE
        if (Part(model, "type").ValueKind != JsonValueKind.Undefined || Part(model, "merges").ValueKind == JsonValueKind.Undefined)
            ExpectKind(file, root, "model", "BPE");
        ExpectKind(file, root, "normalizer", null);
        ExpectKind(file, root, "pre_tokenizer", "ByteLevel");
        ExpectKind(file, root, "post_processor", "RobertaProcessing", orNone: true);
        ExpectKind(file, root, "decoder", "ByteLevel", orNone: true);
        if (file.FlagOf(Part(root, "pre_tokenizer"), "use_regex") == false)
            throw file.OfAnotherKind("the pre_tokenizer ByteLevel without its pattern (use_regex false)", "ByteLevel with it");
        if (file.FlagOf(model, "byte_fallback") == true)
            throw file.OfAnotherKind("a BPE model with byte_fallback", "a byte-level one");
        foreach (string name in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
        {
            if (Part(model, name) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } affix && file.StringOf(affix, name).Length > 0)
                throw file.OfAnotherKind($"a BPE model with {name} {TokenizerFile.Describe(affix)}", "none");
        }
    }

    private static void ExpectKind(TokenizerFile file, JsonElement root, string part, string? kind, bool orNone = false)
    {
        JsonElement element = Part(root, part);
        string? found = element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null
            : element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type", out JsonElement type) ? file.StringOf(type, $"{part}'s type")
            : throw file.Damaged($"{part} is {TokenizerFile.Describe(element)}, expected an object with \"type\"");
        if (found != kind && !(orNone && found is null))
            throw file.OfAnotherKind(found is null ? $"no {part}" : $"the {part} {found}", kind ?? "none");
    }

    private static int? UnknownIdOf(TokenizerFile file, JsonElement token, Dictionary<string, int> vocabulary)
    {
        if (token.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        string content = file.StringOf(token, "unk_token");
        return vocabulary.TryGetValue(content, out int id) ? id : throw file.Damaged($"the unknown token '{content}' is not in the vocabulary");
    }

    private static List<AddedToken> AddedTokensOf(TokenizerFile file, JsonElement list)
    {
        if (list.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return [];
        if (list.ValueKind != JsonValueKind.Array)
            throw file.Damaged($"added_tokens is {TokenizerFile.Describe(list)}, expected a list");
        var tokens = new List<AddedToken>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonElement entry in list.EnumerateArray())
        {
            AddedToken token = ReadAddedToken(file, entry, id: null);
            if (!seen.Add(token.Content))
                throw file.Damaged($"'{token.Content}' stands twice among the added tokens");
            tokens.Add(token);
        }
        return tokens;
    }

    /// <summary>"sep": ["&lt;/s&gt;", 2]</summary>
    private static string? TokenOf(TokenizerFile file, JsonElement postProcessor, string key)
    {
        if (postProcessor.ValueKind != JsonValueKind.Object)
            return null;
        if (!postProcessor.TryGetProperty(key, out JsonElement pair) || pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
            throw file.Damaged($"the post_processor's {key} is not a token and its id");
        return file.StringOf(pair[0], $"the post_processor's {key}");
    }

    private static int? MaxTokensOf(TokenizerFile file, JsonElement truncation)
    {
        if (truncation.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return null;
        if (truncation.ValueKind != JsonValueKind.Object || !truncation.TryGetProperty("max_length", out JsonElement length)
            || length.ValueKind != JsonValueKind.Number || !length.TryGetInt32(out int tokens) || tokens < PretrainedTokenizer.SpecialTokensOfPair)
            throw file.Damaged($"truncation is {TokenizerFile.Describe(truncation)}, expected an object with max_length, {PretrainedTokenizer.SpecialTokensOfPair} or more");
        return tokens;
    }
}
