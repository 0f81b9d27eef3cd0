using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SentimentML.Files;
using SentimentML.Persistence;

namespace SentimentML;

/// <summary>
/// What a model knows of itself and transformers does not: how it was trained and measured, and what suits it (the file
/// sentimentml.json beside the weights). Every property may be missing; keys that this version does not know are kept.
/// </summary>
public sealed record ModelRecord
{
    internal const string FileName = "sentimentml.json";

    /// <summary>A larger file is refused before it is read.</summary>
    internal const int MaxBytes = 16 << 20;

    /// <summary>More steps than any training with few rows needs, and few enough to be counted in epochs.</summary>
    private const int MaxMinSteps = 1_000_000;

    /// <summary>The name of the backbone that the training started from.</summary>
    public string? Backbone { get; init; }

    /// <summary>Whether the model was trained on pairs of texts.</summary>
    public bool? TextPair { get; init; }

    /// <summary>The tokens that a text is cut to, special ones included, 3 or more.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>
    /// The type of the values that the labels were when the model was trained in ML.NET, such as "Boolean", "Int32" or "Key UInt32 5":
    /// MapKeyToValue gives predictions as this type. Null for texts. The labels' names are the values' invariant text.
    /// </summary>
    public string? LabelType { get; init; }

    /// <summary>How the model was trained.</summary>
    public TrainingRecipe? Training { get; init; }

    /// <summary>The validation set's metrics during the training, the untrained network's first; empty without a validation set.</summary>
    public IReadOnlyList<TrainingEvaluation> Evaluations
    {
        get => field ?? [];
        init;
    }

    /// <summary>The temperature that was fitted on the validation set, 0.01 to 100; null if none fits or there was no such set.</summary>
    public double? Temperature { get; init; }

    /// <summary>Whether the scores are divided by <see cref="Temperature"/> unless the program that loads the model says otherwise.</summary>
    public bool? CalibratedScores { get; init; }

    /// <summary>
    /// The numbers that the model answers in unless the program that loads it says otherwise; null for the choice of
    /// <see cref="InferencePrecision.Auto"/>.
    /// </summary>
    public InferencePrecision? InferencePrecision { get; init; }

    /// <summary>Which sentiment each label stands for, if its name does not say it.</summary>
    public IReadOnlyDictionary<string, Sentiment>? Sentiments { get; init; }

    /// <summary>How texts are rewritten before they are tokenized; null if they are read as they are.</summary>
    public TweetPreprocessingOptions? Preprocessing { get; init; }

    /// <summary>The licence of the backbone or model that this one was made from, as its card states it, such as "apache-2.0".</summary>
    public string? License { get; init; }

    /// <summary>How many labels faster numbers keep.</summary>
    public LabelsKept? LabelsKept { get; init; }

    /// <summary>What suits the network as a backbone.</summary>
    public BackboneRecipe? FineTuning { get; init; }

    /// <summary>The keys that this version does not know.</summary>
    [JsonInclude]
    [JsonExtensionData]
    internal Dictionary<string, JsonElement>? Unknown { get; set; }

    /// <summary><see cref="Sentiments"/> as a map; null if the record states none.</summary>
    [JsonIgnore]
    internal SentimentMap? SentimentMap => Sentiments is { Count: > 0 } stated ? SentimentMap.Of(stated) : null;

    /// <summary>The calibration by <see cref="Temperature"/>; null without one.</summary>
    [JsonIgnore]
    public Calibration? Calibration => Temperature is { } temperature ? new Calibration(temperature) : null;

    /// <summary>The record as the file holds it.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(
            stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            JsonSerializer.Serialize(writer, this, RecordJson.Options);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Reads a model's record; an empty one if the model has no such file.</summary>
    /// <exception cref="SentimentMLException">The file is damaged.</exception>
    internal static ModelRecord Read(ModelFiles files)
    {
        if (!files.Contains(FileName))
            return new ModelRecord();
        using MappedFile file = files.Map(FileName);
        if (file.Length > MaxBytes)
            throw new ModelFileException($"{file.Path} has {file.Length} bytes, expected at most {MaxBytes}. It is not a model's record: get the model again.");
        ReadOnlySpan<byte> json = file.Span(0, file.Length);
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        try
        {
            ModelRecord record = JsonSerializer.Deserialize<ModelRecord>(json, RecordJson.Options)
                ?? throw new FormatException("the outermost value is null, expected an object.");
            record.Check();
            return record;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new ModelFileException($"{file.Path} is damaged: {e.Message} Correct the key, or get the model again.", e);
        }
    }

    /// <summary>What the logits are divided by before the softmax.</summary>
    /// <param name="calibrated">Whether the temperature is used; null: as the record says.</param>
    /// <param name="model">The model's name in error messages.</param>
    /// <exception cref="SentimentMLException">The temperature is asked for and the model has none.</exception>
    internal double TemperatureToUse(bool? calibrated, string model)
    {
        if (!(calibrated ?? CalibratedScores ?? false))
            return 1;
        if (Temperature is null && calibrated is true)
            throw new SentimentMLException($"{model} has no temperature to calibrate its probabilities with. It is fitted at the end of a training with a "
                + "validation set of which the model gets some rows wrong: "
                + "train the model with one, or do without calibrated probabilities.");
        return Temperature ?? 1;
    }

    /// <exception cref="FormatException">A value is out of range; the message names its key.</exception>
    private void Check()
    {
        Expect(MaxTokens is null or >= 3, "max_tokens", MaxTokens, "3 or more");
        if (Preprocessing?.Faults().FirstOrDefault() is { } fault)
            throw new FormatException($"preprocessing: {fault}");
        Expect(Temperature is null or (>= Calibration.MinTemperature and <= Calibration.MaxTemperature), "temperature", Temperature, "0.01 to 100");
        Expect(LabelsKept?.BFloat16 is null or (>= 0 and <= 1), "labels_kept.bfloat16", LabelsKept?.BFloat16, "0 to 1");
        Expect(LabelsKept?.Int8 is null or (>= 0 and <= 1), "labels_kept.int8", LabelsKept?.Int8, "0 to 1");
        Expect(FineTuning?.LearningRate is null or (> 0 and < 1), "fine_tuning.learning_rate", FineTuning?.LearningRate, "above 0 and below 1");
        Expect(FineTuning?.Epochs is null or >= 1, "fine_tuning.epochs", FineTuning?.Epochs, "1 or more");
        Expect(FineTuning?.WarmupRatio is null or (>= 0 and <= 1), "fine_tuning.warmup_ratio", FineTuning?.WarmupRatio, "0 to 1");
        LoraRecipe? lora = FineTuning?.Lora;
        Expect(lora is null or { Rank: >= 1 }, "fine_tuning.lora.rank", lora?.Rank, "1 or more");
        Expect(lora is null or { LearningRate: > 0 and < 1 }, "fine_tuning.lora.learning_rate", lora?.LearningRate, "above 0 and below 1");
        Expect(lora is null or { Epochs: >= 1 }, "fine_tuning.lora.epochs", lora?.Epochs, "1 or more");
        Expect(lora is null or { MinSteps: >= 0 and <= MaxMinSteps }, "fine_tuning.lora.min_steps", lora?.MinSteps, $"0 to {MaxMinSteps}");
        Expect(lora is null or { MaxEpochs: >= 1 }, "fine_tuning.lora.max_epochs", lora?.MaxEpochs, "1 or more");
        Expect(lora is null or { HiddenDropout: null or (>= 0 and < 1) }, "fine_tuning.lora.hidden_dropout", lora?.HiddenDropout, "from 0 to below 1");
        Expect(lora is null or { MinRows: >= 0 }, "fine_tuning.lora.min_rows", lora?.MinRows, "0 or more");
    }

    private static void Expect(bool holds, string key, object? value, string expected)
    {
        if (!holds)
            throw new FormatException(FormattableString.Invariant($"{key} is {value}, expected {expected}."));
    }
}
