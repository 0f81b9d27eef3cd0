using Microsoft.ML;

namespace SentimentML;

/// <summary>
/// What a fine-tuning is done with. An option left null takes what the backbone recommends for itself; for
/// roberta-base-bne and any backbone that recommends nothing that is the recipe of the reference notebook.
/// Options are checked and copied when the trainer is made; a Fit changes nothing in them.
/// </summary>
public sealed class RobertaTextClassificationOptions
{
    /// <summary>The column of texts. The default value is "Text".</summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>The column of second texts, for classifying pairs. The default value is null: single texts.</summary>
    public string? TextPairColumnName { get; set; }

    /// <summary>The column of labels, a key with the labels' names (MapStarsToSentiment and MapValueToKey make one). The default value is "Label".</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column that the probabilities go to. The default value is "Score".</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column that the most probable label goes to, a key. The default value is "PredictedLabel".</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>The column of the rows' weights in the loss, Single. The default value is null: every row weighs 1.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>Where the network to start from comes from. The default value is <see cref="Backbone.RobertaBaseBne"/>.</summary>
    public Backbone Backbone { get; set; } = Backbone.RobertaBaseBne;

    /// <summary>Where to compute. The default value is <see cref="TorchDevice.Auto"/>.</summary>
    public TorchDevice Device { get; set; } = TorchDevice.Auto;

    /// <summary>
    /// Rows to validate on: before the first step, after each epoch and at the end; the best epoch is kept. The rows need
    /// the text column, and either the label column (a key, or text) or, where the training labels come from
    /// MapStarsToSentiment, a column "Stars". The default value is null: no validation, the last epoch is kept.
    /// </summary>
    public IDataView? ValidationSet { get; set; }

    /// <summary>How often every training row is seen. The default value is null: the backbone's, else 2.</summary>
    public int? Epochs { get; set; }

    /// <summary>Rows in a batch. The default value is 16.</summary>
    public int BatchSize { get; set; } = 16;

    /// <summary>The highest learning rate. The default value is null: the backbone's, else 2e-5.</summary>
    public double? LearningRate { get; set; }

    /// <summary>AdamW's weight decay, not applied to biases and LayerNorm. The default value is 0.01.</summary>
    public double WeightDecay { get; set; } = 0.01;

    /// <summary>Steps in which the learning rate rises from 0. The default value is null: the backbone's share of all steps, else 0.</summary>
    public int? WarmupSteps { get; set; }

    /// <summary>Batches whose gradients are averaged into one step. The default value is 1.</summary>
    public int GradientAccumulation { get; set; } = 1;

    /// <summary>The norm that gradients are clipped to. The default value is 1.</summary>
    public double MaxGradientNorm { get; set; } = 1;

    /// <summary>The share of probability spread evenly over all labels in the loss, 0 to below 1. The default value is 0.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>The tokens a text is cut to, special ones included. The default value is null: all that the backbone has positions for (512).</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Whether the rows are put in a new order in each epoch. The default value is true.</summary>
    public bool Shuffle { get; set; } = true;

    /// <summary>What all random choices come from (a new head, the order of rows, dropout). The default value is null: drawn from the MLContext's seed, and 42 where it has none.</summary>
    public int? Seed { get; set; }

    /// <summary>Told after each step and each evaluation, on the training thread. The default value is null.</summary>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Stops the run with an <see cref="OperationCanceledException"/>. The default value is none.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal RobertaTextClassificationOptions Copy() => (RobertaTextClassificationOptions)MemberwiseClone();

    /// <summary>Checks everything and names every fault at once.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    internal void Check(string parameterName)
    {
        var faults = new List<string>();
        void Expect(bool holds, string property, object? value, string expected)
        {
            if (!holds)
                faults.Add(FormattableString.Invariant($"{property} is {value ?? "null"}, expected {expected}."));
        }

        void ExpectName(string? value, string property) => Expect(!string.IsNullOrWhiteSpace(value), property, value is null ? null : "empty", "a column's name");

        ExpectName(TextColumnName, nameof(TextColumnName));
        ExpectName(LabelColumnName, nameof(LabelColumnName));
        ExpectName(ScoreColumnName, nameof(ScoreColumnName));
        ExpectName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        Expect(ScoreColumnName != PredictedLabelColumnName, nameof(ScoreColumnName), ScoreColumnName, $"another name than {nameof(PredictedLabelColumnName)}");
        Expect(Backbone is not null, nameof(Backbone), null, "a backbone");
        Expect(Device is not null, nameof(Device), null, "a device");
        Expect(Epochs is null or >= 1, nameof(Epochs), Epochs, "1 or more");
        Expect(BatchSize >= 1, nameof(BatchSize), BatchSize, "1 or more");
        Expect(LearningRate is null || (LearningRate > 0 && double.IsFinite(LearningRate.Value)), nameof(LearningRate), LearningRate, "a number above 0");
        Expect(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "0 or more");
        Expect(WarmupSteps is null or >= 0, nameof(WarmupSteps), WarmupSteps, "0 or more");
        Expect(GradientAccumulation >= 1, nameof(GradientAccumulation), GradientAccumulation, "1 or more");
        Expect(MaxGradientNorm > 0, nameof(MaxGradientNorm), MaxGradientNorm, "a number above 0 (infinity for no clipping)");
        Expect(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "0 to below 1");
        Expect(MaxTokens is null or >= 3, nameof(MaxTokens), MaxTokens, "3 or more");
        if (faults.Count > 0)
            throw new ArgumentException(string.Join(" ", faults), parameterName);
    }
}
