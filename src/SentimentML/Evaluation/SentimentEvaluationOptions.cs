using SentimentML.Evaluation;

namespace SentimentML;

/// <summary>Options of a <see cref="SentimentEvaluation"/>.</summary>
public sealed class SentimentEvaluationOptions
{
    private const int MaxResamples = 1_000_000;

    /// <summary>How often the rows are resampled for the intervals; 0 for no intervals. The default value is 1,000.</summary>
    public int Resamples { get; set; } = SentimentMetrics.DefaultResamples;

    /// <summary>The seed of the resamples. The default value is 0.</summary>
    public int Seed { get; set; }

    /// <summary>
    /// The temperature saved with the model. The default value is null: one is fitted on each half of the rows and used on the
    /// other, so that the calibrated figures are honest.
    /// </summary>
    public Calibration? Calibration { get; set; }

    /// <summary>The texts that the model was trained on, to find those that the evaluated rows repeat. The default value is null: not looked for.</summary>
    public IReadOnlyList<string>? TrainingTexts { get; set; }

    /// <summary>The most mistakes, probable label errors and duplicates that are listed, of each. The default value is 25.</summary>
    public int MaxListedRows { get; set; } = 25;

    /// <summary>The most groups of a column. The default value is 30.</summary>
    public int MaxGroups { get; set; } = GroupMetrics.DefaultGroups;

    internal void Check(string name)
    {
        var faults = new OptionFaults();
        faults.Expect(Resamples is >= 0 and <= MaxResamples, nameof(Resamples), Resamples, "0 to 1,000,000");
        faults.Expect(MaxListedRows >= 0, nameof(MaxListedRows), MaxListedRows, "0 or more");
        faults.Expect(MaxGroups >= 1, nameof(MaxGroups), MaxGroups, "1 or more");
        faults.Throw(name);
    }
}
