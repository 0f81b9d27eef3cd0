using System.Text.Json;

namespace SentimentML.Tokenization;

/// <summary>What tokenizer.json, the file of Hugging Face's tokenizers library, says.</summary>
internal sealed class TokenizerJson
{
    private TokenizerJson()
    {
    }

    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    public required Normalizer? Normalizer { get; init; }

    /// <summary>The normalizer's flags where it is BERT's.</summary>
    public required BertNormalizerFlags? BertFlags { get; init; }

    public required PreTokenizer? PreTokenizer { get; init; }

    public required TokenModel Model { get; init; }

    public required PostProcessorPart PostProcessor { get; init; }

    public required Decoder? Decoder { get; init; }

    public string? PadToken { get; init; }

    /// <summary>
    /// Whether a text that is too long loses its beginning, and not its end. The length in the same object is ignored, as in transformers, which sets
    /// its own at every call.
    /// </summary>
    public bool KeepsEnd { get; init; }

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
            if (!token.TryGetProperty("id", out JsonElement number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out int value)
                || value < 0)
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

    /// <summary>A part of the file; undefined where it is not there.</summary>
    public static JsonElement Part(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement part) ? part : default;

    private static TokenizerJson ReadObject(TokenizerFile file)
    {
        Dictionary<string, int>? vocabulary = null;
        List<(string Piece, double Score)>? pieces = null;
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
                bool isVocabulary = json.ValueTextEquals("vocab"u8) && vocabularyRange.Equals(default);
                bool isMerges = json.ValueTextEquals("merges"u8) && mergesRange.Equals(default);
                json.Read();
                int start = (int)json.TokenStartIndex;
                if (isVocabulary && json.TokenType == JsonTokenType.StartObject)
                {
                    vocabulary = ModelReader.Vocabulary(file, ref json);
                    vocabularyRange = start..(int)json.BytesConsumed;
                }
                else if (isVocabulary && json.TokenType == JsonTokenType.StartArray)
                {
                    pieces = ModelReader.Pieces(file, ref json);
                    vocabularyRange = start..(int)json.BytesConsumed;
                }
                else if (isMerges && json.TokenType == JsonTokenType.StartArray)
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
        JsonElement model = Part(root, "model");
        if (model.ValueKind != JsonValueKind.Object)
            throw file.Damaged("it has no \"model\" object");
        var parts = new ComponentReader(file);
        PreTokenizer? preTokenizer = parts.PreTokenizer(Part(root, "pre_tokenizer"));
        TokenModel tokens = ModelKind(file, model, vocabulary is not null, !mergesRange.Equals(default)) switch
        {
            "BPE" => Bpe(file, model, vocabulary, ref merges, !mergesRange.Equals(default), EndsByteLevel(file, preTokenizer)),
            "WordPiece" => WordPiece(file, model, vocabulary),
            "Unigram" => Unigram(file, model, pieces),
            "WordLevel" => WordLevel(file, model, vocabulary),
            string kind => throw file.NotSupported($"the model {kind}", "BPE, WordPiece, Unigram or WordLevel"),
        };
        if (tokens is not BpeModel && EndsByteLevel(file, preTokenizer))
            throw file.NotSupported("the pre_tokenizer ByteLevel with another model than BPE", "it with BPE");
        return new TokenizerJson
        {
            AddedTokens = AddedTokensOf(file, Part(root, "added_tokens")),
            Normalizer = parts.Normalizer(Part(root, "normalizer")),
            BertFlags = parts.BertFlags(Part(root, "normalizer")),
            PreTokenizer = preTokenizer,
            Model = tokens,
            PostProcessor = parts.PostProcessor(Part(root, "post_processor")),
            Decoder = parts.Decoder(Part(root, "decoder")),
            PadToken = Part(Part(root, "padding"), "pad_token") is { ValueKind: JsonValueKind.String } pad
                ? file.StringOf(pad, "the padding's pad_token") : null,
            KeepsEnd = Part(Part(root, "truncation"), "direction") is { ValueKind: not JsonValueKind.Undefined } side
                && file.IsLeft(side, "the truncation's direction"),
        };
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

    /// <summary>The model's type. Old files name none: with merges it is BPE, with a list of pieces Unigram.</summary>
    private static string ModelKind(TokenizerFile file, JsonElement model, bool hasVocabulary, bool hasMerges)
    {
        if (Part(model, "type") is { ValueKind: not JsonValueKind.Undefined } type)
            return file.StringOf(type, "model's type");
        return hasMerges ? "BPE" : hasVocabulary ? "WordPiece" : "Unigram";
    }

    /// <summary>Whether the model's characters are the bytes of the byte-level alphabet; they must not be cut any more.</summary>
    private static bool EndsByteLevel(TokenizerFile file, PreTokenizer? preTokenizer)
    {
        PreTokenizer[] parts = preTokenizer is null ? [] : [.. Flat(preTokenizer)];
        int at = Array.FindIndex(parts, part => part is ByteLevelPreTokenizer);
        return at >= 0 && (at == parts.Length - 1 ? true : throw file.NotSupported("the pre_tokenizer ByteLevel before another", "it as the last"));
    }

    private static IEnumerable<PreTokenizer> Flat(PreTokenizer preTokenizer) =>
        preTokenizer is SequencePreTokenizer sequence ? sequence.Parts.SelectMany(Flat) : [preTokenizer];

    private static BpeModel Bpe(
        TokenizerFile file, JsonElement model, Dictionary<string, int>? vocabulary, ref Utf8JsonReader merges, bool hasMerges, bool isByteLevel)
    {
        if (vocabulary is null)
            throw file.Damaged("\"model\" has no \"vocab\" object");
        if (!hasMerges)
            throw file.Damaged("\"model\" has no \"merges\" list");
        if (Part(model, "dropout") is { ValueKind: JsonValueKind.Number } dropout && dropout.TryGetDouble(out double probability) && probability != 0)
            throw file.NotSupported($"a BPE model with dropout {TokenizerFile.Describe(dropout)}", "none");
        string prefix = TextOf(file, model, "continuing_subword_prefix") ?? "";
        var options = new BpeModelOptions
        {
            IsByteLevel = isByteLevel,
            UnknownToken = UnknownTokenOf(file, model, vocabulary),
            FuseUnknown = file.FlagOf(model, "fuse_unk") ?? false,
            ByteFallback = file.FlagOf(model, "byte_fallback") ?? false,
            IgnoreMerges = file.FlagOf(model, "ignore_merges") ?? false,
            ContinuingPrefix = prefix,
            EndSuffix = TextOf(file, model, "end_of_word_suffix") ?? "",
        };
        bool hasAffix = prefix.Length + options.EndSuffix.Length > 0;
        if (hasAffix && isByteLevel)
            throw file.NotSupported("a byte-level BPE model with continuing_subword_prefix or end_of_word_suffix", "one without");
        if (hasAffix && options.ByteFallback)
            throw file.NotSupported("a BPE model with byte_fallback and continuing_subword_prefix or end_of_word_suffix", "one of them");
        var bpe = new BpeModel(vocabulary, ModelReader.Merges(file, ref merges, vocabulary, prefix.Length), options);
        if (isByteLevel && options.ByteFallback && !bpe.HasAllBytes)
            throw file.NotSupported("a byte-level BPE model with byte_fallback whose vocabulary lacks bytes", "a vocabulary with all 256");
        return bpe;
    }

    private static WordPieceModel WordPiece(TokenizerFile file, JsonElement model, Dictionary<string, int>? vocabulary)
    {
        if (vocabulary is null)
            throw file.Damaged("\"model\" has no \"vocab\" object");
        string unknown = UnknownTokenOf(file, model, vocabulary) ?? throw file.Damaged("the WordPiece model has no unk_token");
        int maxCharacters = 100;
        if (Part(model, "max_input_chars_per_word") is { ValueKind: not JsonValueKind.Undefined } max
            && (max.ValueKind != JsonValueKind.Number || !max.TryGetInt32(out maxCharacters) || maxCharacters is < 0 or > WordPieceModel.MaxWordCharacters))
            throw file.Damaged($"max_input_chars_per_word is {TokenizerFile.Describe(max)}, expected 0 to {WordPieceModel.MaxWordCharacters}");
        return new WordPieceModel(vocabulary, unknown, TextOf(file, model, "continuing_subword_prefix") ?? "##", maxCharacters);
    }

    private static WordLevelModel WordLevel(TokenizerFile file, JsonElement model, Dictionary<string, int>? vocabulary)
    {
        if (vocabulary is null)
            throw file.Damaged("\"model\" has no \"vocab\" object");
        return new WordLevelModel(
            vocabulary, UnknownTokenOf(file, model, vocabulary) ?? throw file.Damaged("the WordLevel model has no unk_token"));
    }

    private static UnigramModel Unigram(TokenizerFile file, JsonElement model, List<(string Piece, double Score)>? pieces)
    {
        if (pieces is null)
            throw file.Damaged("\"model\" has no \"vocab\" list of pieces and scores");
        JsonElement id = Part(model, "unk_id");
        if (id.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            throw file.NotSupported("a Unigram model without unk_id", "one with an unknown token");
        if (id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out int unknown) || unknown < 0 || unknown >= pieces.Count)
            throw file.Damaged($"unk_id is {TokenizerFile.Describe(id)}, expected the id of one of the {pieces.Count} pieces");
        return new UnigramModel(VocabularyOf(pieces), pieces, unknown, file.FlagOf(model, "byte_fallback") ?? false);
    }

    /// <summary>The pieces' ids; of a piece that comes twice, the last.</summary>
    public static Dictionary<string, int> VocabularyOf(List<(string Piece, double Score)> pieces)
    {
        var vocabulary = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        for (int id = 0; id < pieces.Count; id++)
            vocabulary[pieces[id].Piece] = id;
        return vocabulary;
    }

    private static string? TextOf(TokenizerFile file, JsonElement element, string name) =>
        Part(element, name) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } text ? file.StringOf(text, name) : null;

    private static string? UnknownTokenOf(TokenizerFile file, JsonElement model, Dictionary<string, int> vocabulary)
    {
        string? token = TextOf(file, model, "unk_token");
        return token is null || vocabulary.ContainsKey(token) ? token : throw file.Damaged($"the unknown token '{token}' is not in the vocabulary");
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
}
