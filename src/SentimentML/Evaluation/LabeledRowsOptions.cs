using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>Where labelled data has what an evaluation needs.</summary>
public sealed class LabeledRowsOptions
{
    /// <summary>The column of texts. The default value is "Text".</summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>The column of second texts, for a model of pairs. The default value is null: none.</summary>
    public string? TextPairColumnName { get; set; }

    /// <summary>
    /// The column of labels, text or a key with names, matched with the model's labels by name. If the data does not have it, labels
    /// are made from the stars: negative, positive, and neutral if the model has such a label. The default value is "Label".
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column of stars, 1 to 5, read if the data has it. The default value is "Stars".</summary>
    public string StarsColumnName { get; set; } = "Stars";

    /// <summary>
    /// The most different values of a further text column that is kept to group by; numbers of reviews and products are no groups. The
    /// default value is 60.
    /// </summary>
    public int MaxColumnValues { get; set; } = 60;

    /// <summary>Receives the number of rows scored after each row, on the calling thread. The default value is null.</summary>
    public IProgress<long>? Progress { get; set; }

    /// <summary>Stops the work. The default value is none.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal void Check(string name)
    {
        var faults = new OptionFaults();
        faults.ExpectName(TextColumnName, nameof(TextColumnName));
        faults.ExpectName(LabelColumnName, nameof(LabelColumnName));
        faults.ExpectName(StarsColumnName, nameof(StarsColumnName));
        faults.Expect(MaxColumnValues >= 0, nameof(MaxColumnValues), MaxColumnValues, "0 or more");
        faults.Throw(name);
    }
}
