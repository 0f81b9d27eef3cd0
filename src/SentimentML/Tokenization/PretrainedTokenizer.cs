using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;
using SentimentML.Backbones;
using SentimentML.Files;
using SentimentML.Tokenization;

namespace SentimentML;

/// <summary>
/// RoBERTa's tokenizer: byte-level byte-pair encoding, equal to transformers' PretrainedTokenizer. It reads tokenizer.json,
/// or vocab.json and merges.txt, and never changes afterwards: any number of threads may use one at once.
/// </summary>
/// <remarks>
/// Which method to take: <see cref="EncodeTo"/> writes into a buffer of the
/// caller's and allocates nothing once the words are known; <see cref="EncodeBatch"/> uses all cores;
/// <see cref="Encode"/> also says where each token comes from. A lone surrogate in a text, which the
/// reference refuses, is read as U+FFFD.
/// <para>
/// Follows huggingface/tokenizers (models/bpe, pre_tokenizers/byte_level, processors/roberta, added_vocabulary) in what
/// it does, though not in how: words are cut by hand instead of by a regular expression, and the last ones are kept.
/// </para>
/// </remarks>
public sealed partial class PretrainedTokenizer
{
    internal const int SpecialTokensOfText = 2; // <s> … </s>
    internal const int SpecialTokensOfPair = 4; // <s> … </s></s> … </s>

    private readonly TokenizerDefinition _definition;
    private readonly ByteLevelBpe _bpe;
    private readonly List<AddedTokenMatcher> _matchers = []; // in the order in which they look through a text
    private readonly Dictionary<string, int> _addedIds = new(StringComparer.Ordinal);
    private readonly HashSet<int> _specialIds = [];
    private readonly Lazy<IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)>> _files;

    private PretrainedTokenizer(TokenizerDefinition definition, Func<IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)>> files, string location)
    {
        _definition = definition;
        _files = new Lazy<IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)>>(files);
        _bpe = new ByteLevelBpe(definition.Model);
        var normalized = new List<AddedToken>();
        var asWritten = new List<AddedToken>();
        foreach (AddedToken token in definition.AddedTokens)
        {
            (token.Normalized ? normalized : asWritten).Add(token);
            _addedIds.Add(token.Content, token.Id);
            if (token.Special)
                _specialIds.Add(token.Id);
        }
        foreach (List<AddedToken> tokens in (ReadOnlySpan<List<AddedToken>>)[asWritten, normalized])
        {
            if (tokens.Count > 0)
                _matchers.Add(new AddedTokenMatcher(tokens, definition.SpecialTokensInText));
        }
        ClsTokenId = Required(definition.Special.Cls, "cls_token", location);
        SepTokenId = Required(definition.Special.Sep, "sep_token", location);
        PadTokenId = Required(definition.Special.Pad, "pad_token", location);
        UnkTokenId = TokenToId(definition.Special.Unk);
        MaskTokenId = TokenToId(definition.Special.Mask);
    }

    /// <summary>The id of the token that every input begins with, <c>&lt;s&gt;</c>.</summary>
    public int ClsTokenId { get; }

    /// <summary>The id of the token that ends and separates texts, <c>&lt;/s&gt;</c>.</summary>
    public int SepTokenId { get; }

    /// <summary>The id that fills a batch's shorter rows, <c>&lt;pad&gt;</c>.</summary>
    public int PadTokenId { get; }

    /// <summary>The id of the unknown token, <c>&lt;unk&gt;</c>; null where the vocabulary has none. Byte-level text needs none.</summary>
    public int? UnkTokenId { get; }

    /// <summary>The id of the token to be guessed, <c>&lt;mask&gt;</c>; null where the vocabulary has none.</summary>
    public int? MaskTokenId { get; }

    /// <summary>The highest id and one: how many rows an embedding of these tokens needs.</summary>
    public int VocabularySize => _definition.Tokens.Length;

    /// <summary>The most tokens of one input, special tokens included, where a call does not say otherwise.</summary>
    public int MaxTokens => _definition.MaxTokens;

    /// <summary>Whether a space is put in front of text that does not begin with one.</summary>
    public bool AddPrefixSpace => _definition.AddPrefixSpace;

    /// <summary>Reads the tokenizer in a model's folder: tokenizer.json, or vocab.json and merges.txt, and what lies beside them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">What to do differently from what the files say; null for nothing.</param>
    /// <returns>The tokenizer. It does not need the folder any more.</returns>
    /// <exception cref="SentimentMLException">A file is missing, cannot be read, is damaged, or is of another kind of tokenizer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options' MaxTokens is too small for any text.</exception>
    public static PretrainedTokenizer FromFolder(string folder, PretrainedTokenizerOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!Directory.Exists(folder))
            throw new SentimentMLException($"The folder {Path.GetFullPath(folder)} does not exist. Expected a model's folder with tokenizer.json, or vocab.json and merges.txt.");
        return Load(ModelFiles.InFolder(folder), options);
    }

    /// <inheritdoc cref="FromFolder"/>
    internal static PretrainedTokenizer Load(ModelFiles files, PretrainedTokenizerOptions? options = null)
    {
        options ??= new PretrainedTokenizerOptions();
        if (options.MaxTokens is { } maxTokens)
            ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, SpecialTokensOfPair, "options.MaxTokens");
        (TokenizerDefinition definition, IReadOnlyDictionary<string, TokenizerFile> originals) = TokenizerReader.Read(files, options);
        return new PretrainedTokenizer(definition, () => TokenizerWriter.Files(definition, originals, options), files.Location);
    }

    /// <summary>
    /// The same tokenizer under Microsoft.ML.Tokenizers' abstraction, for code that takes that. As there, the tokens are the
    /// text's own, without the &lt;s&gt; and &lt;/s&gt; that the network wants around them.
    /// </summary>
    public Tokenizer ToMicrosoftTokenizer() => new TokenizerAdapter(this);

    /// <summary>The id of a token as the vocabulary writes it ('Ġbueno'), or null when there is none.</summary>
    /// <param name="token">The token.</param>
    public int? TokenToId(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _addedIds.TryGetValue(token, out int id) || _definition.Model.TryGetId(token, out id) ? id : null;
    }

    /// <summary>A token as the vocabulary writes it ('Ġbueno'), or null where the id is not given out.</summary>
    /// <param name="id">The token's id.</param>
    public string? IdToToken(int id) => (uint)id < (uint)_definition.Tokens.Length ? _definition.Tokens[id] : null;

    /// <summary>Whether an id is a special token's: one that is no text.</summary>
    /// <param name="id">The token's id.</param>
    public bool IsSpecial(int id) => _specialIds.Contains(id);

    /// <summary>Puts the text of tokens together again. Bytes that are not whole characters become U+FFFD.</summary>
    /// <param name="ids">The tokens. Ids that are not given out stand for no text, as in the reference.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out. The default value is true.</param>
    /// <returns>The text; with the space that was put in front of it.</returns>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(16, ids.Length * 6));
        foreach (int id in ids)
        {
            if (IdToToken(id) is { } token && !(skipSpecialTokens && IsSpecial(id)))
                AppendBytes(token, bytes);
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>A token of the alphabet stands for bytes; any other is text.</summary>
    private static void AppendBytes(string token, ArrayBufferWriter<byte> bytes)
    {
        Span<byte> room = bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(token.Length));
        for (int i = 0; i < token.Length; i++)
        {
            int value = ByteLevelAlphabet.ByteOf(token[i]);
            if (value < 0)
            {
                bytes.Advance(Encoding.UTF8.GetBytes(token, room));
                return;
            }
            room[i] = (byte)value;
        }
        bytes.Advance(token.Length);
    }

    private int Required(string token, string key, string location) => TokenToId(token)
        ?? throw new SentimentMLException($"{location}: the tokenizer's {key}, '{token}', is not in its vocabulary. Name the right one as \"{key}\" in {TokenizerReader.ConfigJson}, or get the files anew.");
}
