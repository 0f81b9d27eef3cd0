using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>A JSON file's rows as JSON text, one after the other; each is valid until the next is read.</summary>
internal abstract class JsonItems : IDisposable
{
    public abstract ReadOnlySpan<byte> Item { get; }

    /// <summary>Where the current one begins, for messages: "line 7".</summary>
    public string Place => PlaceIn(ReportText.English);

    public abstract string PlaceIn(ReportText text);

    /// <summary>Where the current one begins in the text; null if it is in an array.</summary>
    public virtual RowStart? Start => null;

    /// <summary>Moves to the next; false at the end.</summary>
    public abstract bool Read();

    public abstract void Dispose();
}
