using System.Globalization;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>
/// Chooses the tokens that stay in a trimmed vocabulary. A token stays together with every token that it is merged from, in
/// every way that the merges have for it, so that a text whose tokens all stay is cut as before: the trimmed tokenizer has fewer
/// merges or pieces to choose from, and those that the whole one chose are among them.
/// </summary>
internal sealed class TokenSelection
{
    private static readonly (int First, int Last)[] LatinLetters =
    [
        (0x0041, 0x02B8), (0x1D00, 0x1D25), (0x1E00, 0x1EFF), (0x2071, 0x209C), (0x212A, 0x212B), (0x2C60, 0x2C7F), (0xA722, 0xA7FF), (0xFB00, 0xFB06),
        (0xFF21, 0xFF3A), (0xFF41, 0xFF5A),
    ];

    /// <summary>Combining accents, those around a symbol (keycaps), and variation selectors, which emoji have.</summary>
    private static readonly (int First, int Last)[] CommonMarks = [(0x0300, 0x036F), (0x20D0, 0x20FF), (0xFE00, 0xFE0F)];

    private readonly TokenModel _model;
    private readonly BpeModel? _bpe;
    private readonly ILookup<int, int>? _merges; // ranks by the token that they make
    private readonly bool[] _isKept;

    /// <summary>Starts with the tokens that no trimmed vocabulary can do without.</summary>
    /// <param name="tokenizer">The whole tokenizer.</param>
    /// <param name="required">Further ids, each of a token.</param>
    public TokenSelection(PretrainedTokenizer tokenizer, IEnumerable<int> required)
    {
        TokenizerDefinition definition = tokenizer.Definition;
        _model = definition.Model;
        _bpe = _model as BpeModel;
        _merges = _bpe is null ? null : Enumerable.Range(0, _bpe.Merges.Count).ToLookup(_bpe.Merges.MergedOf);
        _isKept = new bool[definition.Tokens.Length];

        IEnumerable<string?> named = [.. definition.Special.ByKey.Select(token => token.Content), _model.UnknownToken];
        IEnumerable<int> ofTemplates = new[] { definition.PostProcessor.Single, definition.PostProcessor.Pair }.SelectMany(template => template.Parts)
            .SelectMany(part => part.SpecialTokens);
        AddAll([.. required, .. definition.AddedTokens.Select(token => token.Id), .. ofTemplates,
            .. named.OfType<string>().Select(tokenizer.TokenToId).OfType<int>()]);
        AddAll(_model.Vocabulary.Where(token => IsBasic(token.Key)).Select(token => token.Value));
        if (_model is UnigramModel { Pieces: var pieces })
            AddAll([Enumerable.Range(0, pieces.Count).MinBy(id => pieces[id].Score)]); // what an unknown character costs depends on it
    }

    public int Count { get; private set; }

    /// <summary>Adds the tokens that texts use, the most frequent first, while they fit together with those that they are merged from.</summary>
    /// <param name="counts">By id, how often a token is used.</param>
    /// <param name="maxCount">The most tokens in all.</param>
    public void AddMostFrequent(IReadOnlyList<long> counts, int maxCount)
    {
        foreach (int id in Enumerable.Range(0, counts.Count).Where(id => counts[id] > 0).OrderByDescending(id => counts[id]).ThenBy(id => id))
        {
            List<int> tokens = MissingFor(id);
            if (Count + tokens.Count <= maxCount)
                Keep(tokens);
        }
    }

    public KeptTokens ToKept() => new(_isKept);

    private void AddAll(IEnumerable<int> ids)
    {
        foreach (int id in ids)
            Keep(MissingFor(id));
    }

    private void Keep(List<int> ids)
    {
        foreach (int id in ids)
            _isKept[id] = true;
        Count += ids.Count;
    }

    /// <summary>A token and all that it is merged from, without those that stay already.</summary>
    private List<int> MissingFor(int id)
    {
        var missing = new List<int>();
        var seen = new HashSet<int>();
        var waiting = new Stack<int>([id]);
        while (waiting.TryPop(out int token))
        {
            if (_isKept[token] || !seen.Add(token))
                continue;
            missing.Add(token);
            foreach (int rank in _merges?[token] ?? [])
            {
                (int left, int right) = _bpe!.Merges.PairOf(rank);
                waiting.Push(left);
                waiting.Push(right);
            }
        }
        return missing;
    }

    /// <summary>A byte, or a character of texts in Latin script.</summary>
    private bool IsBasic(string token)
    {
        if (_bpe is { Options.IsByteLevel: true } && token.Length == 1 && ByteLevelAlphabet.ByteOf(token[0]) >= 0)
            return true;
        if ((_bpe is { Options.ByteFallback: true } || _model is UnigramModel { ByteFallback: true }) && IsByteToken(token))
            return true;
        string text = TextOf(token);
        return text.Length > 0 && Rune.TryGetRuneAt(text, 0, out Rune character) && character.Utf16SequenceLength == text.Length && IsOfLatinTexts(character);
    }

    /// <summary>&lt;0x00&gt; to &lt;0xFF&gt;</summary>
    private static bool IsByteToken(string token) =>
        token is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low);

    /// <summary>A token without the marks of its place in a word; "" where it is not whole characters.</summary>
    private string TextOf(string token)
    {
        switch (_model)
        {
            case WordPieceModel wordPiece:
                return WithoutPrefix(token, wordPiece.ContinuingPrefix);
            case BpeModel { Options.IsByteLevel: true }:
                byte[] bytes = [.. token.Select(ByteLevelAlphabet.ByteOf).Where(value => value >= 0).Select(value => (byte)value)];
                return bytes.Length == token.Length && System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : "";
            case BpeModel { Options: { } options }:
                string text = WithoutPrefix(token, options.ContinuingPrefix);
                return text.Length > options.EndSuffix.Length && text.EndsWith(options.EndSuffix, StringComparison.Ordinal)
                    ? text[..^options.EndSuffix.Length] : text;
            default:
                return token;
        }
    }

    private static string WithoutPrefix(string token, string prefix) =>
        token.Length > prefix.Length && token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : token;

    /// <summary>Letters are Latin ones; digits, punctuation, symbols with emoji, and spaces are of any script.</summary>
    private static bool IsOfLatinTexts(Rune character) => Rune.GetUnicodeCategory(character) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            => IsIn(LatinLetters, character),
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => IsIn(CommonMarks, character),
        UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate => false,
        _ => true,
    };

    private static bool IsIn((int First, int Last)[] ranges, Rune character) =>
        ranges.Any(range => character.Value >= range.First && character.Value <= range.Last);
}
