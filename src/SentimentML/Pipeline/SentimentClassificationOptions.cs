using Microsoft.ML;
using SentimentML.Evaluation;
using SentimentML.Reviews;

namespace SentimentML;

/// <summary>
/// Options for fine-tuning. An option left null takes what the backbone recommends for itself; for
/// roberta-base-bne and any backbone that recommends nothing that is the recipe of the reference notebook.
/// Options are checked and copied when the trainer is made; a Fit changes nothing in them.
/// </summary>
public sealed class SentimentClassificationOptions
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

    /// <summary>
    /// Which weights the training starts from. The default value is <see cref="TrainingStart.Auto"/>: the ready sentiment model if the
    /// backbone comes with one and the labels are sentiments, such as "negative" and "positive".
    /// </summary>
    public TrainingStart StartFrom { get; set; }

    /// <summary>
    /// How texts are rewritten before they are tokenized, in training and by the trained model, which keeps it when it is saved. The default
    /// value is null: as the weights that the training starts from need it (robertuito does); else texts are read as they are.
    /// </summary>
    public TweetPreprocessing? Preprocessing { get; set; }

    /// <summary>Where to compute. The default value is <see cref="TorchDevice.Auto"/>.</summary>
    public TorchDevice Device { get; set; } = TorchDevice.Auto;

    /// <summary>
    /// Rows to validate on: before the first step and after each epoch, or every <see cref="EvaluationSteps"/>; the best weights
    /// (<see cref="BestModelBy"/>) are kept. The rows need
    /// the text column, and either the label column (a key, or text) or, where the training labels come from
    /// MapStarsToSentiment, a column "Stars". The default value is null: no validation, the last epoch is kept.
    /// </summary>
    public IDataView? ValidationSet { get; set; }

    /// <summary>Optimizer steps between two evaluations. The default value is null: one after each epoch.</summary>
    public int? EvaluationSteps { get; set; }

    /// <summary>Which figure of the validation set says which weights are kept. The default value is <see cref="BestModelMetric.Accuracy"/>.</summary>
    public BestModelMetric BestModelBy { get; set; } = BestModelMetric.Accuracy;

    /// <summary>
    /// Ends the run after this many evaluations in a row that were no better than the best. The default value is null: every epoch is run.
    /// Needs a <see cref="ValidationSet"/>.
    /// </summary>
    public int? EarlyStoppingPatience { get; set; }

    /// <summary>
    /// Whether the model's scores are calibrated: the logits are divided by the temperature found on the validation set, so that a
    /// score of 0.9 is right nine times in ten. Which label is predicted does not change, and the model keeps the choice when it is
    /// saved. The default value is false: scores are the softmax of the logits, as the reference has them; the temperature is
    /// saved all the same (<see cref="SentimentClassifierOptions.Calibrated"/>). Needs a <see cref="ValidationSet"/>.
    /// </summary>
    public bool CalibratedScores { get; set; }

    /// <summary>
    /// In what numbers the trained model answers, which it keeps when it is saved. The default value is
    /// <see cref="InferencePrecision.Auto"/>: the fastest that kept 99.9 % of the labels on the <see cref="ValidationSet"/>.
    /// </summary>
    public InferencePrecision InferencePrecision { get; set; } = InferencePrecision.Auto;

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

    /// <summary>
    /// Whether a batch is made of rows of like length; every row is still seen once an epoch, in a new order. The default value
    /// is null: where it saves work, which is on a GPU, where rows are padded to their batch's longest; on a processor nothing is
    /// padded. False gives random batches everywhere, as the reference has them: set it where the last half point of accuracy
    /// on a small set counts more than the time. It does nothing where <see cref="Shuffle"/> is false.
    /// </summary>
    public bool? GroupByLength { get; set; }

    /// <summary>
    /// What type of number the training computes in. The default value is <see cref="TrainingPrecision.Auto"/>; for parity with a float32
    /// reference set <see cref="TrainingPrecision.Float32"/>.
    /// </summary>
    public TrainingPrecision Precision { get; set; } = TrainingPrecision.Auto;

    /// <summary>What each label counts in the loss. The default value is null: every row counts as much.</summary>
    public ClassWeights? ClassWeights { get; set; }

    /// <summary>
    /// Leaves the embeddings and this many first layers as they are; 0 for the embeddings alone. The default value is null: everything is
    /// trained.
    /// </summary>
    public int? FrozenLayers { get; set; }

    /// <summary>
    /// A layer's learning rate over that of the layer above it, above 0 to 1; the head has the full one, the embeddings the
    /// lowest. The default value is 1: one rate for all.
    /// </summary>
    public double LayerLearningRateDecay { get; set; } = 1;

    /// <summary>
    /// The share of hidden numbers that are dropped at random in training: in the embeddings, behind each of a layer's halves and in the
    /// head; not in the attention's probabilities. From 0 to below 1. The default value is null: the value
    /// that the backbone recommends together with its LoRA, if that LoRA is trained; otherwise the value of its config.json.
    /// </summary>
    public double? HiddenDropout { get; set; }

    /// <summary>
    /// Evaluates and keeps the exponential moving average of the weights over the steps instead of a step's own: 0.99 averages over
    /// about the last hundred steps. Above 0 and below 1. The default value is null: no average.
    /// </summary>
    public double? WeightAverageDecay { get; set; }

    /// <summary>
    /// Trains LoRA's two thin matrices of this rank on <see cref="LoraTargets"/> of every layer, and the head, instead of everything
    /// (Hu et al., 2021); they are merged into the network at the end. The default value is null: what the backbone recommends if
    /// <see cref="LearningRate"/>, <see cref="FrozenLayers"/> and <see cref="LayerLearningRateDecay"/> are left to it too, else no LoRA.
    /// </summary>
    public int? LoraRank { get; set; }

    /// <summary>What LoRA's product is scaled by, over the rank. The default value is null: twice the rank.</summary>
    public double? LoraAlpha { get; set; }

    /// <summary>Which matrices LoRA adapts. The default value is <see cref="LoraTargets.QueryAndValue"/>.</summary>
    public LoraTargets LoraTargets { get; set; }

    /// <summary>
    /// The folder of the run's checkpoints, from which it can be resumed when it was stopped. The default value is null: none.
    /// Without <see cref="CheckpointSteps"/> and <see cref="CheckpointInterval"/> one is written after each epoch. One of a full
    /// training takes three to four times the network's size.
    /// </summary>
    public string? CheckpointFolder { get; set; }

    /// <summary>Optimizer steps between two checkpoints. The default value is null.</summary>
    public int? CheckpointSteps { get; set; }

    /// <summary>The time between two checkpoints. The default value is null.</summary>
    public TimeSpan? CheckpointInterval { get; set; }

    /// <summary>How many of the newest checkpoints are kept. The default value is 2.</summary>
    public int MaxCheckpoints { get; set; } = 2;

    /// <summary>
    /// Resumes from the newest whole checkpoint in <see cref="CheckpointFolder"/> and starts from the beginning if there is none. The
    /// weights at the end are those of a run that was never stopped, bit for bit on the same machine. A checkpoint of another
    /// recipe or other data is refused. The default value is false.
    /// </summary>
    public bool Resume { get; set; }

    /// <summary>
    /// Keeps for the gradients what enters each layer instead of all that is computed in it, and computes the layer a second time (gradient
    /// checkpointing; Chen et al., 2016, arXiv:1604.06174): for long texts and large batches. A step takes a fraction of the memory, and a third
    /// (float32) to two thirds (bfloat16) more time. The trained weights are the same, on a CPU bit for bit; on a GPU dropout draws other numbers.
    /// The default value is false.
    /// </summary>
    public bool GradientCheckpointing { get; set; }

    /// <summary>
    /// When memory runs out, sends a batch through the network in halves, quarters, …, whose gradients are added up, and goes
    /// on; the steps stay the same. The default value is false: the run ends with an error that says what to lower. On a CPU most
    /// Linux systems end the process instead of refusing memory, and then there is nothing to halve.
    /// </summary>
    public bool HalveBatchWhenOutOfMemory { get; set; }

    /// <summary>
    /// What all random choices come from (a new head, the order of rows, dropout). The default value is null: drawn from the MLContext's
    /// seed, and 42 where it has none.
    /// </summary>
    public int? Seed { get; set; }

    /// <summary>Receives a report after each step and each evaluation, on the training thread. The default value is null.</summary>
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Stops the run between two steps, or in an evaluation. The default value is none.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>What happens when the run is cancelled. The default value is <see cref="CancellationOutcome.Throw"/>.</summary>
    public CancellationOutcome OnCancellation { get; set; } = CancellationOutcome.Throw;

    /// <summary>How messages name these options.</summary>
    internal OptionNames Names { get; set; } = OptionNames.Properties;

    /// <summary>Whether the caller tells which labels look misspelled, with their rows in the file: those of a data view may be others.</summary>
    internal bool TellsLabels { get; set; }

    /// <summary>Whether a training whose labels say sentiments starts from a ready sentiment model without being told to.</summary>
    internal bool StartsFromSentimentModel => StartFrom == TrainingStart.Auto && Backbone.HasSentimentModel;

    internal SentimentClassificationOptions Copy() => (SentimentClassificationOptions)MemberwiseClone();

    /// <summary>Checks everything and names every fault at once.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    internal void Check(string parameterName)
    {
        var faults = new OptionFaults(Names);
        faults.ExpectName(TextColumnName, nameof(TextColumnName));
        faults.ExpectName(LabelColumnName, nameof(LabelColumnName));
        faults.ExpectName(ScoreColumnName, nameof(ScoreColumnName));
        faults.ExpectName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        faults.Expect(ScoreColumnName != PredictedLabelColumnName, nameof(ScoreColumnName), ScoreColumnName,
            $"another name than {faults.Name(nameof(PredictedLabelColumnName))}");
        faults.Expect(Backbone is not null, nameof(Backbone), null, "a backbone");
        faults.Expect(Enum.IsDefined(StartFrom), nameof(StartFrom), StartFrom, "Auto, Backbone or SentimentModel");
        faults.Expect(Device is not null, nameof(Device), null, "a device");
        faults.Expect(Epochs is null or >= 1, nameof(Epochs), Epochs, "1 or more");
        faults.Expect(BatchSize >= 1, nameof(BatchSize), BatchSize, "1 or more");
        faults.Expect(LearningRate is null
            || (LearningRate > 0 && double.IsFinite(LearningRate.Value)), nameof(LearningRate), LearningRate, "a number above 0");
        faults.Expect(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "0 or more");
        faults.Expect(WarmupSteps is null or >= 0, nameof(WarmupSteps), WarmupSteps, "0 or more");
        faults.Expect(GradientAccumulation >= 1, nameof(GradientAccumulation), GradientAccumulation, "1 or more");
        faults.Expect(MaxGradientNorm > 0, nameof(MaxGradientNorm), MaxGradientNorm, "a number above 0 (infinity for no clipping)");
        faults.Expect(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "0 to below 1");
        faults.Expect(MaxTokens is null or >= 3, nameof(MaxTokens), MaxTokens, "3 or more");
        faults.Expect(EvaluationSteps is null or >= 1, nameof(EvaluationSteps), EvaluationSteps, "1 or more");
        faults.Expect(Enum.IsDefined(BestModelBy), nameof(BestModelBy), BestModelBy, "Accuracy, MacroF1 or Loss");
        faults.Expect(EarlyStoppingPatience is null or >= 1, nameof(EarlyStoppingPatience), EarlyStoppingPatience, "1 or more");
        faults.Expect(EarlyStoppingPatience is null
            || ValidationSet is not null, nameof(ValidationSet), null, $"rows to validate on, for {faults.Name(nameof(EarlyStoppingPatience))}");
        faults.Expect(!CalibratedScores
            || ValidationSet is not null, nameof(ValidationSet), null, $"rows to validate on, for {faults.Name(nameof(CalibratedScores))}");
        faults.Expect(Enum.IsDefined(Precision), nameof(Precision), Precision, "Auto, Float32 or BFloat16");
        faults.Expect(Enum.IsDefined(InferencePrecision), nameof(InferencePrecision), InferencePrecision, "Auto, Float32, BFloat16 or Int8");
        faults.Expect(FrozenLayers is null or >= 0, nameof(FrozenLayers), FrozenLayers, "0 or more");
        faults.Expect(LayerLearningRateDecay is > 0 and <= 1, nameof(LayerLearningRateDecay), LayerLearningRateDecay, "above 0 to 1");
        faults.Expect(HiddenDropout is null or (>= 0 and < 1), nameof(HiddenDropout), HiddenDropout, "0 to below 1");
        faults.Expect(WeightAverageDecay is null or (> 0 and < 1), nameof(WeightAverageDecay), WeightAverageDecay, "above 0 and below 1");
        faults.Expect(LoraRank is null or >= 1, nameof(LoraRank), LoraRank, "1 or more");
        faults.Expect(LoraAlpha is null || (LoraAlpha > 0 && double.IsFinite(LoraAlpha.Value)), nameof(LoraAlpha), LoraAlpha, "a number above 0");
        faults.Expect(LoraAlpha is null || LoraRank is not null, nameof(LoraRank), null, $"a rank, for {faults.Name(nameof(LoraAlpha))}");
        faults.Expect(Enum.IsDefined(LoraTargets), nameof(LoraTargets), LoraTargets, "QueryAndValue or AllMatrices");
        faults.Expect(LoraTargets == LoraTargets.QueryAndValue
            || LoraRank is not null, nameof(LoraRank), null, $"a rank, for {faults.Name(nameof(LoraTargets))}");
        faults.Expect(CheckpointFolder is null || !string.IsNullOrWhiteSpace(CheckpointFolder), nameof(CheckpointFolder), "empty", "a folder");
        faults.Expect(CheckpointSteps is null or >= 1, nameof(CheckpointSteps), CheckpointSteps, "1 or more");
        faults.Expect(CheckpointInterval is null
            || (CheckpointInterval > TimeSpan.Zero && CheckpointInterval <= TimeSpan.FromDays(365)), nameof(CheckpointInterval), CheckpointInterval,
            "above 0 to 365 days");
        faults.Expect(MaxCheckpoints >= 1, nameof(MaxCheckpoints), MaxCheckpoints, "1 or more");
        faults.Expect(CheckpointFolder is not null || (CheckpointSteps is null && CheckpointInterval is null && !Resume), nameof(CheckpointFolder), null,
            $"a folder, for {faults.Name(nameof(CheckpointSteps))}, {faults.Name(nameof(CheckpointInterval))} and {faults.Name(nameof(Resume))}");
        faults.Expect(Enum.IsDefined(OnCancellation), nameof(OnCancellation), OnCancellation, "Throw or KeepBest");
        faults.Throw(parameterName);
    }
}
