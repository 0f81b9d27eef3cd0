using SentimentML.Evaluation;
using SentimentML.Preprocessing;
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

    /// <summary>What a saved pipeline makes of a text before its network reads it; null if nothing.</summary>
    public Func<TextInput, TextInput>? Transforms { get; init; }

    /// <summary>How texts are rewritten before they are tokenized; null if they are read as they are.</summary>
    public TweetPreprocessing? Preprocessing { get; init; }

    /// <summary>The text's tokens, special ones included.</summary>
    public TokenRow Tokenize(TextInput input) => Tokenize(input, keepEnd: null, out _);

    /// <summary>The same, saying whether the text was cut.</summary>
    /// <param name="input">The text or texts.</param>
    /// <param name="keepEnd">Whether a text that is too long loses its beginning, and not its end; null: as the model's tokenizer says.</param>
    /// <param name="isTruncated">Whether there were more tokens than <see cref="MaxTokens"/>.</param>
    public TokenRow Tokenize(TextInput input, bool? keepEnd, out bool isTruncated) =>
        Tokenizer.EncodeRow(Preprocessing.Apply(Transformed(input)), MaxTokens, out isTruncated, keepEnd);

    /// <summary>The text as the pipeline's transforms make it.</summary>
    public TextInput Transformed(TextInput input) => Transforms is null ? input : Transforms(input);

    /// <summary>The same, saying where each token comes from.</summary>
    /// <param name="input">The text or texts, as the pipeline's transforms made them.</param>
    /// <param name="offsets">The tokens' places in the texts as they were given.</param>
    public TokenizedText Encode(TextInput input, out IReadOnlyList<TokenOffset> offsets)
    {
        if (Preprocessing is null)
        {
            TokenizedText plain = Tokenizer.Encode(input.Text, input.Pair, MaxTokens);
            offsets = plain.Offsets;
            return plain;
        }
        TextOrigins? ofPair = null;
        string text = Preprocessing.Apply(input.Text, out TextOrigins ofText);
        string? pair = input.Pair is null ? null : Preprocessing.Apply(input.Pair, out ofPair);
        TokenizedText tokens = Tokenizer.Encode(text, pair, MaxTokens);
        offsets = [.. tokens.Offsets.Select((offset, i) => tokens.SequenceIds[i] switch { 0 => ofText.Of(offset), 1 => ofPair!.Of(offset), _ => offset })];
        return tokens;
    }

    /// <summary>One text's logits.</summary>
    public float[] Logits(TextInput input) => Engine.Logits([Tokenize(input)]);

    public void Dispose() => Engine.Dispose();
}
