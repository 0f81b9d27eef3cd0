using SentimentML.Evaluation;
using SentimentML.Reviews;

namespace SentimentML;

/// <summary>Where labelled data has what an evaluation needs.</summary>
public sealed class LabeledRowsOptions
{
    /// <summary>The column of texts. The default value is "Text".</summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>The column of second texts, for a model of pairs. The default value is null: none.</summary>
    public string? TextPairColumnName { get; set; }

    /// <summary>
    /// The column of labels, text or a key with names, matched with the model's labels by name, else as sentiments
    /// (<see cref="AsSentiments"/>). If the data does not have it, labels are made from the stars: 1 and 2 are negative, 3 neutral,
    /// 4 and 5 positive. The default value is "Label".
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column of stars, 1 to 5, read if the data has it. The default value is "Stars".</summary>
    public string StarsColumnName { get; set; } = "Stars";

    /// <summary>
    /// Which sentiment each of the data's labels stands for, if they are not the model's; rows with another label are left out. The
    /// default value is null: what the labels' names say in English or Spanish, else what the model's own map says of them.
    /// </summary>
    public SentimentMap? Sentiments { get; set; }

    /// <summary>
    /// Whether the rows' labels and the model's are matched as sentiments (negative, neutral, positive) in any case. A sentiment's
    /// probability is the sum of those of its labels; the predicted sentiment is that of the label that the model answers
    /// (<see cref="SentimentPrediction.Sentiment"/>), which need not have the largest sum. The default value is false: only if a label
    /// of the data is not one of the model's.
    /// </summary>
    public bool AsSentiments { get; set; }

    /// <summary>
    /// Whether only negative against positive is measured: neutral rows (3 stars) are left out, and a model with a neutral label answers with
    /// the more probable of the two others. So models with and without that label can be compared. Labels are matched as sentiments. The
    /// default value is false.
    /// </summary>
    public bool WithoutNeutral { get; set; }

    /// <summary>
    /// The most different values of a further text column that is kept to group by; numbers of reviews and products are no groups. The
    /// default value is 60.
    /// </summary>
    public int MaxColumnValues { get; set; } = 60;

    /// <summary>Receives the number of rows scored after each row, on the calling thread. The default value is null.</summary>
    public IProgress<long>? Progress { get; set; }

    /// <summary>Stops the work. The default value is none.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>How messages name these options.</summary>
    internal OptionNames Names { get; set; } = OptionNames.Properties;

    internal LabeledRowsOptions WithSentiments()
    {
        var copy = (LabeledRowsOptions)MemberwiseClone();
        copy.AsSentiments = true;
        return copy;
    }

    internal void Check(string name)
    {
        var faults = new OptionFaults(Names);
        faults.ExpectName(TextColumnName, nameof(TextColumnName));
        faults.ExpectName(LabelColumnName, nameof(LabelColumnName));
        faults.ExpectName(StarsColumnName, nameof(StarsColumnName));
        faults.Expect(MaxColumnValues >= 0, nameof(MaxColumnValues), MaxColumnValues, "0 or more");
        faults.Throw(name);
    }
}
