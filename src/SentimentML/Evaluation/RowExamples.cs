namespace SentimentML;

/// <summary>The number of rows that have something in common, and the first of them.</summary>
public sealed class RowExamples
{
    private readonly int _maxExamples;
    private readonly List<long> _examples = [];

    internal RowExamples(int maxExamples) => _maxExamples = maxExamples;

    /// <summary>The number of rows.</summary>
    public long Count { get; private set; }

    /// <summary>The places of the first of them in the data, from 0; at most 20.</summary>
    public IReadOnlyList<long> Examples => _examples;

    internal void Add(long row)
    {
        Count++;
        if (_examples.Count < _maxExamples)
            _examples.Add(row);
    }
}
