using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Roberta;

/// <summary>Rows of tokens, padded on the right to the longest, as the network takes them.</summary>
internal sealed class TokenBatch : IDisposable
{
    private TokenBatch(Tensor ids, Tensor positions, Tensor? mask)
    {
        Ids = ids;
        Positions = positions;
        Mask = mask;
    }

    /// <summary>[rows, length] int64</summary>
    public Tensor Ids { get; }

    /// <summary>[rows, length] int64: counted from pad id + 1; the pad id itself where a token is padding.</summary>
    public Tensor Positions { get; }

    /// <summary>[rows, 1, 1, length] bool, true where there is a token; null when no row is padded.</summary>
    public Tensor? Mask { get; }

    public int Rows => (int)Ids.shape[0];

    public int Length => (int)Ids.shape[1];

    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="padId">The id that fills short rows.</param>
    /// <param name="device">Where the network is.</param>
    public static TokenBatch From(IReadOnlyList<ReadOnlyMemory<int>> rows, int padId, Device device)
    {
        int length = rows.Max(row => row.Length);
        long[] ids = new long[rows.Count * length];
        long[] positions = new long[ids.Length];
        bool[] mask = new bool[ids.Length];
        Array.Fill(ids, padId);
        Array.Fill(positions, padId);
        bool padded = false;
        for (int r = 0; r < rows.Count; r++)
        {
            ReadOnlySpan<int> row = rows[r].Span;
            int position = padId;
            for (int t = 0, at = r * length; t < row.Length; t++, at++)
            {
                ids[at] = row[t];
                // create_position_ids_from_input_ids: a pad token that stands in the text itself counts for none.
                positions[at] = row[t] == padId ? padId : ++position;
                mask[at] = true;
            }
            padded |= row.Length < length;
        }
        return new TokenBatch(
            tensor(ids, [rows.Count, length], device: device),
            tensor(positions, [rows.Count, length], device: device),
            padded ? tensor(mask, [rows.Count, 1, 1, length], device: device) : null);
    }

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        Mask?.Dispose();
    }
}
