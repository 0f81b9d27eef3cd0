using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Files;

namespace SentimentML.Tokenization;

/// <summary>Writes a tokenizer's files as Hugging Face's libraries do.</summary>
internal static class TokenizerWriter
{
    public static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };
    public static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The files that were read, byte for byte but where an option says otherwise; of RoBERTa's kind (byte-level BPE and
    /// nothing before it), also those that were not there.
    /// </summary>
    public static IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> Files(
        TokenizerDefinition definition, IReadOnlyDictionary<string, TokenizerFile> originals, PretrainedTokenizerOptions options)
    {
        bool isRoberta = IsRoberta(definition, originals);
        var files = new List<(string, ReadOnlyMemory<byte>)>();
        foreach (string name in TokenizerReader.FileNames)
        {
            byte[]? original = originals.GetValueOrDefault(name)?.Content;
            ReadOnlyMemory<byte>? content = name switch
            {
                TokenizerReader.TokenizerJson when original is not null => WithPrefixSpace(original, definition, options),
                TokenizerReader.ConfigJson when original is not null || !isRoberta => WithOptions(original, options),
                _ when original is not null => original,
                _ when !isRoberta => null,
                TokenizerReader.TokenizerJson => TokenizerJson(definition),
                TokenizerReader.VocabularyJson => Vocabulary(definition),
                TokenizerReader.MergesText => Merges(definition),
                TokenizerReader.ConfigJson => Config(definition),
                TokenizerReader.SpecialTokensMapJson => SpecialTokensMap(definition),
                _ => null,
            };
            if (content is { } bytes)
                files.Add((name, bytes));
        }
        return files;
    }

    /// <summary>Whether vocab.json and merges.txt alone would be read as this tokenizer.</summary>
    private static bool IsRoberta(TokenizerDefinition definition, IReadOnlyDictionary<string, TokenizerFile> originals) =>
        definition is { Normalizer: null, PreTokenizer: ByteLevelPreTokenizer { SplitsWords: true },
            Model: BpeModel { Options: { UnknownToken: null, IgnoreMerges: false } } }
        && definition.PostProcessor.Pair.SpecialTokenCount == 4
        && !originals.ContainsKey(TokenizerReader.VocabularyText) && !originals.ContainsKey(TokenizerReader.SentencePieceShifted);

    private static ReadOnlyMemory<byte> Vocabulary(TokenizerDefinition definition) => Json(Compact, json => WriteVocabulary(json, (BpeModel)definition.Model));

    private static ReadOnlyMemory<byte> Merges(TokenizerDefinition definition)
    {
        var text = new StringBuilder("#version: 0.2\n");
        MergeTable merges = ((BpeModel)definition.Model).Merges;
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (int left, int right) = merges.PairOf(rank);
            text.Append(definition.Tokens[left]).Append(' ').Append(definition.Tokens[right]).Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static ReadOnlyMemory<byte> TokenizerJson(TokenizerDefinition definition) => Json(Indented, json =>
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        json.WriteStartArray("added_tokens");
        foreach (AddedToken token in definition.AddedTokens)
            WriteAddedToken(json, token, withId: true);
        json.WriteEndArray();
        json.WriteNull("normalizer");
        WriteByteLevel(json, "pre_tokenizer", definition.AddPrefixSpace, definition.PostProcessor.TrimOffsets);
        WritePostProcessor(json, definition);
        WriteByteLevel(json, "decoder", addPrefixSpace: true, trimOffsets: true);
        WriteModel(json, definition);
        json.WriteEndObject();
    });

    private static void WriteByteLevel(Utf8JsonWriter json, string name, bool addPrefixSpace, bool trimOffsets)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", addPrefixSpace);
        json.WriteBoolean("trim_offsets", trimOffsets);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private static void WritePostProcessor(Utf8JsonWriter json, TokenizerDefinition definition)
    {
        if (definition.Special is not { Sep: { } sep, Cls: { } cls })
        {
            json.WriteNull("post_processor");
            return;
        }
        json.WriteStartObject("post_processor");
        json.WriteString("type", "RobertaProcessing");
        foreach ((string name, string token) in (ReadOnlySpan<(string, string)>)[("sep", sep), ("cls", cls)])
        {
            json.WriteStartArray(name);
            json.WriteStringValue(token);
            json.WriteNumberValue(Array.IndexOf(definition.Tokens, token));
            json.WriteEndArray();
        }
        json.WriteBoolean("trim_offsets", definition.PostProcessor.TrimOffsets);
        json.WriteBoolean("add_prefix_space", definition.AddPrefixSpace);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, TokenizerDefinition definition)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        json.WriteNull("dropout");
        json.WriteNull("unk_token");
        json.WriteString("continuing_subword_prefix", "");
        json.WriteString("end_of_word_suffix", "");
        json.WriteBoolean("fuse_unk", false);
        json.WriteBoolean("byte_fallback", false);
        json.WriteBoolean("ignore_merges", false);
        json.WritePropertyName("vocab");
        WriteVocabulary(json, (BpeModel)definition.Model);
        json.WriteStartArray("merges");
        MergeTable merges = ((BpeModel)definition.Model).Merges;
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (int left, int right) = merges.PairOf(rank);
            json.WriteStartArray();
            json.WriteStringValue(definition.Tokens[left]);
            json.WriteStringValue(definition.Tokens[right]);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteVocabulary(Utf8JsonWriter json, BpeModel model)
    {
        json.WriteStartObject();
        foreach ((string token, int id) in model.Vocabulary.OrderBy(t => t.Value))
            json.WriteNumber(token, id);
        json.WriteEndObject();
    }

    /// <summary>With the manner of all tokens: without tokenizer.json, these are all that say it.</summary>
    private static ReadOnlyMemory<byte> Config(TokenizerDefinition definition) => Json(Indented, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("add_prefix_space", definition.AddPrefixSpace);
        json.WriteStartObject("added_tokens_decoder");
        foreach (AddedToken token in definition.AddedTokens)
        {
            json.WritePropertyName(token.Id.ToString(CultureInfo.InvariantCulture));
            WriteAddedToken(json, token, withId: false);
        }
        json.WriteEndObject();
        foreach ((string key, string content) in NamedTokens(definition))
            json.WriteString(key, content);
        json.WriteString("errors", "replace");
        if (definition.MaxTokens is { } maxTokens)
            json.WriteNumber("model_max_length", maxTokens);
        if (!definition.SpecialTokensInText)
            json.WriteBoolean("split_special_tokens", true);
        json.WriteString("tokenizer_class", "RobertaTokenizer");
        json.WriteBoolean("trim_offsets", definition.PostProcessor.TrimOffsets);
        if (definition.KeepsEnd)
            json.WriteString("truncation_side", "left");
        json.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> SpecialTokensMap(TokenizerDefinition definition) => Json(Indented, json =>
    {
        json.WriteStartObject();
        foreach ((string key, string content) in NamedTokens(definition))
        {
            json.WritePropertyName(key);
            WriteAddedToken(json, definition.AddedTokens.First(t => t.Content == content), withId: false, withSpecial: false);
        }
        json.WriteEndObject();
    });

    private static IEnumerable<(string Key, string Content)> NamedTokens(TokenizerDefinition definition) =>
        definition.Special.ByKey.Where(named => definition.AddedTokens.Any(t => t.Content == named.Content)).Select(named => (named.Key, named.Content!));

    private static void WriteAddedToken(Utf8JsonWriter json, AddedToken token, bool withId, bool withSpecial = true)
    {
        json.WriteStartObject();
        if (withId)
            json.WriteNumber("id", token.Id);
        json.WriteString("content", token.Content);
        json.WriteBoolean("single_word", token.SingleWord);
        json.WriteBoolean("lstrip", token.LeftStrip);
        json.WriteBoolean("rstrip", token.RightStrip);
        json.WriteBoolean("normalized", token.Normalized);
        if (withSpecial) // transformers 4 says it itself when it reads special_tokens_map.json, and not twice
            json.WriteBoolean("special", token.Special);
        json.WriteEndObject();
    }

    /// <summary>tokenizer.json as it was, or with the option's space in front where that is another.</summary>
    private static ReadOnlyMemory<byte> WithPrefixSpace(byte[] original, TokenizerDefinition definition, PretrainedTokenizerOptions options)
    {
        if (options.AddPrefixSpace is null)
            return original;
        JsonNode root = Parse(original);
        switch (definition.PreTokenizer)
        {
            case ByteLevelPreTokenizer when root["pre_tokenizer"]!["add_prefix_space"]?.GetValue<bool>() != definition.AddPrefixSpace:
                root["pre_tokenizer"]!["add_prefix_space"] = definition.AddPrefixSpace;
                if (root["post_processor"] is JsonObject postProcessor && postProcessor.ContainsKey("add_prefix_space"))
                    postProcessor["add_prefix_space"] = definition.AddPrefixSpace;
                break;
            case MetaspacePreTokenizer metaspace:
                JsonObject preTokenizer = root["pre_tokenizer"]!.AsObject();
                preTokenizer.Remove("add_prefix_space");
                preTokenizer["prepend_scheme"] = metaspace.Scheme switch { PrependScheme.Always => "always", PrependScheme.First => "first", _ => "never" };
                break;
            default:
                return original;
        }
        return Json(Indented, json => root.WriteTo(json));
    }

    /// <summary>tokenizer_config.json as it was, or with what the options say otherwise; null where there was none and nothing to say.</summary>
    private static ReadOnlyMemory<byte>? WithOptions(byte[]? original, PretrainedTokenizerOptions options)
    {
        if (options is { AddPrefixSpace: null, SpecialTokensInText: null, MaxTokens: null })
            return original is null ? (ReadOnlyMemory<byte>?)null : original;
        JsonNode root = original is null ? new JsonObject() : Parse(original);
        if (options.AddPrefixSpace is { } addPrefixSpace)
            root["add_prefix_space"] = addPrefixSpace;
        if (options.SpecialTokensInText is { } specialTokensInText)
            root["split_special_tokens"] = !specialTokensInText;
        if (options.MaxTokens is { } maxTokens)
            root["model_max_length"] = maxTokens;
        return Json(Indented, json => root.WriteTo(json));
    }

    public static JsonNode Parse(ReadOnlyMemory<byte> original) =>
        JsonNode.Parse(PythonJson.ToPlain(original.Span.StartsWith(Encoding.UTF8.Preamble) ? original[3..] : original).Span)!;

    public static ReadOnlyMemory<byte> Json(JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, options))
            write(json);
        return bytes.WrittenMemory;
    }
}
