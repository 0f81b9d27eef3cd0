namespace SentimentML.Evaluation;

/// <summary>How many rows have something in common, and the first of them.</summary>
internal sealed class ReportedRows(int mostExamples)
{
    private readonly List<long> examples = [];

    /// <summary>How many rows there are.</summary>
    public long Count { get; private set; }

    /// <summary>The numbers of the first of them, from 0.</summary>
    public IReadOnlyList<long> Examples => examples;

    public void Add(long row)
    {
        Count++;
        if (examples.Count < mostExamples)
            examples.Add(row);
    }
}
