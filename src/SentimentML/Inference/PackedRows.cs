using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>Rows of tokens one after the other without padding, rows of one length side by side, as the encoder's script takes them.</summary>
internal sealed class PackedRows : IDisposable
{
    /// <summary>
    /// Batches have a multiple of so many tokens: every count is a shape of its own, for which oneDNN makes and keeps
    /// kernels, so that memory would grow for as long as new counts come.
    /// </summary>
    private const int Step = 32;

    private PackedRows(int[] order, Tensor ids, Tensor positions, Tensor starts, Tensor groups)
    {
        Order = order;
        Ids = ids;
        Positions = positions;
        Starts = starts;
        Groups = groups;
    }

    /// <summary>The number of the row that stands at each place.</summary>
    public int[] Order { get; }

    /// <summary>[tokens] int64</summary>
    public Tensor Ids { get; }

    /// <summary>[tokens] int64: counted from pad id + 1.</summary>
    public Tensor Positions { get; }

    /// <summary>[rows] int64: where each row's first token stands.</summary>
    public Tensor Starts { get; }

    /// <summary>[groups, 2] int64, on the CPU: how many rows of which length follow each other.</summary>
    public Tensor Groups { get; }

    /// <param name="rows">The rows' tokens, special ones included.</param>
    /// <param name="padId">The id that transformers fills short rows with; in a text it has the position of padding.</param>
    /// <param name="device">Where the network is.</param>
    public static PackedRows From(IReadOnlyList<ReadOnlyMemory<int>> rows, int padId, Device device)
    {
        int[] order = [.. Enumerable.Range(0, rows.Count).OrderBy(row => rows[row].Length)];
        int tokens = rows.Sum(row => row.Length);
        int filler = rows.Count > 1 ? (Step - tokens % Step) % Step : 0; // a last row, whose answer nobody reads
        long[] ids = new long[tokens + filler];
        long[] positions = new long[ids.Length];
        long[] starts = new long[rows.Count + (filler > 0 ? 1 : 0)];
        var groups = new List<long>();
        for (int place = 0, at = 0; place < order.Length; place++)
        {
            ReadOnlySpan<int> row = rows[order[place]].Span;
            starts[place] = at;
            int position = padId;
            foreach (int id in row)
            {
                ids[at] = id;
                // create_position_ids_from_input_ids: a pad token that stands in the text itself counts for none.
                positions[at++] = id == padId ? padId : ++position;
            }
            if (groups.Count == 0 || groups[^1] != row.Length)
                groups.AddRange([0, row.Length]);
            groups[^2]++;
        }
        if (filler > 0)
        {
            starts[^1] = tokens;
            ids.AsSpan(tokens).Fill(padId);
            positions.AsSpan(tokens).Fill(padId);
            groups.AddRange([1, filler]);
        }
        return new PackedRows(order,
            tensor(ids, device: device), tensor(positions, device: device), tensor(starts, device: device), tensor(groups.ToArray(), [groups.Count / 2, 2]));
    }

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        Starts.Dispose();
        Groups.Dispose();
    }
}
