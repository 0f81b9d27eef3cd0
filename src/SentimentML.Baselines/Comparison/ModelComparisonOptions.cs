namespace SentimentML;

/// <summary>Options of a <see cref="ModelComparison"/>.</summary>
public sealed class ModelComparisonOptions
{
    /// <summary>
    /// The options of the fine-tuning: backbone, device, recipe, progress. <see cref="SentimentClassificationOptions.ValidationSet"/>
    /// must be null, since no model chooses anything by the validation rows. The default value is the trainer's defaults.
    /// </summary>
    public SentimentClassificationOptions FineTuning { get; set; } = new();

    /// <summary>
    /// Loads the fine-tuned model from its folder, to score with the engine and the precision that are wanted. The default value is null:
    /// <see cref="SentimentClassifier.Load(string, TorchDevice)"/> on the device of the fine-tuning.
    /// </summary>
    public Func<string, SentimentClassifier>? LoadClassifier { get; set; }

    /// <summary>The backbone's name in the models' names. The default value is null: <see cref="Backbone.Name"/>.</summary>
    public string? BackboneName { get; set; }

    /// <summary>Receives what is done next, in a few words for a person. The default value is null.</summary>
    public IProgress<string>? Progress { get; set; }
}
