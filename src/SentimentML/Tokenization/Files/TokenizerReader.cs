using System.Globalization;
using System.Text.Json;
using SentimentML.Files;

namespace SentimentML.Tokenization;

/// <summary>
/// Reads a tokenizer's files as transformers does: tokenizer.json where it is there, else the files of older kinds
/// (vocab.txt; a SentencePiece model; vocab.json and merges.txt), and what tokenizer_config.json, special_tokens_map.json and
/// added_tokens.json say beside them.
/// </summary>
internal sealed class TokenizerReader
{
    public const string TokenizerJson = "tokenizer.json";
    public const string VocabularyJson = "vocab.json";
    public const string MergesText = "merges.txt";
    public const string VocabularyText = "vocab.txt";
    public const string SentencePieceShifted = "sentencepiece.bpe.model";
    public const string SpieceModel = "spiece.model";
    public const string TokenizerModel = "tokenizer.model";
    public const string ConfigJson = "tokenizer_config.json";
    public const string SpecialTokensMapJson = "special_tokens_map.json";
    public const string AddedTokensJson = "added_tokens.json";

    /// <summary>What a folder needs.</summary>
    public const string Expected = $"{TokenizerJson}, or {VocabularyText}, or {SentencePieceShifted}, or {VocabularyJson} and {MergesText}";

    /// <summary>In the order in which they are written.</summary>
    public static readonly IReadOnlyList<string> FileNames =
    [
        TokenizerJson, VocabularyJson, MergesText, VocabularyText, SentencePieceShifted, SpieceModel, TokenizerModel,
        ConfigJson, SpecialTokensMapJson, AddedTokensJson,
    ];

    /// <summary>The least that a file or an option may say of the most tokens: room for a pair's special tokens.</summary>
    public const int MinMaxTokens = 4;

    /// <summary>A length that is meant as "none" is written as 1e30 or Infinity.</summary>
    private const int LargestMaxTokens = 1_000_000;

    private static readonly BertNormalizerFlags DefaultBertFlags = new(CleanText: true, HandleChineseCharacters: true, StripAccents: null, Lowercase: true);

    private readonly string _location;
    private readonly Dictionary<string, TokenizerFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AddedToken> _added = new(StringComparer.Ordinal);
    private readonly JsonElement _config;
    private readonly JsonElement _specialTokensMap;
    private readonly TokenizerClass _class;

    private TokenizerReader(ModelFiles files)
    {
        _location = files.Location;
        foreach (string name in FileNames)
        {
            if (TokenizerFile.Find(files, name, isBinary: name.EndsWith(".model", StringComparison.Ordinal)) is { } file)
                _files.Add(name, file);
        }
        _config = ParseObject(ConfigJson);
        _specialTokensMap = ParseObject(SpecialTokensMapJson);
        _class = TokenizerClass.Of(_files.GetValueOrDefault(ConfigJson), _config, files);
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
        Source source = ReadSource();
        foreach (AddedToken token in source.AddedTokens)
            _added[token.Content] = token;
        ReadAddedTokens();
        SpecialTokens special = ReadSpecialTokens(source);
        string?[] tokens = TokensById(source);
        CheckTemplate(source, tokens);
        var added = new List<AddedToken>(_added.Values);
        added.Sort((a, b) => a.Id.CompareTo(b.Id));

        (PreTokenizer? preTokenizer, bool addPrefixSpace) = WithPrefixSpace(source.PreTokenizer, options.AddPrefixSpace);
        PostProcessor processor = source.PostProcessor.Processor;
        if (source.PostProcessor.TrimsOffsets)
        {
            processor = processor with
            {
                TrimOffsets = Flag(ConfigJson, _config, "trim_offsets") ?? processor.TrimOffsets,
                KeepsPrefixSpace = preTokenizer is ByteLevelPreTokenizer ? addPrefixSpace : processor.KeepsPrefixSpace,
            };
        }
        return new TokenizerDefinition
        {
            AddedTokens = added,
            Normalizer = source.Normalizer,
            PreTokenizer = preTokenizer,
            Model = source.Model,
            PostProcessor = processor,
            Decoder = source.Decoder,
            Tokens = tokens,
            Special = special,
            AddPrefixSpace = addPrefixSpace,
            SpecialTokensInText = options.SpecialTokensInText ?? !(Flag(ConfigJson, _config, "split_special_tokens") ?? false),
            MaxTokens = options.MaxTokens ?? MaxTokens("model_max_length") ?? MaxTokens("max_len"),
            KeepsEnd = KeepsEnd() ?? source.KeepsEnd,
        };
    }

    /// <summary>The parts as the vocabulary's file, or its kind, has them.</summary>
    private sealed record Source(TokenizerFile File, TokenModel Model)
    {
        public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

        public Normalizer? Normalizer { get; init; }

        public PreTokenizer? PreTokenizer { get; init; }

        public required PostProcessorPart PostProcessor { get; init; }

        public Decoder? Decoder { get; init; }

        public string? PadToken { get; init; }

        public bool KeepsEnd { get; init; }

        /// <summary>Whether the file lists all added tokens: a token that it does not list is not one.</summary>
        public bool ListsAddedTokens { get; init; }
    }

    private Source ReadSource()
    {
        if (_files.TryGetValue(TokenizerJson, out TokenizerFile? file))
            return FromTokenizerJson(file);
        if (_files.TryGetValue(VocabularyText, out file))
            return FromVocabularyText(_class.Is(TokenizerClass.Bert, file));
        if (_files.TryGetValue(SentencePieceShifted, out file))
            return FromSentencePiece(_class.Is([.. TokenizerClass.XlmRoberta, .. TokenizerClass.Camembert], file), isShifted: true);
        if (_files.TryGetValue(SpieceModel, out file) || _files.TryGetValue(TokenizerModel, out file))
            return FromSentencePiece(_class.Is(TokenizerClass.Albert, file), isShifted: false);
        if (_files.TryGetValue(VocabularyJson, out TokenizerFile? vocabulary) && _files.TryGetValue(MergesText, out TokenizerFile? merges))
            return FromVocabularyAndMerges(_class.Is(TokenizerClass.Roberta, vocabulary), merges);
        string found = _files.Count == 0 ? "none of a tokenizer's files" : string.Join(", ", _files.Keys);
        throw new ModelFileException($"{_location} holds no tokenizer: expected {Expected}; found {found}.");
    }

    private Source FromTokenizerJson(TokenizerFile file)
    {
        TokenizerJson json = Tokenization.TokenizerJson.Read(file);
        return new Source(file, json.Model)
        {
            AddedTokens = json.AddedTokens,
            Normalizer = json.BertFlags is { } flags ? FlagsOf(flags).Normalizer() : json.Normalizer,
            PreTokenizer = json.PreTokenizer,
            PostProcessor = json.PostProcessor,
            Decoder = json.Decoder,
            PadToken = json.PadToken,
            KeepsEnd = json.KeepsEnd,
            ListsAddedTokens = true,
        };
    }

    /// <summary>BERT's: WordPiece with its normalizer, which tokenizer_config.json describes.</summary>
    private Source FromVocabularyText(TokenizerFile file)
    {
        Dictionary<string, int> vocabulary = ModelReader.Lines(file);
        string unknown = Named("unk_token") ?? "[UNK]", cls = Named("cls_token") ?? "[CLS]", sep = Named("sep_token") ?? "[SEP]";
        foreach (string token in (ReadOnlySpan<string>)[unknown, cls, sep])
        {
            if (!vocabulary.ContainsKey(token))
                throw file.Damaged($"the vocabulary lacks '{token}'");
        }
        return new Source(file, new WordPieceModel(vocabulary, unknown, "##", 100))
        {
            Normalizer = WithConfig(DefaultBertFlags).Normalizer(),
            PreTokenizer = new BertPreTokenizer(),
            PostProcessor = new PostProcessorPart(
                PostProcessor.Bert(vocabulary[cls], vocabulary[sep]), [(cls, vocabulary[cls]), (sep, vocabulary[sep])], false),
            Decoder = new WordPieceDecoder("##", cleanup: true),
        };
    }

    /// <summary>
    /// BERT's classes set all flags of their normalizer, as tokenizer_config.json has them and else to their defaults, whatever tokenizer.json says;
    /// other classes leave it as tokenizer.json has it.
    /// </summary>
    private BertNormalizerFlags FlagsOf(BertNormalizerFlags flags) =>
        _class.IsOneOf(TokenizerClass.Bert) ? WithConfig(DefaultBertFlags with { CleanText = flags.CleanText }) : _class.IsUnknown ? WithConfig(flags) : flags;

    private BertNormalizerFlags WithConfig(BertNormalizerFlags flags) => flags with
    {
        Lowercase = Flag(ConfigJson, _config, "do_lower_case") ?? flags.Lowercase,
        HandleChineseCharacters = Flag(ConfigJson, _config, "tokenize_chinese_chars") ?? flags.HandleChineseCharacters,
        StripAccents = Tokenization.TokenizerJson.Part(_config, "strip_accents").ValueKind == JsonValueKind.Undefined
            ? flags.StripAccents : Flag(ConfigJson, _config, "strip_accents"),
    };

    /// <summary>
    /// A unigram model of SentencePiece. XLM-R's pieces have fairseq's ids: its four special tokens stand in front, so that a
    /// piece's id is one more than the file's, and &lt;mask&gt; is the last. CamemBERT's stand in front of all the file's pieces but its unknown one, so that
    /// a piece's id is four more, and the file's own &lt;s&gt; and &lt;/s&gt; are those that are used.
    /// </summary>
    private Source FromSentencePiece(TokenizerFile file, bool isShifted)
    {
        SentencePieceModel model = SentencePieceReader.Read(file);
        if (model.ModelType != 1)
            throw file.NotSupported($"a SentencePiece model of type {model.ModelType} (2 is BPE, 3 words, 4 characters)", "one of type 1, unigram");
        List<(string Piece, double Score)> pieces = model.Pieces;
        int unknown = model.UnknownId;
        var added = new List<AddedToken>();
        if (isShifted)
        {
            if (pieces.Count < 3)
                throw file.Damaged($"it has {pieces.Count} pieces, expected <unk>, <s>, </s> and others");
            bool isCamembert = _class.IsOneOf(TokenizerClass.Camembert);
            pieces = isCamembert
                ? [("<s>NOTUSED", 0), ("<pad>", 0), ("</s>NOTUSED", 0), ("<unk>", 0), ("<unk>NOTUSED", -100), .. pieces[1..], ("<mask>", 0)]
                : [("<s>", 0), ("<pad>", 0), ("</s>", 0), ("<unk>", 0), .. pieces[3..], ("<mask>", 0)];
            unknown = 3;
            added.AddRange(Enumerable.Range(0, isCamembert ? 7 : 4).Select(id => new AddedToken(pieces[id].Piece, id) { Special = true }));
            added.Add(new AddedToken("<mask>", pieces.Count - 1) { Special = true, LeftStrip = true });
        }
        else
        {
            for (int id = 0; id < pieces.Count; id++)
            {
                if (model.Types[id] is 2 or 3 or 4)
                    added.Add(new AddedToken(pieces[id].Piece, id) { Special = model.Types[id] != 4 });
            }
        }
        if (unknown < 0 || unknown >= pieces.Count)
            throw file.Damaged($"its unknown piece is number {unknown} of {pieces.Count}");

        Dictionary<string, int> vocabulary = Tokenization.TokenizerJson.VocabularyOf(pieces);
        bool isBert = !vocabulary.ContainsKey("<s>") && vocabulary.ContainsKey("[CLS]");
        string cls = Named("cls_token") ?? (isBert ? "[CLS]" : "<s>"), sep = Named("sep_token") ?? (isBert ? "[SEP]" : "</s>");
        if (!vocabulary.TryGetValue(cls, out int clsId) || !vocabulary.TryGetValue(sep, out int sepId))
            throw file.Damaged($"its pieces lack '{cls}' or '{sep}'");
        return new Source(file, new UnigramModel(vocabulary, pieces, unknown, model.ByteFallback))
        {
            AddedTokens = [.. added.GroupBy(token => token.Content, StringComparer.Ordinal).Select(same => same.Last())],
            Normalizer = SentencePieceNormalizer(file, model, isBert),
            PreTokenizer = new MetaspacePreTokenizer("▁", PrependScheme.Always, split: true),
            PostProcessor = new PostProcessorPart(
                isBert ? PostProcessor.Bert(clsId, sepId) : PostProcessor.Roberta(clsId, sepId), [(cls, clsId), (sep, sepId)], false),
            Decoder = new MetaspaceDecoder("▁", PrependScheme.Always),
        };
    }

    /// <summary>The model's own rules, and one space for several; ALBERT's quotation marks, accents and case before.</summary>
    private SequenceNormalizer SentencePieceNormalizer(TokenizerFile file, SentencePieceModel model, bool isAlbert)
    {
        var normalizers = new List<Normalizer>();
        if (isAlbert)
        {
            normalizers.Add(new ReplaceNormalizer(new StringPattern("``"), "\""));
            normalizers.Add(new ReplaceNormalizer(new StringPattern("''"), "\""));
            if (!(Flag(ConfigJson, _config, "keep_accents") ?? false))
                normalizers.AddRange([new UnicodeNormalizer(compatible: true, compose: false), new StripAccentsNormalizer()]);
            if (Flag(ConfigJson, _config, "do_lower_case") ?? true)
                normalizers.Add(new LowercaseNormalizer());
        }
        try
        {
            if (model.Rules.Length > 0)
                normalizers.Add(PrecompiledNormalizer.Read(model.Rules));
        }
        catch (FormatException e)
        {
            throw file.Damaged($"its normalization rules are damaged: {e.Message}", e);
        }
        normalizers.Add(new ReplaceNormalizer(RegexPattern.Of(" {2,}"), " "));
        return new SequenceNormalizer(normalizers);
    }

    /// <summary>RoBERTa's: byte-level BPE with GPT-2's words.</summary>
    private Source FromVocabularyAndMerges(TokenizerFile vocabularyFile, TokenizerFile mergesFile)
    {
        (Dictionary<string, int> vocabulary, MergeTable merges) = ModelReader.FromVocabularyAndMerges(vocabularyFile, mergesFile);
        string cls = Named("cls_token") ?? Named("bos_token") ?? "<s>", sep = Named("sep_token") ?? Named("eos_token") ?? "</s>";
        ReadAddedTokens();
        (string Token, int Id)[] special = [.. new[] { cls, sep }.Select(token => (token, _added.TryGetValue(token, out AddedToken? added) ? added.Id
            : vocabulary.TryGetValue(token, out int id) ? id : throw vocabularyFile.Damaged($"the vocabulary lacks '{token}'")))];
        return new Source(vocabularyFile, new BpeModel(vocabulary, merges, new BpeModelOptions { IsByteLevel = true }))
        {
            PreTokenizer = new ByteLevelPreTokenizer(addPrefixSpace: false, splitsWords: true),
            PostProcessor = new PostProcessorPart(
                PostProcessor.Roberta(special[0].Id, special[1].Id) with { TrimOffsets = true }, special, true),
            Decoder = new ByteLevelDecoder(),
        };
    }

    /// <summary>A byte-level or Metaspace pre-tokenizer that stands alone, with the space in front that an option or tokenizer_config.json says.</summary>
    private (PreTokenizer? PreTokenizer, bool AddPrefixSpace) WithPrefixSpace(PreTokenizer? preTokenizer, bool? option)
    {
        switch (preTokenizer)
        {
            case ByteLevelPreTokenizer byteLevel:
                bool addPrefixSpace = option ?? Flag(ConfigJson, _config, "add_prefix_space")
                    ?? (byteLevel.AddPrefixSpace && !_class.IsOneOf(TokenizerClass.WithoutPrefixSpace));
                return (addPrefixSpace == byteLevel.AddPrefixSpace ? byteLevel : new ByteLevelPreTokenizer(addPrefixSpace, byteLevel.SplitsWords),
                    addPrefixSpace);
            case MetaspacePreTokenizer metaspace:
                bool hasMark = option ?? metaspace.Scheme != PrependScheme.Never;
                PrependScheme scheme = hasMark == (metaspace.Scheme != PrependScheme.Never)
                    ? metaspace.Scheme
                    : hasMark
                    ? PrependScheme.Always
                    : PrependScheme.Never;
                return (metaspace.With(scheme), hasMark);
            default:
                return (preTokenizer, false);
        }
    }

    /// <summary>The special tokens of the templates are the vocabulary's.</summary>
    private static void CheckTemplate(Source source, string?[] tokens)
    {
        foreach ((string token, int id) in source.PostProcessor.Tokens)
        {
            if ((uint)id >= (uint)tokens.Length || tokens[id] != token)
                throw source.File.Damaged($"the post_processor's '{token}' has the id {id}, which is "
                    + $"{((uint)id < (uint)tokens.Length && tokens[id] is { } other ? $"'{other}'" : "not given out")} in the vocabulary");
        }
    }

    private JsonElement ParseObject(string name) =>
        _files.TryGetValue(name, out TokenizerFile? file) ? file.ParseObject() : default;

    private bool? Flag(string name, JsonElement element, string flag) =>
        _files.TryGetValue(name, out TokenizerFile? file) ? file.FlagOf(element, flag) : null;

    /// <summary>The most tokens, also as a text; null where no text would fit, such as -1, or what stands there is no number: it is then no limit.</summary>
    private int? MaxTokens(string name)
    {
        if (_config.ValueKind != JsonValueKind.Object || !_config.TryGetProperty(name, out JsonElement length) || length.ValueKind == JsonValueKind.Null)
            return null;
        string written = length.ValueKind == JsonValueKind.String ? _files[ConfigJson].StringOf(length, name) : length.GetRawText();
        return double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= MinMaxTokens and <= LargestMaxTokens
            ? (int)value : null;
    }

    /// <summary>Whether a text that is too long loses its beginning; null if tokenizer_config.json does not say it.</summary>
    private bool? KeepsEnd() =>
        Tokenization.TokenizerJson.Part(_config, "truncation_side") is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } side
            ? _files[ConfigJson].IsLeft(side, "truncation_side") : null;

    /// <summary>Tokens that tokenizer.json does not have, or that tokenizer_config.json has otherwise.</summary>
    private void ReadAddedTokens()
    {
        if (_config.ValueKind == JsonValueKind.Object && _config.TryGetProperty("added_tokens_decoder", out JsonElement decoder))
        {
            TokenizerFile file = _files[ConfigJson];
            if (decoder.ValueKind != JsonValueKind.Object)
                throw file.Damaged($"added_tokens_decoder is {TokenizerFile.Describe(decoder)}, expected an object of ids and tokens");
            foreach (JsonProperty entry in decoder.EnumerateObject())
            {
                string number = file.NameOf(entry, "added_tokens_decoder");
                if (!int.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out int id) || id < 0)
                    throw file.Damaged($"added_tokens_decoder has the id '{number}', expected a whole number");
                AddedToken token = Tokenization.TokenizerJson.ReadAddedToken(file, entry.Value, id);
                _added[token.Content] = token;
            }
        }
        else if (_files.TryGetValue(AddedTokensJson, out TokenizerFile? file))
        {
            foreach (JsonProperty entry in file.ParseObject().EnumerateObject())
            {
                string token = file.NameOf(entry, "the added tokens");
                if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || id < 0)
                    throw file.Damaged($"the id of '{token}' is {TokenizerFile.Describe(entry.Value)}, expected a whole number");
                _added.TryAdd(token, new AddedToken(token, id) { Normalized = true });
            }
        }
    }

    /// <summary>
    /// Which token has which part. special_tokens_map.json goes before tokenizer_config.json, and what either says of a
    /// token's manner (white space taken or not) holds only where no list of added tokens has it. A part that neither names is
    /// the template's, or the model's, or the usual one if the vocabulary has it.
    /// </summary>
    private SpecialTokens ReadSpecialTokens(Source source)
    {
        IReadOnlyList<(string Token, int Id)> template = source.PostProcessor.Tokens;
        int[] before = source.PostProcessor.Processor.Single.Before, after = source.PostProcessor.Processor.Single.After;
        string? first = before.Length > 0 ? template.First(token => token.Id == before[0]).Token : null;
        string? last = after.Length > 0 ? template.First(token => token.Id == after[^1]).Token : null;
        var special = new SpecialTokens
        {
            Bos = Usual(source, "<s>", "<bos>"),
            Eos = Usual(source, "</s>", "<eos>"),
            Unk = source.Model.UnknownToken ?? Usual(source, "<unk>", "[UNK]"),
            Sep = last ?? Usual(source, "</s>", "[SEP]", "<eos>"),
            Pad = source.PadToken ?? Usual(source, "<pad>", "[PAD]"),
            Cls = first ?? Usual(source, "<s>", "[CLS]", "<bos>"),
            Mask = Usual(source, "<mask>", "[MASK]"),
        };
        bool listed = _config.ValueKind == JsonValueKind.Object && _config.TryGetProperty("added_tokens_decoder", out _);
        foreach ((string key, string? usual) in special.ByKey)
        {
            AddedToken? token = (listed ? null : NamedToken(SpecialTokensMapJson, _specialTokensMap, key)) ?? NamedToken(ConfigJson, _config, key);
            string? content = token?.Content ?? usual;
            special = special.With(key, content);
            if (content is null)
                continue;
            if (_added.TryGetValue(content, out AddedToken? added))
            {
                if (token is not null || !source.ListsAddedTokens)
                    _added[content] = added with { Special = true };
            }
            else if ((token is not null || !source.ListsAddedTokens) && source.Model.TryGetId(content, out int id))
            {
                _added.Add(content, (token ?? new AddedToken(content, id)) with { Id = id, Special = true });
            }
            else if (token is not null)
            {
                Append(token, source.Model);
            }
        }
        ReadAdditionalTokens(SpecialTokensMapJson, _specialTokensMap, source.Model);
        ReadAdditionalTokens(ConfigJson, _config, source.Model);
        return special;
    }

    /// <summary>A special token to which no file gives an id gets the next one.</summary>
    private void Append(AddedToken token, TokenModel model)
    {
        int last = (model as UnigramModel)?.Pieces.Count - 1 ?? model.Vocabulary.Values.DefaultIfEmpty(-1).Max();
        foreach (AddedToken added in _added.Values)
            last = Math.Max(last, added.Id);
        _added.Add(token.Content, token with { Id = last + 1, Special = true });
    }

    private string? Usual(Source source, params ReadOnlySpan<string> tokens)
    {
        foreach (string token in tokens)
        {
            if (_added.ContainsKey(token) || source.Model.TryGetId(token, out _))
                return token;
        }
        return null;
    }

    /// <summary>What special_tokens_map.json or tokenizer_config.json calls a token; null where neither does.</summary>
    private string? Named(string key) => (NamedToken(SpecialTokensMapJson, _specialTokensMap, key) ?? NamedToken(ConfigJson, _config, key))?.Content;

    /// <summary>"cls_token": "&lt;s&gt;", or an object with the token's content and manner.</summary>
    private AddedToken? NamedToken(string name, JsonElement element, string key)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out JsonElement token) || token.ValueKind == JsonValueKind.Null)
            return null;
        TokenizerFile file = _files[name];
        if (token.ValueKind == JsonValueKind.Object)
            return Tokenization.TokenizerJson.ReadAddedToken(file, token, id: 0);
        return file.StringOf(token, key) is { Length: > 0 } content ? new AddedToken(content, 0) : null;
    }

    private void ReadAdditionalTokens(string name, JsonElement element, TokenModel model)
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
                    Append(token, model);
            }
        }
    }

    /// <summary>
    /// Turns the vocabulary round. No id may be given twice, and the ids may not go far beyond the tokens: a single
    /// absurd one would ask for a table, and for an embedding, of its size.
    /// </summary>
    private string?[] TokensById(Source source)
    {
        TokenModel model = source.Model;
        TokenizerFile file = source.File;
        int count = Math.Max(model.Vocabulary.Count, (model as UnigramModel)?.Pieces.Count ?? 0) + _added.Count;
        long limit = 2L * count + 1024;
        int highest = -1;
        foreach ((string token, int id) in model.Vocabulary)
            Check(token, id);
        foreach (AddedToken token in _added.Values)
            Check(token.Content, token.Id);

        var tokens = new string?[highest + 1];
        foreach ((string token, int id) in model.Vocabulary)
            Place(token, id);
        for (int id = 0; model is UnigramModel unigram && id < unigram.Pieces.Count; id++)
            tokens[id] = unigram.Pieces[id].Piece; // one that comes twice has two ids
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
                throw file.Damaged($"'{token}' has the id {id}, which is far beyond the {count} tokens there are");
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
