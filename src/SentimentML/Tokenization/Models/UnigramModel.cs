using System.Buffers;
using System.Globalization;
using System.Text;

namespace SentimentML.Tokenization;

/// <summary>
/// SentencePiece's unigram language model (arXiv 1804.10959): of all ways to cut a word into pieces, the one whose pieces'
/// log probabilities have the highest sum. A character that no piece has costs 10 more than the rarest piece; neighbours of
/// that kind are one unknown token, or their bytes.
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    private const double UnknownPenalty = 10;

    private readonly PieceTrie _trie;
    private readonly double[] _scores; // by id
    private readonly int _unknownId;
    private readonly string _unknown;
    private readonly double _unknownScore;
    private readonly int[] _byteTokens = [];

    /// <param name="vocabulary">The pieces; of one that comes twice, the last id.</param>
    /// <param name="pieces">The piece and the log probability of each id.</param>
    /// <param name="unknownId">The unknown token.</param>
    /// <param name="byteFallback">Whether unknown characters become their bytes, written &lt;0x00&gt; to &lt;0xFF&gt;, where the vocabulary has them.</param>
    public UnigramModel(Dictionary<string, int> vocabulary, IReadOnlyList<(string Piece, double Score)> pieces, int unknownId, bool byteFallback)
        : base(vocabulary)
    {
        Pieces = pieces;
        _scores = [.. pieces.Select(piece => piece.Score)];
        (_unknownId, _unknown, ByteFallback) = (unknownId, pieces[unknownId].Piece, byteFallback);
        _unknownScore = _scores.Min() - UnknownPenalty;
        _trie = new PieceTrie(vocabulary);
        if (byteFallback)
            _byteTokens = [.. Enumerable.Range(0, 256)
                .Select(b => vocabulary.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>"), -1))];
    }

    public IReadOnlyList<(string Piece, double Score)> Pieces { get; }

    public bool ByteFallback { get; }

    public int UnknownId => _unknownId;

    public override string? UnknownToken => _unknown;

    protected override EncodedWord EncodeNew(ReadOnlySpan<char> word, string text)
    {
        double[] scores = ArrayPool<double>.Shared.Rent(word.Length + 1);
        int[] starts = ArrayPool<int>.Shared.Rent(word.Length + 1), ids = ArrayPool<int>.Shared.Rent(word.Length + 1);
        FindBest(word, scores.AsSpan(0, word.Length + 1), starts.AsSpan(0, word.Length + 1), ids.AsSpan(0, word.Length + 1));
        EncodedWord encoded = Tokens(word, text, starts, ids);
        ArrayPool<double>.Shared.Return(scores);
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<int>.Shared.Return(ids);
        return encoded;
    }

    /// <summary>Viterbi from left to right: of each end, the best score, and where its last piece begins and which it is.</summary>
    private void FindBest(ReadOnlySpan<char> word, Span<double> scores, Span<int> starts, Span<int> ids)
    {
        starts.Fill(-1);
        scores[0] = 0;
        for (int start = 0, width; start < word.Length; start += width)
        {
            width = char.IsHighSurrogate(word[start]) ? 2 : 1;
            double scoreTillHere = scores[start];
            bool hasCharacter = false;
            int node = PieceTrie.Root;
            for (int end = start + 1; end <= word.Length; end++)
            {
                node = _trie.Next(node, word[end - 1]);
                if (node < 0)
                    break;
                int id = _trie.IdOf(node);
                if (id < 0)
                    continue;
                hasCharacter |= end - start == width;
                Offer(scores, starts, ids, start, end, scoreTillHere + _scores[id], id);
            }
            if (!hasCharacter)
                Offer(scores, starts, ids, start, start + width, scoreTillHere + _unknownScore, _unknownId);
        }
    }

    private static void Offer(Span<double> scores, Span<int> starts, Span<int> ids, int start, int end, double score, int id)
    {
        if (starts[end] < 0 || score > scores[end])
            (scores[end], starts[end], ids[end]) = (score, start, id);
    }

    private EncodedWord Tokens(ReadOnlySpan<char> word, string text, int[] starts, int[] ids)
    {
        var tokens = new List<(int Id, int Start, int End)>();
        for (int end = word.Length; end > 0;)
        {
            int start = starts[end], id = ids[end];
            if (id == _unknownId)
            {
                while (start > 0 && ids[start] == _unknownId)
                    start = starts[start];
                AddUnknown(word, start, end, tokens);
            }
            else
            {
                tokens.Add((id, start, end));
            }
            end = start;
        }
        int count = tokens.Count;
        int[] tokenIds = new int[count], tokenStarts = new int[count], tokenEnds = new int[count];
        for (int i = 0; i < count; i++)
            (tokenIds[i], tokenStarts[i], tokenEnds[i]) = tokens[count - 1 - i];
        return new EncodedWord(text, tokenIds, tokenStarts, tokenEnds);
    }

    /// <summary>Adds what stands for unknown characters, from the last to the first.</summary>
    private void AddUnknown(ReadOnlySpan<char> word, int start, int end, List<(int Id, int Start, int End)> tokens)
    {
        ReadOnlySpan<char> unknown = word[start..end];
        if (TryGetId(unknown, out int id))
        {
            tokens.Add((id, start, end));
            return;
        }
        if (ByteFallback)
        {
            byte[] bytes = new byte[Encoding.UTF8.GetByteCount(unknown)];
            Encoding.UTF8.GetBytes(unknown, bytes);
            if (Array.TrueForAll(bytes, value => _byteTokens[value] >= 0))
            {
                for (int i = bytes.Length - 1; i >= 0; i--)
                    tokens.Add((_byteTokens[bytes[i]], start, end));
                return;
            }
        }
        tokens.Add((_unknownId, start, end));
    }
}
