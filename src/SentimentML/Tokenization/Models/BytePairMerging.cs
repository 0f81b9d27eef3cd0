using System.Runtime.CompilerServices;

namespace SentimentML.Tokenization;

/// <summary>A token inside a word while the word's merges are under way.</summary>
internal struct Symbol
{
    public int Id;

    /// <summary>In bytes of the word's UTF-8.</summary>
    public int Start;

    public int End;
}

/// <summary>Merges a word's symbols in place, the lowest rank first and the leftmost of equal ones, in two ways with one result.</summary>
internal static class BytePairMerging
{
    /// <summary>Looks through all pairs for each merge: quickest on words of usual length, quadratic on long ones.</summary>
    /// <returns>How many symbols are left, at the array's beginning.</returns>
    [SkipLocalsInit]
    public static int ByScanning(Span<Symbol> symbols, MergeTable merges)
    {
        int count = symbols.Length;
        Span<int> ranks = count <= 256 ? stackalloc int[256] : new int[count]; // ranks[i]: of symbol i and the next
        for (int i = 0; i + 1 < count; i++)
            ranks[i] = merges.RankOf(symbols[i].Id, symbols[i + 1].Id);
        while (count > 1)
        {
            int at = 0;
            for (int i = 1; i + 1 < count; i++)
            {
                if (ranks[i] < ranks[at])
                    at = i;
            }
            if (ranks[at] == MergeTable.None)
                break;

            symbols[at].Id = merges.MergedOf(ranks[at]);
            symbols[at].End = symbols[at + 1].End;
            symbols[(at + 2)..count].CopyTo(symbols[(at + 1)..]);
            ranks[(at + 1)..(count - 1)].CopyTo(ranks[at..]);
            count--;
            if (at > 0)
                ranks[at - 1] = merges.RankOf(symbols[at - 1].Id, symbols[at].Id);
            if (at + 1 < count)
                ranks[at] = merges.RankOf(symbols[at].Id, symbols[at + 1].Id);
        }
        return count;
    }

    /// <summary>Keeps the pairs in a queue: O(n log n), for very long text without spaces.</summary>
    /// <returns>How many symbols are left, at the array's beginning.</returns>
    public static int ByQueue(Span<Symbol> symbols, MergeTable merges)
    {
        const int Gone = -1;
        int count = symbols.Length;
        var next = new int[count];
        var previous = new int[count];
        var queue = new PriorityQueue<int, long>(count);
        for (int i = 0; i < count; i++)
            (next[i], previous[i]) = (i + 1, i - 1);
        for (int i = 0; i + 1 < count; i++)
            Offer(symbols, i);

        while (queue.TryDequeue(out int at, out long priority))
        {
            // what was offered may have merged otherwise since
            int rank = (int)(priority >> 32);
            int right = symbols[at].Id == Gone ? count : next[at];
            if (right >= count || merges.RankOf(symbols[at].Id, symbols[right].Id) != rank)
                continue;

            symbols[at].Id = merges.MergedOf(rank);
            symbols[at].End = symbols[right].End;
            symbols[right].Id = Gone;
            next[at] = next[right];
            if (next[at] < count)
            {
                previous[next[at]] = at;
                Offer(symbols, at);
            }
            if (previous[at] >= 0)
                Offer(symbols, previous[at]);
        }

        int left = 0;
        foreach (Symbol symbol in symbols)
        {
            if (symbol.Id != Gone)
                symbols[left++] = symbol;
        }
        return left;

        void Offer(Span<Symbol> symbols, int at)
        {
            int rank = merges.RankOf(symbols[at].Id, symbols[next[at]].Id);
            if (rank != MergeTable.None)
                queue.Enqueue(at, (long)rank << 32 | (uint)at);
        }
    }
}
