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
        var json = new Utf8JsonReader(file.Text);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw file.Damaged("it is not a JSON object");
        BpeModel? model = null;
        var parts = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string key = KeyOf(file, ref json);
            if (!seen.Add(key))
                throw file.Damaged($"\"{key}\" stands twice");
            json.Read();
            if (key == "model")
                model = BpeModelReader.FromTokenizerJson(file, ref json);
            else
                parts[key] = JsonElement.ParseValue(ref json);
        }
        if (json.Read())
            throw file.Damaged("something follows the tokenizer");
        if (model is null)
            throw file.Damaged("it has no \"model\"");
        return Interpret(file, model, parts);
    }

    private static TokenizerJson Interpret(TokenizerFile file, BpeModel model, Dictionary<string, JsonElement> parts)
    {
        CheckKinds(file, parts);
        JsonElement preTokenizer = parts.GetValueOrDefault("pre_tokenizer"), postProcessor = parts.GetValueOrDefault("post_processor");
        return new TokenizerJson
        {
            Model = model,
            AddedTokens = AddedTokensOf(file, parts.GetValueOrDefault("added_tokens")),
            AddPrefixSpace = file.FlagOf(preTokenizer, "add_prefix_space") ?? true,
            TrimOffsets = file.FlagOf(postProcessor, "trim_offsets") ?? true,
            Cls = TokenOf(file, postProcessor, "cls"),
            Sep = TokenOf(file, postProcessor, "sep"),
            MaxTokens = MaxTokensOf(file, parts.GetValueOrDefault("truncation")),
        };
    }

    /// <summary>RoBERTa's parts and no others: a tokenizer that is nearly right gives answers that are nearly right.</summary>
    private static void CheckKinds(TokenizerFile file, Dictionary<string, JsonElement> parts)
    {
        Expect("normalizer", null);
        Expect("pre_tokenizer", "ByteLevel");
        Expect("post_processor", "RobertaProcessing", orNone: true);
        Expect("decoder", "ByteLevel", orNone: true);
        if (file.FlagOf(parts["pre_tokenizer"], "use_regex") == false)
            throw file.OfAnotherKind("the pre-tokenizer ByteLevel without its pattern (use_regex false)", "ByteLevel with it");

        void Expect(string part, string? kind, bool orNone = false)
        {
            JsonElement element = parts.GetValueOrDefault(part);
            string? found = element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null
                : element.ValueKind == JsonValueKind.Object && element.TryGetProperty("type", out JsonElement type) ? file.StringOf(type, $"{part}'s type")
                : throw file.Damaged($"{part} is {TokenizerFile.Describe(element)}, expected an object with \"type\"");
            if (found != kind && !(orNone && found is null))
                throw file.OfAnotherKind(found is null ? $"no {part}" : $"the {part} {found}", kind is null ? "none" : kind);
        }
    }

    private static AddedToken[] AddedTokensOf(TokenizerFile file, JsonElement list)
    {
        if (list.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return [];
        if (list.ValueKind != JsonValueKind.Array)
            throw file.Damaged($"added_tokens is {TokenizerFile.Describe(list)}, expected a list");
        AddedToken[] tokens = [.. list.EnumerateArray().Select(t => ReadAddedToken(file, t, id: null))];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (AddedToken token in tokens)
        {
            if (!seen.Add(token.Content))
                throw file.Damaged($"'{token.Content}' stands twice among the added tokens");
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
            || length.ValueKind != JsonValueKind.Number || !length.TryGetInt32(out int tokens) || tokens < RobertaTokenizer.SpecialTokensOfPair)
            throw file.Damaged($"truncation is {TokenizerFile.Describe(truncation)}, expected an object with max_length, {RobertaTokenizer.SpecialTokensOfPair} or more");
        return tokens;
    }

    private static string KeyOf(TokenizerFile file, ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException e) // an escape that is half of a surrogate pair
        {
            throw file.Damaged($"at byte {json.TokenStartIndex}: the key is not valid text", e);
        }
    }
}
