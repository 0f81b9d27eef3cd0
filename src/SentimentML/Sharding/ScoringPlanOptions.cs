using SentimentML.Evaluation;
using SentimentML.Reviews;

namespace SentimentML;

/// <summary>How a large scoring is divided, read, answered and written (<see cref="ScoringPlan"/>).</summary>
public sealed class ScoringPlanOptions
{
    /// <summary>
    /// How many shards, 1 to 1,000,000. There are fewer if the rows do not suffice: a shard begins at a multiple of 1,024 rows of a file, and a
    /// file that cannot be read in parts is not divided. The default value is 1.
    /// </summary>
    public int Shards { get; set; } = 1;

    /// <summary>
    /// How the inputs are read, and where their texts are. Stars, labels and <see cref="ReviewFileOptions.MaxRows"/> are not looked at. The
    /// default value is null: the defaults of <see cref="ReviewFileOptions"/>.
    /// </summary>
    public ReviewFileOptions? Reading { get; set; }

    /// <summary>
    /// In what numbers to compute. The default value is <see cref="InferencePrecision.Auto"/>: what the model answers in on the machine that
    /// plans, for all shards alike.
    /// </summary>
    public InferencePrecision Precision { get; set; } = InferencePrecision.Auto;

    /// <summary>
    /// Whether probabilities are calibrated. The default value is null: as the model says (<see cref="SentimentClassifierOptions.Calibrated"/>).
    /// </summary>
    public bool? Calibrated { get; set; }

    /// <summary>The score, above 0 to 1, below which a row is marked as unsure. The default value is null: no row has such a mark.</summary>
    public double? UnsureBelow { get; set; }

    /// <summary>What the model's labels stand for. The default value is null: what the model or its labels' names say.</summary>
    public SentimentMap? Sentiments { get; set; }

    /// <summary>The inputs' columns that come along to the output, by name. The default value is null: all.</summary>
    public IReadOnlyList<string>? Columns { get; set; }

    /// <summary>Whether the network's raw outputs are written too. The default value is false.</summary>
    public bool Logits { get; set; }

    /// <summary>
    /// How the rows are written, any but <see cref="PredictionFormat.Excel"/>. The default value is <see cref="PredictionFormat.JsonLines"/>.
    /// </summary>
    public PredictionFormat OutputFormat { get; set; }

    /// <summary>What the plan says that the model is opened by, such as a hub id. The default value is null: <see cref="SavedModel.Location"/>.</summary>
    public string? ModelName { get; set; }

    /// <summary>
    /// Which network of a zip with several the model is, as it was opened (<see cref="SavedModel.Open"/>). The default value is null: the only one.
    /// </summary>
    public string? PredictedLabelColumnName { get; set; }

    /// <summary>How messages name these options.</summary>
    internal OptionNames Names { get; set; } = OptionNames.Properties;

    /// <exception cref="ArgumentException">One or more options are wrong; the message names each.</exception>
    internal void Check()
    {
        var faults = new OptionFaults(Names);
        faults.Expect(Shards is >= 1 and <= 1_000_000, nameof(Shards), Shards, "1 to 1,000,000");
        faults.Expect(Enum.IsDefined(Precision), nameof(Precision), Precision, "one of the enumeration's values");
        faults.Expect(UnsureBelow is not (<= 0 or > 1 or double.NaN), nameof(UnsureBelow), UnsureBelow, "a score above 0 to 1");
        bool canBeDivided = OutputFormat is PredictionFormat.JsonLines or PredictionFormat.Csv or PredictionFormat.Tsv or PredictionFormat.Parquet;
        faults.Expect(canBeDivided, nameof(OutputFormat), OutputFormat, "JsonLines, Csv, Tsv or Parquet");
        faults.Throw();
    }
}
