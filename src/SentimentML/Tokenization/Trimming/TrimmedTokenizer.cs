using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SentimentML.Tokenization;

/// <summary>Writes a tokenizer's files with fewer tokens. Everything that they say of other things than tokens and ids stays as it is.</summary>
internal static class TrimmedTokenizer
{
    /// <summary>
    /// The files by name. tokenizer.json is among them; of the older files those that are lists of tokens in the order of their ids
    /// (vocab.txt; vocab.json with merges.txt of a byte-level vocabulary). SentencePiece's models are left out: tokenizer.json says the same.
    /// </summary>
    /// <param name="tokenizer">A tokenizer whose files have a tokenizer.json.</param>
    /// <param name="kept">The tokens that stay.</param>
    public static IReadOnlyDictionary<string, byte[]> Files(PretrainedTokenizer tokenizer, KeptTokens kept)
    {
        TokenModel model = tokenizer.Definition.Model;
        Dictionary<string, ReadOnlyMemory<byte>> originals = tokenizer.Files.ToDictionary(file => file.Name, file => file.Content, StringComparer.Ordinal);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [TokenizerReader.TokenizerJson] = TokenizerJson(originals[TokenizerReader.TokenizerJson], tokenizer, kept),
        };
        if (originals.TryGetValue(TokenizerReader.ConfigJson, out ReadOnlyMemory<byte> config))
            files.Add(TokenizerReader.ConfigJson, Config(config, kept));
        if (originals.TryGetValue(TokenizerReader.AddedTokensJson, out ReadOnlyMemory<byte> added))
            files.Add(TokenizerReader.AddedTokensJson, AddedTokens(added, kept));
        if (originals.TryGetValue(TokenizerReader.SpecialTokensMapJson, out ReadOnlyMemory<byte> map))
            files.Add(TokenizerReader.SpecialTokensMapJson, map.ToArray());
        if (model is WordPieceModel && originals.ContainsKey(TokenizerReader.VocabularyText) && Lines(model, kept) is { } lines)
            files.Add(TokenizerReader.VocabularyText, lines);
        if (model is BpeModel { Options.IsByteLevel: true } bpe && originals.ContainsKey(TokenizerReader.VocabularyJson)
            && originals.ContainsKey(TokenizerReader.MergesText))
        {
            files.Add(TokenizerReader.VocabularyJson, TokenizerWriter.Json(TokenizerWriter.Compact, json => Vocabulary(model, kept).WriteTo(json)).ToArray());
            files.Add(TokenizerReader.MergesText, Merges(bpe, tokenizer.Definition.Tokens, kept));
        }
        return files;
    }

    /// <summary>Gives the ids under keys such as "pad_token_id" their new values; of a token that does not stay, null.</summary>
    public static void RenumberTokenIds(JsonObject json, KeptTokens kept)
    {
        foreach (string key in json.Select(property => property.Key).Where(IsTokenId).ToArray())
            json[key] = Renumbered(json[key], kept);
    }

    /// <summary>The ids under keys such as "pad_token_id".</summary>
    public static IEnumerable<int> TokenIds(JsonObject json) => json.Where(property => IsTokenId(property.Key)).SelectMany(property => property.Value switch
    {
        JsonArray ids => ids.Select(Id),
        var id => [Id(id)],
    }).OfType<int>();

    private static bool IsTokenId(string key) => key.EndsWith("_token_id", StringComparison.Ordinal);

    private static int? Id(JsonNode? node) => node is JsonValue value && value.TryGetValue(out int id) ? id : null;

    private static JsonNode? Renumbered(JsonNode? node, KeptTokens kept) => node switch
    {
        JsonArray ids => new JsonArray([.. ids.Select(id => Renumbered(id, kept))]),
        _ => Id(node) is { } id ? kept.NewId(id) : node?.DeepClone(),
    };

    private static byte[] TokenizerJson(ReadOnlyMemory<byte> original, PretrainedTokenizer tokenizer, KeptTokens kept)
    {
        TokenModel model = tokenizer.Definition.Model;
        JsonObject root = Parse(original);
        if (root["added_tokens"] is JsonArray added)
        {
            foreach (JsonNode? token in added)
                token!["id"] = kept.NewId((int)token["id"]!);
        }
        if (root["padding"] is JsonObject padding && padding.ContainsKey("pad_id"))
            padding["pad_id"] = kept.NewId(tokenizer.PadTokenId);
        Renumber(root["post_processor"], kept);

        JsonObject json = root["model"]!.AsObject();
        if (json["vocab"] is JsonArray pieces)
        {
            json["vocab"] = new JsonArray([.. kept.OldIds.Where(id => id < pieces.Count).Select(id => pieces[id]!.DeepClone())]);
            json["unk_id"] = kept.NewId((int)json["unk_id"]!);
        }
        else
        {
            json["vocab"] = Vocabulary(model, kept);
        }
        if (model is BpeModel bpe)
        {
            JsonArray merges = json["merges"]!.AsArray();
            json["merges"] = new JsonArray([.. KeptMerges(bpe.Merges, kept).Select(rank => merges[rank]!.DeepClone())]);
        }
        return Write(root);
    }

    private static void Renumber(JsonNode? postProcessor, KeptTokens kept)
    {
        if (postProcessor is not JsonObject part)
            return;
        if (part["processors"] is JsonArray parts)
        {
            foreach (JsonNode? each in parts)
                Renumber(each, kept);
        }
        foreach (string key in (ReadOnlySpan<string>)["sep", "cls"])
        {
            if (part[key] is JsonArray pair)
                pair[1] = kept.NewId((int)pair[1]!);
        }
        if (part["special_tokens"] is JsonObject tokens)
        {
            foreach ((string name, JsonNode? token) in tokens.ToArray())
            {
                token!["ids"] = Renumbered(token["ids"], kept);
                if (token["ids"]!.AsArray().Contains(null)) // no template has it
                    tokens.Remove(name);
            }
        }
    }

    private static IEnumerable<int> KeptMerges(MergeTable merges, KeptTokens kept) => Enumerable.Range(0, merges.Count).Where(rank =>
        merges.PairOf(rank) is var (left, right) && kept.NewId(left) is not null && kept.NewId(right) is not null
            && kept.NewId(merges.MergedOf(rank)) is not null);

    private static JsonObject Vocabulary(TokenModel model, KeptTokens kept) =>
        new(Tokens(model, kept).Select(token => KeyValuePair.Create(token.Token, (JsonNode?)token.Id)));

    /// <summary>The model's tokens that stay, in the order of their ids.</summary>
    private static IEnumerable<(string Token, int Id)> Tokens(TokenModel model, KeptTokens kept) =>
        model.Vocabulary.Where(token => kept.NewId(token.Value) is not null).Select(token => (token.Key, kept.NewId(token.Value)!.Value))
            .OrderBy(token => token.Item2);

    /// <summary>vocab.txt; null where the ids of the model's tokens have gaps.</summary>
    private static byte[]? Lines(TokenModel model, KeptTokens kept)
    {
        (string Token, int Id)[] tokens = [.. Tokens(model, kept)];
        return tokens[^1].Id == tokens.Length - 1 ? Encoding.UTF8.GetBytes(string.Concat(tokens.Select(token => token.Token + "\n"))) : null;
    }

    private static byte[] Merges(BpeModel model, string?[] tokens, KeptTokens kept) => Encoding.UTF8.GetBytes("#version: 0.2\n" + string.Concat(
        KeptMerges(model.Merges, kept).Select(model.Merges.PairOf).Select(pair => $"{tokens[pair.Left]} {tokens[pair.Right]}\n")));

    private static byte[] Config(ReadOnlyMemory<byte> original, KeptTokens kept)
    {
        JsonObject root = Parse(original);
        RenumberTokenIds(root, kept);
        if (root["added_tokens_decoder"] is JsonObject tokens)
        {
            var renumbered = new JsonObject();
            foreach ((string key, JsonNode? token) in tokens)
            {
                if (kept.NewId(int.Parse(key, CultureInfo.InvariantCulture)) is { } id) // null for a token that a later id replaces
                    renumbered[id.ToString(CultureInfo.InvariantCulture)] = token?.DeepClone();
            }
            root["added_tokens_decoder"] = renumbered;
        }
        return Write(root);
    }

    private static byte[] AddedTokens(ReadOnlyMemory<byte> original, KeptTokens kept)
    {
        try
        {
            JsonObject tokens = TokenizerWriter.Parse(original) as JsonObject ?? throw new JsonException("The outermost value is not an object.");
            return Write(new JsonObject(
                tokens.Select(token => KeyValuePair.Create(token.Key, Renumbered(token.Value, kept))).Where(token => token.Value is not null)));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // The reader does not look into this file if tokenizer_config.json lists the added tokens.
            throw new ModelFileException(
                $"{TokenizerReader.AddedTokensJson} is damaged: {e.Message} Expected an object of tokens and their ids. Download the model again.", e);
        }
    }

    private static JsonObject Parse(ReadOnlyMemory<byte> original) => TokenizerWriter.Parse(original).AsObject();

    private static byte[] Write(JsonObject root) => TokenizerWriter.Json(TokenizerWriter.Indented, json => root.WriteTo(json)).ToArray();
}
