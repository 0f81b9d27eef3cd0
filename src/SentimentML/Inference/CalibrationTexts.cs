using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>
/// Short reviews of every kind (CalibrationTexts.txt), from which an engine in 8-bit integers takes the ranges of its
/// activations. Few are enough: which of a network's numbers are large is decided by its weights more than by the text.
/// The shortest count, where attention has little to average.
/// </summary>
internal static class CalibrationTexts
{
    private static readonly Lazy<string[]> All = new(() =>
    {
        using Stream stream = typeof(CalibrationTexts).Assembly.GetManifestResourceStream("SentimentML.CalibrationTexts.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    });

    /// <summary>The texts' ids by a model's tokenizer.</summary>
    public static TokenRow[] Ids(PretrainedTokenizer tokenizer, int maxTokens) =>
        [.. All.Value.Prepend("").Select(text => tokenizer.EncodeRow(new TextInput(text), maxTokens, out _))];
}
