namespace SentimentML.Sharding;

/// <summary>Divides inputs into shards of about as many rows each.</summary>
internal static class ShardCuts
{
    /// <param name="inputs">The inputs.</param>
    /// <param name="shards">How many shards at most: a block is not divided.</param>
    /// <returns>The shards; their ranges have no digests yet.</returns>
    public static IReadOnlyList<Shard> Of(IReadOnlyList<PlannedInput> inputs, int shards)
    {
        Int128 total = inputs.Sum(input => input.Rows);
        var cut = new List<Shard>();
        var ranges = new List<ShardRange>();
        long before = 0;
        int current = 0;
        for (int input = 0; input < inputs.Count; input++)
        {
            long first = 0;
            for (long block = 0; block < inputs[input].Blocks; block++)
            {
                long rows = inputs[input].RowsIn(block);
                int wanted = (int)((before + (rows / 2)) * (Int128)shards / total); // that in which the block's middle lies
                if (wanted > current)
                {
                    End(input, first, block);
                    (current, first) = (wanted, block);
                }
                before += rows;
            }
            Take(input, first, inputs[input].Blocks);
        }
        End(0, 0, 0);
        return cut;

        void Take(int input, long first, long behind)
        {
            if (behind > first)
                ranges.Add(inputs[input].Range(input, first, behind));
        }

        void End(int input, long first, long behind)
        {
            Take(input, first, behind);
            if (ranges.Count > 0)
                cut.Add(new Shard(ranges.Sum(range => range.Rows), [.. ranges]));
            ranges.Clear();
        }
    }
}
