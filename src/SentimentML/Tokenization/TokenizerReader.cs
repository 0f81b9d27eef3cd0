using System.Text.Json;
using SentimentML.Backbones;
using SentimentML.Files;

namespace SentimentML.Tokenization;

/// <summary>
/// Reads a tokenizer's files as transformers does: tokenizer.json where it is there, else vocab.json and merges.txt;
/// tokenizer_config.json goes before what tokenizer.json says of spaces and lengths.
/// </summary>
internal sealed class TokenizerReader
{
    public const string TokenizerJson = "tokenizer.json";
    public const string VocabularyJson = "vocab.json";
    public const string MergesText = "merges.txt";
    public const string ConfigJson = "tokenizer_config.json";
    public const string SpecialTokensMapJson = "special_tokens_map.json";
    public const string AddedTokensJson = "added_tokens.json";

    /// <summary>In the order in which they are written.</summary>
    public static readonly IReadOnlyList<string> FileNames =
        [TokenizerJson, VocabularyJson, MergesText, ConfigJson, SpecialTokensMapJson, AddedTokensJson];

    private const int DefaultMaxTokens = 512;

    /// <summary>A length that is meant as "none" is written as 1e30.</summary>
    private const int LargestMaxTokens = 1_000_000;

    private readonly string _location;
    private readonly Dictionary<string, TokenizerFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AddedToken> _added = new(StringComparer.Ordinal);
    private readonly JsonElement _config;
    private readonly JsonElement _specialTokensMap;

    private TokenizerReader(ModelFiles files)
    {
        _location = files.Location;
        foreach (string name in FileNames)
        {
            if (TokenizerFile.Find(files, name) is { } file)
                _files.Add(name, file);
        }
        _config = ParseObject(ConfigJson);
        _specialTokensMap = ParseObject(SpecialTokensMapJson);
    }

    /// <summary>Reads and checks the files. What the options say goes before what the files say.</summary>
    /// <returns>The tokenizer, and the files by name.</returns>
    public static (TokenizerDefinition Definition, IReadOnlyDictionary<string, TokenizerFile> Files) Read(ModelFiles files, PretrainedTokenizerOptions options)
    {
        var reader = new TokenizerReader(files);
        return (reader.Read(options), reader._files);
    }

    private TokenizerDefinition Read(PretrainedTokenizerOptions options)
    {
        TokenizerJson? json = _files.TryGetValue(TokenizerJson, out TokenizerFile? file) ? Tokenization.TokenizerJson.Read(file) : null;
        BpeModel model = json?.Model ?? ReadVocabularyAndMerges();
        foreach (AddedToken token in json?.AddedTokens ?? [])
            _added[token.Content] = token;
        ReadAddedTokens(model);
        SpecialTokens special = ReadSpecialTokens(json, model);
        var added = new List<AddedToken>(_added.Values);
        added.Sort((a, b) => a.Id.CompareTo(b.Id));
        return new TokenizerDefinition
        {
            Model = model,
            AddedTokens = added,
            Tokens = TokensById(model),
            Special = special,
            AddPrefixSpace = options.AddPrefixSpace ?? Flag(ConfigJson, _config, "add_prefix_space") ?? json?.AddPrefixSpace ?? false,
            TrimOffsets = Flag(ConfigJson, _config, "trim_offsets") ?? json?.TrimOffsets ?? true,
            SpecialTokensInText = options.SpecialTokensInText ?? !(Flag(ConfigJson, _config, "split_special_tokens") ?? false),
            MaxTokens = options.MaxTokens ?? MaxTokens("model_max_length") ?? MaxTokens("max_len") ?? json?.MaxTokens ?? DefaultMaxTokens,
        };
    }

    private BpeModel ReadVocabularyAndMerges()
    {
        if (_files.TryGetValue(VocabularyJson, out TokenizerFile? vocabulary) && _files.TryGetValue(MergesText, out TokenizerFile? merges))
            return BpeModelReader.FromVocabularyAndMerges(vocabulary, merges);
        string found = _files.Count == 0 ? "none of a tokenizer's files" : string.Join(", ", _files.Keys);
        throw new SentimentMLException($"{_location} holds no tokenizer: expected {TokenizerJson}, or {VocabularyJson} and {MergesText}; found {found}.");
    }

    private JsonElement ParseObject(string name) =>
        _files.TryGetValue(name, out TokenizerFile? file) ? file.ParseObject() : default;

    private bool? Flag(string name, JsonElement element, string flag) =>
        _files.TryGetValue(name, out TokenizerFile? file) ? file.FlagOf(element, flag) : null;

    private int? MaxTokens(string name)
    {
        if (_config.ValueKind != JsonValueKind.Object || !_config.TryGetProperty(name, out JsonElement length) || length.ValueKind == JsonValueKind.Null)
            return null;
        if (length.ValueKind != JsonValueKind.Number || !length.TryGetDouble(out double value) || value < PretrainedTokenizer.SpecialTokensOfPair)
            throw _files[ConfigJson].Damaged($"{name} is {TokenizerFile.Describe(length)}, expected a count of tokens, {PretrainedTokenizer.SpecialTokensOfPair} or more");
        return value <= LargestMaxTokens ? (int)value : null;
    }

    /// <summary>Tokens that tokenizer.json does not have, or that tokenizer_config.json has otherwise.</summary>
    private void ReadAddedTokens(BpeModel model)
    {
        if (_config.ValueKind == JsonValueKind.Object && _config.TryGetProperty("added_tokens_decoder", out JsonElement decoder))
        {
            TokenizerFile file = _files[ConfigJson];
            if (decoder.ValueKind != JsonValueKind.Object)
                throw file.Damaged($"added_tokens_decoder is {TokenizerFile.Describe(decoder)}, expected an object of ids and tokens");
            foreach (JsonProperty entry in decoder.EnumerateObject())
            {
                if (!int.TryParse(entry.Name, System.Globalization.CultureInfo.InvariantCulture, out int id) || id < 0)
                    throw file.Damaged($"added_tokens_decoder has the id '{entry.Name}', expected a whole number");
                AddedToken token = Tokenization.TokenizerJson.ReadAddedToken(file, entry.Value, id);
                _added[token.Content] = token;
            }
        }
        else if (_files.TryGetValue(AddedTokensJson, out TokenizerFile? file))
        {
            foreach (JsonProperty entry in file.ParseObject().EnumerateObject())
            {
                if (!entry.Value.TryGetInt32(out int id) || id < 0)
                    throw file.Damaged($"the id of '{entry.Name}' is {TokenizerFile.Describe(entry.Value)}, expected a whole number");
                _added.TryAdd(entry.Name, new AddedToken(entry.Name, id) { Normalized = true });
            }
        }
    }

    /// <summary>
    /// Which token has which part. special_tokens_map.json goes before tokenizer_config.json, and what either says of a
    /// token's manner (white space taken or not) holds only where no list of added tokens has it.
    /// </summary>
    private SpecialTokens ReadSpecialTokens(TokenizerJson? json, BpeModel model)
    {
        var special = new SpecialTokens();
        if (json?.Cls is { } cls && json.Sep is { } sep)
            special = special with { Bos = cls, Cls = cls, Eos = sep, Sep = sep };
        bool listed = _config.ValueKind == JsonValueKind.Object && _config.TryGetProperty("added_tokens_decoder", out _);
        foreach ((string key, string fallback) in special.ByKey)
        {
            AddedToken? token = (listed ? null : NamedToken(SpecialTokensMapJson, _specialTokensMap, key)) ?? NamedToken(ConfigJson, _config, key);
            string content = token?.Content ?? fallback;
            special = special.With(key, content);
            if (_added.TryGetValue(content, out AddedToken? added))
                _added[content] = added with { Special = true };
            else if (model.TryGetId(content, out int id))
                _added.Add(content, (token ?? new AddedToken(content, id)) with { Id = id, Special = true });
        }
        ReadAdditionalTokens(SpecialTokensMapJson, _specialTokensMap, model);
        ReadAdditionalTokens(ConfigJson, _config, model);
        return special;
    }

    /// <summary>"cls_token": "&lt;s&gt;", or an object with the token's content and manner.</summary>
    private AddedToken? NamedToken(string name, JsonElement element, string key)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out JsonElement token) || token.ValueKind == JsonValueKind.Null)
            return null;
        TokenizerFile file = _files[name];
        if (token.ValueKind == JsonValueKind.Object)
            return Tokenization.TokenizerJson.ReadAddedToken(file, token, id: 0);
        string content = file.StringOf(token, key);
        return content.Length > 0 ? new AddedToken(content, 0) : throw file.Damaged($"{key} is empty");
    }

    private void ReadAdditionalTokens(string name, JsonElement element, BpeModel model)
    {
        foreach (string key in (ReadOnlySpan<string>)["additional_special_tokens", "extra_special_tokens"])
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
                continue;
            TokenizerFile file = _files[name];
            foreach (JsonElement entry in list.EnumerateArray())
            {
                AddedToken token = entry.ValueKind == JsonValueKind.Object
                    ? Tokenization.TokenizerJson.ReadAddedToken(file, entry, id: 0)
                    : new AddedToken(file.StringOf(entry, key), 0);
                if (_added.TryGetValue(token.Content, out AddedToken? added))
                    _added[token.Content] = added with { Special = true };
                else if (model.TryGetId(token.Content, out int id))
                    _added.Add(token.Content, token with { Id = id, Special = true });
                else
                    throw file.Damaged($"{key} has '{token.Content}', to which no file gives an id");
            }
        }
    }

    /// <summary>
    /// Turns the vocabulary round. No id may be given twice, and the ids may not go far beyond the tokens: a single
    /// absurd one would ask for a table, and for an embedding, of its size.
    /// </summary>
    private string?[] TokensById(BpeModel model)
    {
        TokenizerFile file = _files.GetValueOrDefault(TokenizerJson) ?? _files[VocabularyJson];
        long limit = 2L * (model.Vocabulary.Count + _added.Count) + 1024;
        int highest = -1;
        foreach ((string token, int id) in model.Vocabulary)
            Check(token, id);
        foreach (AddedToken token in _added.Values)
            Check(token.Content, token.Id);

        var tokens = new string?[highest + 1];
        foreach ((string token, int id) in model.Vocabulary)
            Place(token, id);
        foreach (AddedToken token in _added.Values)
        {
            if (model.TryGetId(token.Content, out int id) && id != token.Id)
                throw file.Damaged($"'{token.Content}' has the id {id} in the vocabulary and {token.Id} as an added token");
            Place(token.Content, token.Id);
        }
        return tokens;

        void Check(string token, int id)
        {
            if (id >= limit)
                throw file.Damaged($"'{token}' has the id {id}, which is far beyond the {model.Vocabulary.Count + _added.Count} tokens there are");
            highest = Math.Max(highest, id);
        }

        void Place(string token, int id)
        {
            if (tokens[id] is { } other && other != token)
                throw file.Damaged($"the id {id} is given to '{other}' and to '{token}'");
            tokens[id] = token;
        }
    }
}
