using SentimentML.Tokenization;

namespace SentimentML.Preprocessing;

/// <summary>Texts on their way to the tokenizer.</summary>
internal static class PreprocessedInput
{
    /// <summary>The texts as a model wants them; as they are if it wants nothing.</summary>
    public static TextInput Apply(this TweetPreprocessing? preprocessing, TextInput input) => preprocessing is null ? input
        : new TextInput(preprocessing.Apply(input.Text), input.Pair is null ? null : preprocessing.Apply(input.Pair));
}
