using System.Numerics;
using System.Runtime.CompilerServices;

namespace SentimentML.Tokenization;

/// <summary>The pieces of a vocabulary as a tree of UTF-16 units, its edges in one hash table.</summary>
internal sealed class PieceTrie
{
    public const int Root = 0;

    private ulong[] _edges; // (node, unit) + 1; 0 for an empty slot
    private int[] _children;
    private int[] _ids; // by node; -1 where no piece ends
    private int _shift;
    private int _nodes = 1;

    // Random for each tree, so that no file can be crafted whose edges all collide.
    private readonly ulong _multiplier = (ulong)Random.Shared.NextInt64() | 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PieceTrie(Dictionary<string, int> pieces)
    {
        Resize(BitOperations.Log2((uint)Math.Max(16, pieces.Count)) + 2);
        _ids = new int[Math.Max(16, pieces.Count * 2)];
        Array.Fill(_ids, -1);
        foreach ((string piece, int id) in pieces)
        {
            int node = Root;
            foreach (char unit in piece)
                node = Add(node, unit);
            if (node != Root)
                _ids[node] = id;
        }
    }

    /// <summary>The node behind an edge, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Next(int node, char unit)
    {
        ulong edge = Edge(node, unit);
        int slot = SlotOf(edge);
        while (true)
        {
            ulong found = _edges[slot];
            if (found == edge)
                return _children[slot];
            if (found == 0)
                return -1;
            slot = (slot + 1) & (_edges.Length - 1);
        }
    }

    /// <summary>The piece that ends at a node, or -1.</summary>
    public int IdOf(int node) => _ids[node];

    private static ulong Edge(int node, char unit) => ((ulong)(uint)node << 16 | unit) + 1;

    private int SlotOf(ulong edge) => (int)((edge ^ edge >> 29) * _multiplier >> _shift);

    private int Add(int node, char unit)
    {
        if (Next(node, unit) is >= 0 and int known)
            return known;
        if (_nodes * 2 >= _edges.Length)
            Resize(64 - _shift + 1);
        if (_nodes == _ids.Length)
        {
            Array.Resize(ref _ids, _nodes * 2);
            Array.Fill(_ids, -1, _nodes, _nodes);
        }
        Place(Edge(node, unit), _nodes);
        return _nodes++;
    }

    private void Place(ulong edge, int child)
    {
        int slot = SlotOf(edge);
        while (_edges[slot] != 0)
            slot = (slot + 1) & (_edges.Length - 1);
        (_edges[slot], _children[slot]) = (edge, child);
    }

    [System.Diagnostics.CodeAnalysis.MemberNotNull(nameof(_edges), nameof(_children))]
    private void Resize(int bits)
    {
        ulong[] edges = _edges ?? [];
        int[] children = _children ?? [];
        _shift = 64 - bits;
        _edges = new ulong[1 << bits];
        _children = new int[1 << bits];
        for (int slot = 0; slot < edges.Length; slot++)
        {
            if (edges[slot] != 0)
                Place(edges[slot], children[slot]);
        }
    }
}
