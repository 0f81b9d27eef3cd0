namespace SentimentML.Encoders;

/// <summary>The kinds of encoders that this library knows.</summary>
internal static class Architectures
{
    private static readonly IReadOnlyList<Architecture> All =
    [
        new RobertaArchitecture("roberta", "RobertaForSequenceClassification"),
        new RobertaArchitecture("xlm-roberta", "XLMRobertaForSequenceClassification"),
        new RobertaArchitecture("camembert", "CamembertForSequenceClassification"),
        new BertArchitecture(),
        new DistilBertArchitecture(),
        new ModernBertArchitecture(),
    ];

    /// <exception cref="FormatException">There is none for this model type.</exception>
    public static Architecture For(string? modelType) => All.FirstOrDefault(a => a.ModelTypes.Contains(modelType)) ?? throw new FormatException(
        $"model_type is {(modelType is null ? "missing" : $"'{modelType}'")}, expected one of {string.Join(", ", All.SelectMany(a => a.ModelTypes))}. "
            + (modelType is null ? "Write there which the weights are of, as transformers' save_pretrained does." : "Take a model of one of these kinds."));
}
