using SentimentML.Evaluation;
using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>Texts to logits: a tokenizer and an engine, with the labels' names.</summary>
/// <param name="Engine">Disposed with the scorer.</param>
/// <param name="Tokenizer">The model's.</param>
/// <param name="Rule">How logits become an answer.</param>
/// <param name="MaxTokens">What a text is cut to, special tokens included.</param>
internal sealed record TextScorer(IInferenceEngine Engine, PretrainedTokenizer Tokenizer, AnswerRule Rule, int MaxTokens) : IDisposable
{
    /// <summary>The labels' names in the order of the logits.</summary>
    public IReadOnlyList<string> Labels => Rule.Labels;

    /// <summary>The text's tokens, special ones included.</summary>
    public TokenRow Tokenize(TextInput input) => Tokenizer.EncodeRow(input, MaxTokens, out _);

    /// <summary>One text's logits.</summary>
    public float[] Logits(TextInput input) => Engine.Logits([Tokenize(input)]);

    public void Dispose() => Engine.Dispose();
}
