using System.Buffers;
using System.Runtime.CompilerServices;
using SentimentML.Numerics;
using SentimentML.Tokenization;

namespace SentimentML;

public sealed partial class PretrainedTokenizer
{
    /// <summary>Tokenizes a text, or a pair of texts, and says where each token comes from.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text; null where there is none.</param>
    /// <param name="maxTokens">
    /// The most tokens, special tokens included; of a pair the longer text is cut first. The default value is null:
    /// <see cref="MaxTokens"/>.
    /// </param>
    /// <returns>The tokens, with the special tokens that the tokenizer puts around and between texts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">maxTokens is less than the special tokens.</exception>
    public TokenizedText Encode(string text, string? pair = null, int? maxTokens = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        int room = Room(maxTokens, pair);
        OffsetSink first = EncodeWithOffsets(text, pair is null && !KeepsEnd ? room : int.MaxValue);
        OffsetSink? second = pair is null ? null : EncodeWithOffsets(pair, int.MaxValue);
        (int ofFirst, int ofSecond) = LongestFirst(first.Ids.Count, second?.Ids.Count ?? 0, room);

        Template template = TemplateOf(pair);
        int count = template.SpecialTokenCount + ofFirst + ofSecond, at = 0;
        int[] ids = new int[count], types = new int[count];
        var offsets = new TokenOffset[count];
        var sequenceIds = new int?[count];
        foreach (TemplatePart part in template.Parts)
        {
            int length = part.Text switch { 0 => ofFirst, 1 => ofSecond, _ => part.SpecialTokens.Length };
            if (part.Text >= 0)
            {
                OffsetSink tokens = part.Text == 0 ? first : second!;
                int from = KeepsEnd ? tokens.Ids.Count - length : 0;
                tokens.Ids.CopyTo(from, ids, at, length);
                tokens.Offsets.CopyTo(from, offsets, at, length);
                Array.Fill(sequenceIds, part.Text, at, length);
            }
            else
            {
                part.SpecialTokens.CopyTo(ids, at);
            }
            Array.Fill(types, part.Type, at, length);
            at += length;
        }
        RequireVectors(ids);
        return new TokenizedText(ids, offsets, types, sequenceIds, ofFirst < first.Ids.Count || ofSecond < second?.Ids.Count);
    }

    /// <summary>Tokenizes a text, or a pair of texts, into ids.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text; null where there is none.</param>
    /// <param name="maxTokens">
    /// The most tokens, special tokens included; of a pair the longer text is cut first. The default value is null:
    /// <see cref="MaxTokens"/>.
    /// </param>
    /// <returns>The ids, with the special tokens that the tokenizer puts around and between texts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">maxTokens is less than the special tokens.</exception>
    public int[] EncodeToIds(string text, string? pair = null, int? maxTokens = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return EncodeToIds(text, pair, maxTokens, KeepsEnd, out _, out _);
    }

    /// <summary>Tokenizes a text, or a pair of texts, as a network takes it.</summary>
    /// <param name="input">The text or texts.</param>
    /// <param name="maxTokens">The most tokens, special tokens included; null for <see cref="MaxTokens"/>.</param>
    /// <param name="isTruncated">Whether there were more.</param>
    /// <param name="keepEnd">Whether texts that are too long lose their beginning. The default value is null: as the files say, else their end.</param>
    internal TokenRow EncodeRow(TextInput input, int? maxTokens, out bool isTruncated, bool? keepEnd = null)
    {
        int[] ids = EncodeToIds(input.Text, input.Pair, maxTokens, keepEnd ?? KeepsEnd, out int pairStart, out isTruncated);
        return new TokenRow(Filled(ids), pairStart);
    }

    /// <summary>A network reads one token at least: of a text without any, where the files put none around it, the one that fills rows.</summary>
    internal int[] Filled(int[] ids) => ids.Length > 0 ? ids : [PadTokenId];

    private int[] EncodeToIds(string text, string? pair, int? maxTokens, bool keepEnd, out int pairStart, out bool isTruncated)
    {
        int room = Room(maxTokens, pair);
        Template template = TemplateOf(pair);
        int[] first = EncodeAtMost(text, pair is null && !keepEnd ? room : Array.MaxLength, out int countOfFirst, out isTruncated), second = [];
        int countOfSecond = 0;
        if (pair is not null)
            second = EncodeAtMost(pair, Array.MaxLength, out countOfSecond, out _);
        (int ofFirst, int ofSecond) = LongestFirst(countOfFirst, countOfSecond, room);
        isTruncated |= ofFirst < countOfFirst || ofSecond < countOfSecond;

        int[] ids = new int[template.SpecialTokenCount + ofFirst + ofSecond];
        int at = 0;
        foreach (TemplatePart part in template.Parts)
        {
            ReadOnlySpan<int> tokens =
                part.Text switch { 0 => Kept(first, countOfFirst, ofFirst), 1 => Kept(second, countOfSecond, ofSecond), _ => part.SpecialTokens };
            tokens.CopyTo(ids.AsSpan(at));
            at += tokens.Length;
        }
        pairStart = template.PairStart(ofFirst, ofSecond);
        ArrayPool<int>.Shared.Return(first);
        if (pair is not null)
            ArrayPool<int>.Shared.Return(second);
        RequireVectors(ids);
        return ids;

        ReadOnlySpan<int> Kept(int[] tokens, int count, int kept) => tokens.AsSpan(keepEnd ? count - kept : 0, kept);
    }

    /// <summary>A text's own tokens in a rented buffer. A text rarely has more tokens than characters; where it has, the buffer grows.</summary>
    private int[] EncodeAtMost(string text, int room, out int count, out bool isTruncated)
    {
        int[] buffer = ArrayPool<int>.Shared.Rent(Math.Min(room, text.Length + 16));
        while (true)
        {
            var sink = new IdSink(buffer.AsSpan(0, Math.Min(room, buffer.Length)));
            bool isWhole = EncodeText(text, ref sink);
            count = sink.Count;
            isTruncated = !isWhole;
            if (isWhole || buffer.Length >= room)
                return buffer;
            int length = (int)Math.Min(room, buffer.Length * 4L);
            ArrayPool<int>.Shared.Return(buffer);
            buffer = ArrayPool<int>.Shared.Rent(length);
        }
    }

    /// <summary>Tokenizes a text into a buffer of the caller's: the quickest way, which allocates nothing but for words not seen before.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">
    /// Where the ids go, with the special tokens around the text. Its length is the most tokens; the rest of the text is cut off, at the side that the
    /// files say, else at the end.
    /// </param>
    /// <param name="isTruncated">Whether the text had more tokens than the buffer has room for.</param>
    /// <returns>How many ids were written.</returns>
    /// <exception cref="ArgumentException">The buffer is shorter than the special tokens.</exception>
    public int EncodeTo(ReadOnlySpan<char> text, Span<int> destination, out bool isTruncated)
    {
        Template template = _definition.PostProcessor.Single;
        if (destination.Length < template.SpecialTokenCount)
            throw new ArgumentException(
                $"The buffer has room for {destination.Length} ids; the special tokens alone are {template.SpecialTokenCount}.", nameof(destination));
        if (KeepsEnd)
        {
            int[] ids = EncodeToIds(text.ToString(), pair: null, destination.Length, keepEnd: true, out _, out isTruncated);
            ids.CopyTo(destination);
            return ids.Length;
        }
        ReadOnlySpan<int> before = template.Before, after = template.After;
        var sink = new IdSink(destination[before.Length..^after.Length]);
        isTruncated = !EncodeText(text, ref sink);
        before.CopyTo(destination);
        after.CopyTo(destination[(before.Length + sink.Count)..]);
        RequireVectors(destination[..(sink.Count + template.SpecialTokenCount)]);
        return sink.Count + template.SpecialTokenCount;
    }

    /// <summary>Tokenizes many texts, or pairs of texts, on all cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="pairs">The second texts, as many as the first; null where there are none.</param>
    /// <param name="maxTokens">The most tokens of one input, special tokens included. The default value is null: <see cref="MaxTokens"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The ids of every input, in the order of the texts.</returns>
    /// <exception cref="ArgumentException">There are not as many second texts as first ones, or a text is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxTokens is less than the special tokens.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    /// <exception cref="SentimentMLException">A regular expression of the tokenizer takes too long on a text.</exception>
    public int[][] EncodeBatch(
        IReadOnlyList<string> texts, IReadOnlyList<string>? pairs = null, int? maxTokens = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (pairs is not null && pairs.Count != texts.Count)
            throw new ArgumentException($"There are {texts.Count} first texts and {pairs.Count} second ones.", nameof(pairs));
        Room(maxTokens, pairs);
        RequireTexts(texts, nameof(texts));
        RequireTexts(pairs ?? [], nameof(pairs));

        var ids = new int[texts.Count][];
        ParallelRows.For(texts.Count, i => ids[i] = EncodeToIds(texts[i], pairs?[i], maxTokens), cancellationToken);
        return ids;
    }

    private static void RequireTexts(IReadOnlyList<string> texts, string name)
    {
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i] is null)
                throw new ArgumentException($"Text {i} is null.", name);
        }
    }

    /// <exception cref="SentimentMLException">The network has no vector for a token.</exception>
    private void RequireVectors(ReadOnlySpan<int> ids)
    {
        if (NetworkTokens >= VocabularySize)
            return;
        int at = ids.IndexOfAnyInRange(NetworkTokens, int.MaxValue);
        if (at >= 0)
            throw new SentimentMLException($"A text has the token '{IdToToken(ids[at])}', {ids[at]}, which the tokenizer of {_location} has and its network "
                + $"has not: config.json's vocab_size is {NetworkTokens}, expected one for all {VocabularySize} tokens. Take the token out of the texts; or, "
                + "if many texts have such tokens, the files are not of one model: download them again.");
    }

    private Template TemplateOf(object? pair) => pair is null ? _definition.PostProcessor.Single : _definition.PostProcessor.Pair;

    /// <summary>How many tokens of text there is room for.</summary>
    private int Room(int? maxTokens, object? pair)
    {
        int specialTokens = TemplateOf(pair).SpecialTokenCount;
        int limit = maxTokens ?? MaxTokens;
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, specialTokens, nameof(maxTokens));
        return limit - specialTokens;
    }

    /// <summary>How much of each text of a pair stays: the longer one is cut first, then both to a half.</summary>
    private static (int First, int Second) LongestFirst(int first, int second, int room)
    {
        if ((long)first + second <= room)
            return (first, second);
        bool swap = first > second;
        int shorter = Math.Min(first, second);
        int longer = shorter > room ? shorter : Math.Max(shorter, room - shorter);
        if ((long)shorter + longer > room)
        {
            shorter = room / 2;
            longer = shorter + room % 2;
        }
        return swap ? (longer, shorter) : (shorter, longer);
    }

    private OffsetSink EncodeWithOffsets(string text, int room)
    {
        var sink = new OffsetSink(text, _definition, room);
        EncodeText(text, ref sink);
        return sink;
    }

    /// <returns>Whether all of the text went into the sink.</returns>
    private bool EncodeText<TSink>(scoped ReadOnlySpan<char> text, ref TSink sink)
        where TSink : ITokenSink, allows ref struct
    {
        int surrogate = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (surrogate < 0 || !HasLoneSurrogate(text[surrogate..]))
            return EncodeAroundAddedTokens(text, ref sink);
        char[] replaced = text.ToArray();
        ReplaceLoneSurrogates(replaced);
        return EncodeAroundAddedTokens(replaced, ref sink);
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return true;
            i++;
        }
        return false;
    }

    private static void ReplaceLoneSurrogates(Span<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                text[i] = '\uFFFD';
        }
    }

    /// <summary>Takes the added tokens that are not normalized out of the text, and encodes what is between them.</summary>
    private bool EncodeAroundAddedTokens<TSink>(scoped ReadOnlySpan<char> text, ref TSink sink)
        where TSink : ITokenSink, allows ref struct
    {
        int taken = 0, from = 0;
        while (_asWritten?.Next(text, taken, ref from, out int start, out int end) is { } token)
        {
            if (!EncodeBetween(text[taken..start], taken, ref sink) || !sink.AddToken(token.Id, text[start..end], start, end))
                return false;
            taken = end;
            from = Math.Max(from, taken);
        }
        return EncodeBetween(text[taken..], taken, ref sink);
    }

    /// <summary>Normalizes a text, takes out the added tokens that are normalized, cuts the rest into words and encodes them.</summary>
    private bool EncodeBetween<TSink>(scoped ReadOnlySpan<char> text, int origin, ref TSink sink)
        where TSink : ITokenSink, allows ref struct
    {
        if (text.IsEmpty)
            return true;
        if (_gpt2 is { } gpt2 && !TSink.NeedsOffsets)
            return EncodeWords(text, gpt2.AddPrefixSpace, ref sink);

        AlignedText aligned = AlignedText.Of(text, origin, TSink.NeedsOffsets || _needsOffsets);
        _definition.Normalizer?.Normalize(aligned);
        if (_normalized is not null)
            TakeOutAddedTokens(aligned, _normalized);
        _definition.PreTokenizer?.Cut(aligned);
        bool fits = true;
        foreach (Piece piece in aligned.Pieces)
        {
            ReadOnlySpan<char> characters = aligned.Characters[piece.Start..piece.End];
            if (piece.TokenId < 0)
                fits = characters.IsEmpty || sink.AddWord(_definition.Model.Encode(characters), aligned, piece.Start);
            else if (TSink.NeedsOffsets)
                fits = sink.AddToken(piece.TokenId, characters, aligned.OriginalStart(piece.Start), aligned.OriginalEnd(piece.End - 1));
            else
                fits = sink.AddToken(piece.TokenId, characters, 0, 0);
            if (!fits)
                break;
        }
        aligned.Release();
        return fits;
    }

    private static void TakeOutAddedTokens(AlignedText text, AddedTokenMatcher matcher)
    {
        text.BeginCut();
        ReadOnlySpan<char> characters = text.Characters;
        int taken = 0, from = 0;
        while (matcher.Next(characters, taken, ref from, out int start, out int end) is { } token)
        {
            text.AddPiece(taken, start);
            text.AddPiece(start, end, token.Id);
            taken = end;
            from = Math.Max(from, taken);
        }
        text.AddPiece(taken, characters.Length);
        text.EndCut();
    }

    /// <summary>GPT-2's words, encoded as they are found: the way of RoBERTa's ids, with nothing written down between.</summary>
    [SkipLocalsInit]
    private bool EncodeWords<TSink>(scoped ReadOnlySpan<char> text, bool addPrefixSpace, ref TSink sink)
        where TSink : ITokenSink, allows ref struct
    {
        if (!addPrefixSpace || text[0] == ' ')
            return EncodeWords(text, ref sink);
        const int Short = 1024;
        char[]? rented = null;
        Span<char> prefixed = text.Length < Short ? stackalloc char[Short] : rented = ArrayPool<char>.Shared.Rent(text.Length + 1);
        prefixed[0] = ' ';
        text.CopyTo(prefixed[1..]);
        bool whole = EncodeWords(prefixed[..(text.Length + 1)], ref sink);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return whole;
    }

    private bool EncodeWords<TSink>(scoped ReadOnlySpan<char> text, ref TSink sink)
        where TSink : ITokenSink, allows ref struct
    {
        for (int start = 0; start < text.Length;)
        {
            int end = Gpt2Splitter.EndOfWord(text, start);
            if (!sink.AddWord(_definition.Model.Encode(text[start..end])))
                return false;
            start = end;
        }
        return true;
    }
}
