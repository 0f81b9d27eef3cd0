using SentimentML.Files;
using SentimentML.Tokenization;
using Tokenizer = Microsoft.ML.Tokenizers.Tokenizer;

namespace SentimentML;

/// <summary>
/// The tokenizer of a pretrained model, equal to huggingface/tokenizers: WordPiece, unigram and byte-pair encoding over
/// characters or bytes, with their normalizers, pre-tokenizers, templates and decoders. It reads tokenizer.json, or the older
/// files vocab.txt, sentencepiece.bpe.model, or vocab.json and merges.txt, and never changes afterwards: any number of threads
/// may use one at once.
/// </summary>
/// <remarks>
/// Which method to take: <see cref="EncodeTo"/> writes into a buffer of the
/// caller's and allocates nothing once the words are known; <see cref="EncodeBatch"/> uses all cores;
/// <see cref="Encode"/> also says where each token comes from. A lone surrogate in a text, which the
/// reference rejects, is read as U+FFFD.
/// <para>
/// A text goes the way that it goes in huggingface/tokenizers: added tokens are taken out, the rest is normalized and cut into
/// words, the model cuts words into tokens, and a template puts special tokens around them. Each part is chosen by what the
/// files say, not by the kind of network; an unknown part is rejected by its name. How the parts do it is not the
/// reference's: words are cut by hand where it uses regular expressions, and the last ones are kept.
/// </para>
/// </remarks>
public sealed partial class PretrainedTokenizer
{
    private const int DefaultMaxTokens = 512;

    private readonly TokenizerDefinition _definition;
    private readonly AddedTokenMatcher? _asWritten; // looks through a text before it is normalized
    private readonly AddedTokenMatcher? _normalized; // and after
    private readonly ByteLevelPreTokenizer? _gpt2; // where it is all that is done before the model
    private readonly bool _needsOffsets;
    private readonly Dictionary<string, int> _addedIds = new(StringComparer.Ordinal);
    private readonly HashSet<int> _specialIds = [];
    private readonly Dictionary<int, string> _normalizedContents = []; // of added tokens that are normalized
    private readonly Lazy<IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)>> _files;
    private readonly string _location;

    private PretrainedTokenizer(TokenizerDefinition definition, Func<IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)>> files, string location)
    {
        _definition = definition;
        _location = location;
        _files = new Lazy<IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)>>(files);
        foreach (AddedToken token in definition.AddedTokens)
        {
            _addedIds.Add(token.Content, token.Id);
            if (token.Special)
                _specialIds.Add(token.Id);
        }
        _asWritten = Matcher(definition.AddedTokens.Where(token => !token.Normalized));
        foreach (AddedToken token in definition.AddedTokens.Where(token => token.Normalized))
            _normalizedContents.Add(token.Id, definition.Normalizer?.Normalize(token.Content) ?? token.Content);
        _normalized = Matcher(definition.AddedTokens.Where(token => token.Normalized).Select(token => token with { Content = _normalizedContents[token.Id] }));
        if (definition is { Normalizer: null, PreTokenizer: ByteLevelPreTokenizer { SplitsWords: true } gpt2 } && _normalized is null)
            _gpt2 = gpt2;
        _needsOffsets = definition.PreTokenizer?.NeedsOffsets ?? false;
        ClsTokenId = IdOf(definition.Special.Cls, "cls_token", location);
        SepTokenId = IdOf(definition.Special.Sep, "sep_token", location);
        PadTokenId = IdOf(definition.Special.Pad, "pad_token", location)
            ?? throw new ModelFileException(
                $"{location}: the tokenizer has no token to fill rows with. Name it as \"pad_token\" in {TokenizerReader.ConfigJson}, or get the files again.");
        UnkTokenId = IdOf(definition.Special.Unk, "unk_token", location);
        MaskTokenId = IdOf(definition.Special.Mask, "mask_token", location);
    }

    /// <summary>The id of the token that every input begins with (<c>&lt;s&gt;</c>, <c>[CLS]</c>); null where the tokenizer has none.</summary>
    public int? ClsTokenId { get; }

    /// <summary>The id of the token that ends and separates texts (<c>&lt;/s&gt;</c>, <c>[SEP]</c>); null where the tokenizer has none.</summary>
    public int? SepTokenId { get; }

    /// <summary>The id that fills a batch's shorter rows (<c>&lt;pad&gt;</c>, <c>[PAD]</c>).</summary>
    public int PadTokenId { get; }

    /// <summary>The id of the unknown token (<c>&lt;unk&gt;</c>, <c>[UNK]</c>); null where the vocabulary has none.</summary>
    public int? UnkTokenId { get; }

    /// <summary>The id of the token to be guessed (<c>&lt;mask&gt;</c>, <c>[MASK]</c>); null where the vocabulary has none.</summary>
    public int? MaskTokenId { get; }

    /// <summary>The highest id plus one: how many rows an embedding of these tokens needs.</summary>
    public int VocabularySize => _definition.Tokens.Length;

    /// <summary>
    /// The most tokens of one input, special tokens included, where a call does not say otherwise: as the files say, else 512. A model whose files
    /// do not say it takes as many as its network has positions for.
    /// </summary>
    public int MaxTokens => StatedMaxTokens ?? DefaultMaxTokens;

    /// <summary>How many tokens the network that this tokenizer is for has vectors for: one beyond them may not stand in a text.</summary>
    private int NetworkTokens { get; init; } = int.MaxValue;

    /// <summary>Whether a text that is too long loses its beginning, as the files say; else it loses its end.</summary>
    private bool KeepsEnd => _definition.KeepsEnd;

    internal int? StatedMaxTokens => _definition.MaxTokens;

    internal TokenizerDefinition Definition => _definition;

    /// <summary>Whether a space is put in front of text that does not begin with one.</summary>
    public bool AddPrefixSpace => _definition.AddPrefixSpace;

    /// <summary>Reads the tokenizer in a model's folder: tokenizer.json, or the older files of its kind, and what lies beside them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">What to do differently from what the files say; null for nothing.</param>
    /// <returns>The tokenizer. It does not need the folder any more.</returns>
    /// <exception cref="ModelFileException">A file is missing, cannot be read, is damaged, or has a part that is not supported.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options' MaxTokens is too small for any text.</exception>
    public static PretrainedTokenizer FromFolder(string folder, PretrainedTokenizerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
            throw new ModelFileException($"The folder {Path.GetFullPath(folder)} does not exist. Expected a model's folder with {TokenizerReader.Expected}.");
        return Load(ModelFiles.InFolder(folder), options);
    }

    /// <inheritdoc cref="FromFolder"/>
    internal static PretrainedTokenizer Load(ModelFiles files, PretrainedTokenizerOptions? options = null)
    {
        options ??= new PretrainedTokenizerOptions();
        if (options.MaxTokens is { } maxTokens)
            ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, TokenizerReader.MinMaxTokens, "options.MaxTokens");
        (TokenizerDefinition definition, IReadOnlyDictionary<string, TokenizerFile> originals) = TokenizerReader.Read(files, options);
        return new PretrainedTokenizer(definition, () => TokenizerWriter.Files(definition, originals, options), files.Location);
    }

    /// <summary>This tokenizer for a network with fewer tokens: a text that uses one of the others is refused.</summary>
    /// <param name="networkTokens">The tokens that the network has vectors for.</param>
    /// <returns>Null if each text uses one of the others.</returns>
    internal PretrainedTokenizer? For(int networkTokens)
    {
        if (VocabularySize <= networkTokens)
            return this;
        bool isUsable = !_definition.PostProcessor.Single.Parts.Concat(_definition.PostProcessor.Pair.Parts)
            .Any(part => part.SpecialTokens.Any(id => id >= networkTokens));
        return isUsable ? new PretrainedTokenizer(_definition, () => _files.Value, _location) { NetworkTokens = networkTokens } : null;
    }

    /// <summary>
    /// This tokenizer for code that takes Microsoft.ML.Tokenizers' abstraction: it tokenizes a text alone, without
    /// the special tokens that the network wants around it.
    /// </summary>
    public Tokenizer ToMicrosoftTokenizer() => new TokenizerAdapter(this);

    /// <summary>The id of a token as the vocabulary writes it ('Ġbueno', '##mente', '▁muy'), or null when there is none.</summary>
    /// <param name="token">The token.</param>
    public int? TokenToId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _addedIds.TryGetValue(token, out int id) || _definition.Model.TryGetId(token, out id) ? id : null;
    }

    /// <summary>A token as the vocabulary writes it ('Ġbueno', '##mente', '▁muy'), or null where the id is not given out.</summary>
    /// <param name="id">The token's id.</param>
    public string? IdToToken(int id) => (uint)id < (uint)_definition.Tokens.Length ? _definition.Tokens[id] : null;

    /// <summary>Whether an id is a special token's: one that is no text.</summary>
    /// <param name="id">The token's id.</param>
    public bool IsSpecial(int id) => _specialIds.Contains(id);

    /// <summary>Puts the text of tokens together again. Bytes that are not whole characters become U+FFFD.</summary>
    /// <param name="ids">The tokens. Unassigned ids decode to nothing, as in the reference.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out. The default value is true.</param>
    /// <returns>The text as the tokens have it: normalized, and with spaces where the decoder of the files puts them.</returns>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var tokens = new List<string>(ids.Length);
        foreach (int id in ids)
        {
            if (IdToToken(id) is { } token && !(skipSpecialTokens && IsSpecial(id)))
                tokens.Add(_normalizedContents.GetValueOrDefault(id, token));
        }
        if (_definition.Decoder is null)
            return string.Join(' ', tokens);
        _definition.Decoder.Decode(tokens);
        return string.Concat(tokens);
    }

    private AddedTokenMatcher? Matcher(IEnumerable<AddedToken> tokens)
    {
        // Of two that are the same when normalized the reference finds the special one, and of like ones that with the lowest id.
        AddedToken[] distinct = [.. tokens.Where(token => token.Content.Length > 0).GroupBy(token => token.Content, StringComparer.Ordinal)
            .Select(same => same.OrderByDescending(token => token.Special).ThenBy(token => token.Id).First())];
        return distinct.Length > 0 ? new AddedTokenMatcher(distinct, _definition.SpecialTokensInText) : null;
    }

    private int? IdOf(string? token, string key, string location) => token is null ? null : TokenToId(token)
        ?? throw new ModelFileException($"{location}: the tokenizer's {key}, '{token}', is not in its vocabulary. Name the right one as \"{key}\" in "
            + $"{TokenizerReader.ConfigJson}, or get the files again.");
}
