using System.Buffers;
using System.Runtime.CompilerServices;
using SentimentML.Tokenization;

namespace SentimentML;

public sealed partial class PretrainedTokenizer
{
    /// <summary>Tokenizes a text, or a pair of texts, and says where each token comes from.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text; null where there is none.</param>
    /// <param name="maxTokens">The most tokens, special tokens included; of a pair the longer text is cut first. The default value is null: <see cref="MaxTokens"/>.</param>
    /// <returns>The tokens as <c>&lt;s&gt; text &lt;/s&gt;</c>, of a pair as <c>&lt;s&gt; text &lt;/s&gt;&lt;/s&gt; pair &lt;/s&gt;</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">maxTokens is less than the special tokens: 2, or 4 for a pair.</exception>
    public TokenizedText Encode(string text, string? pair = null, int? maxTokens = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        int room = Room(maxTokens, pair);
        OffsetSink first = EncodeWithOffsets(text, pair is null ? room : int.MaxValue);
        OffsetSink? second = pair is null ? null : EncodeWithOffsets(pair, int.MaxValue);
        (int ofFirst, int ofSecond) = LongestFirst(first.Ids.Count, second?.Ids.Count ?? 0, room);

        var builder = new TokenizedTextBuilder(ofFirst + ofSecond + SpecialTokensOfPair);
        builder.Add(ClsTokenId);
        builder.Add(first, ofFirst);
        builder.Add(SepTokenId);
        if (second is not null)
        {
            builder.Add(SepTokenId);
            builder.Add(second, ofSecond);
            builder.Add(SepTokenId);
        }
        return builder.Build(isTruncated: ofFirst < first.Ids.Count || ofSecond < second?.Ids.Count);
    }

    /// <summary>Tokenizes a text, or a pair of texts, into ids.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text; null where there is none.</param>
    /// <param name="maxTokens">The most tokens, special tokens included; of a pair the longer text is cut first. The default value is null: <see cref="MaxTokens"/>.</param>
    /// <returns>The ids as <c>&lt;s&gt; text &lt;/s&gt;</c>, of a pair as <c>&lt;s&gt; text &lt;/s&gt;&lt;/s&gt; pair &lt;/s&gt;</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">maxTokens is less than the special tokens: 2, or 4 for a pair.</exception>
    public int[] EncodeToIds(string text, string? pair = null, int? maxTokens = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        int room = Room(maxTokens, pair);
        if (pair is null)
            return EncodeAtMost(text, room + SpecialTokensOfText);
        ReadOnlySpan<int> first = EncodeAtMost(text, int.MaxValue).AsSpan()[1..^1], second = EncodeAtMost(pair, int.MaxValue).AsSpan()[1..^1];
        (int ofFirst, int ofSecond) = LongestFirst(first.Length, second.Length, room);
        return [ClsTokenId, .. first[..ofFirst], SepTokenId, SepTokenId, .. second[..ofSecond], SepTokenId];
    }

    private int[] EncodeAtMost(string text, int limit)
    {
        // A token is at least a byte of the text, three to a character, or of the space in front of a part of it.
        int most = (int)Math.Min(limit, text.Length * 4L + SpecialTokensOfText);
        int[] buffer = ArrayPool<int>.Shared.Rent(most);
        int count = EncodeTo(text, buffer.AsSpan(0, most), out _);
        int[] ids = buffer.AsSpan(0, count).ToArray();
        ArrayPool<int>.Shared.Return(buffer);
        return ids;
    }

    /// <summary>Tokenizes a text into a buffer of the caller's: the quickest way, which allocates nothing but for words not seen before.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where the ids go, <c>&lt;s&gt;</c> first and <c>&lt;/s&gt;</c> last. Its length is the most tokens; the rest of the text is cut off.</param>
    /// <param name="isTruncated">Whether the text had more tokens than the buffer has room for.</param>
    /// <returns>How many ids were written.</returns>
    /// <exception cref="ArgumentException">The buffer is shorter than 2.</exception>
    public int EncodeTo(ReadOnlySpan<char> text, Span<int> destination, out bool isTruncated)
    {
        if (destination.Length < SpecialTokensOfText)
            throw new ArgumentException($"The buffer has room for {destination.Length} ids; the special tokens alone are {SpecialTokensOfText}.", nameof(destination));
        var sink = new IdSink(destination[1..^1]);
        isTruncated = !EncodeText(text, ref sink);
        destination[0] = ClsTokenId;
        destination[sink.Count + 1] = SepTokenId;
        return sink.Count + SpecialTokensOfText;
    }

    /// <summary>Tokenizes many texts, or pairs of texts, on all cores.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="pairs">The second texts, as many as the first; null where there are none.</param>
    /// <param name="maxTokens">The most tokens of one input, special tokens included. The default value is null: <see cref="MaxTokens"/>.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The ids of every input, in the order of the texts.</returns>
    /// <exception cref="ArgumentException">There are not as many second texts as first ones, or a text is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxTokens is less than 2, or than 4 for pairs.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public int[][] EncodeBatch(IReadOnlyList<string> texts, IReadOnlyList<string>? pairs = null, int? maxTokens = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (pairs is not null && pairs.Count != texts.Count)
            throw new ArgumentException($"There are {texts.Count} first texts and {pairs.Count} second ones.", nameof(pairs));
        Room(maxTokens, pairs);
        RequireTexts(texts, nameof(texts));
        RequireTexts(pairs ?? [], nameof(pairs));

        var ids = new int[texts.Count][];
        Parallel.For(0, texts.Count, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            ids[i] = EncodeToIds(texts[i], pairs?[i], maxTokens));
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

    /// <summary>How many tokens of text there is room for.</summary>
    private int Room(int? maxTokens, object? pair)
    {
        int specialTokens = pair is null ? SpecialTokensOfText : SpecialTokensOfPair;
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
        where TSink : ITokenSink, allows ref struct =>
        EncodeAroundAddedTokens(text, 0, 0, ref sink);

    /// <summary>Takes the added tokens out of the text, those that are not normalized first, and encodes what is between them.</summary>
    private bool EncodeAroundAddedTokens<TSink>(scoped ReadOnlySpan<char> text, int origin, int matcher, ref TSink sink)
        where TSink : ITokenSink, allows ref struct
    {
        if (text.IsEmpty)
            return true;
        if (matcher == _matchers.Count)
            return EncodeWords(text, origin, ref sink);
        int taken = 0, from = 0;
        while (_matchers[matcher].Next(text, taken, ref from, out int start, out int end) is { } token)
        {
            if (!EncodeAroundAddedTokens(text[taken..start], origin + taken, matcher + 1, ref sink) || !sink.AddToken(token.Id, origin + start, origin + end))
                return false;
            taken = end;
            from = Math.Max(from, taken);
        }
        return EncodeAroundAddedTokens(text[taken..], origin + taken, matcher + 1, ref sink);
    }

    [SkipLocalsInit]
    private bool EncodeWords<TSink>(scoped ReadOnlySpan<char> text, int origin, ref TSink sink)
        where TSink : ITokenSink, allows ref struct
    {
        if (!AddPrefixSpace || text[0] == ' ')
            return EncodeWords(text, origin, hasPrefix: false, ref sink);
        const int Short = 1024;
        char[]? rented = null;
        Span<char> prefixed = text.Length < Short ? stackalloc char[Short] : rented = ArrayPool<char>.Shared.Rent(text.Length + 1);
        prefixed[0] = ' ';
        text.CopyTo(prefixed[1..]);
        bool whole = EncodeWords(prefixed[..(text.Length + 1)], origin - 1, hasPrefix: true, ref sink);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return whole;
    }

    private bool EncodeWords<TSink>(scoped ReadOnlySpan<char> text, int origin, bool hasPrefix, ref TSink sink)
        where TSink : ITokenSink, allows ref struct
    {
        for (int start = 0; start < text.Length;)
        {
            int end = Gpt2Splitter.EndOfWord(text, start);
            ReadOnlySpan<char> word = text[start..end];
            if (!sink.AddWord(_bpe.Encode(word), word, origin + start, hasPrefix && start == 0))
                return false;
            start = end;
        }
        return true;
    }
}
