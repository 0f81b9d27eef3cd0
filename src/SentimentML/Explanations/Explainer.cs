using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Tokenization;

namespace SentimentML.Explanations;

/// <summary>From a text and its prediction to the words that moved it.</summary>
/// <param name="scorer">What answers.</param>
/// <param name="network">The network that the scorer's engine computes, for its gradients; null if there is none.</param>
internal sealed class Explainer(TextScorer scorer, SequenceClassifier? network)
{
    /// <param name="input">The text or pair.</param>
    /// <param name="prediction">What the scorer says of it.</param>
    /// <param name="method">How.</param>
    /// <param name="label">The label to explain; null for the predicted one.</param>
    /// <param name="maxWords">The most words that are weighed in a text; if it has more, runs of neighbours are weighed as one word.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">The model has no such label.</exception>
    /// <exception cref="SentimentMLException">The method needs gradients, and there is no network.</exception>
    public Explanation Explain(
        TextInput input, SentimentPrediction prediction, ExplanationMethod method, string? label, int maxWords, CancellationToken cancellationToken)
    {
        int explained = label is null ? prediction.LabelIndex : IndexOf(label);
        var lead = new LabelLead(explained, scorer.Labels.Count);
        TokenizedText tokens = scorer.Encode(input, out IReadOnlyList<TokenOffset> offsets);
        int ofType0 = tokens.TokenTypes.TakeWhile(type => type == 0).Count();
        var row = new TokenRow(scorer.Tokenizer.Filled([.. tokens.Ids]), ofType0 < tokens.Ids.Count ? ofType0 : 0);
        (Range first, Range second) = Texts(tokens);
        List<TokenWord> words = TokenWord.Joined(TokenWord.Of(input.Text, offsets, first), maxWords);
        int ofText = words.Count;
        if (input.Pair is not null)
            words.AddRange(TokenWord.Joined(TokenWord.Of(input.Pair, offsets, second), maxWords));

        TokenAttributions? gradients = null;
        double[] weights;
        switch (method)
        {
            case ExplanationMethod.IntegratedGradients:
                gradients = new IntegratedGradients(NetworkOrThrow()).Attribute(row, IsText(row.Length, first, second), lead, cancellationToken);
                weights = [.. words.Select(word => gradients.Weights[word.FirstToken..word.EndToken].Sum())];
                break;
            case ExplanationMethod.Occlusion:
                weights = new Occlusion(scorer).Weigh(row, words, lead, lead.Of([.. prediction.Logits]), cancellationToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(method), method, "Not a method of explanation.");
        }
        WordAttribution[] attributions = [.. words.Select((word, i) => Attribution(i < ofText ? input.Text : input.Pair!, word, weights[i]))];
        return new Explanation
        {
            Text = input.Text,
            TextPair = input.Pair,
            Method = method,
            Label = scorer.Labels[explained],
            Score = prediction.Probabilities[explained],
            Words = attributions[..ofText],
            PairWords = attributions[ofText..],
            IsTruncated = tokens.IsTruncated,
            CompletenessGap = gradients?.Gap,
            Difference = gradients?.Difference,
            Steps = gradients?.Steps,
        };
    }

    private int IndexOf(string label)
    {
        for (int i = 0; i < scorer.Labels.Count; i++)
        {
            if (scorer.Labels[i] == label)
                return i;
        }
        throw new ArgumentException(
            $"The model has no label '{label}': expected {string.Join(", ", scorer.Labels.Select(name => $"'{name}'"))}.", nameof(label));
    }

    private SequenceClassifier NetworkOrThrow() => network ?? throw new SentimentMLException(
        $"Integrated gradients need the network itself, and this classifier runs on {scorer.Engine.Description}, which gives logits only. "
        + $"Load the model's folder or zip with SentimentClassifier.Load, or explain by {nameof(ExplanationMethod)}.{nameof(ExplanationMethod.Occlusion)}, "
        + "which every engine can do.");

    /// <summary>Which tokens are the texts', between the special ones that the tokenizer puts around them.</summary>
    private static (Range First, Range Second) Texts(TokenizedText tokens) => (Of(tokens, 0), Of(tokens, 1));

    private static Range Of(TokenizedText tokens, int text)
    {
        int start = 0;
        while (start < tokens.SequenceIds.Count && tokens.SequenceIds[start] != text)
            start++;
        int end = start;
        while (end < tokens.SequenceIds.Count && tokens.SequenceIds[end] == text)
            end++;
        return start..end;
    }

    private static bool[] IsText(int length, Range first, Range second)
    {
        bool[] isText = new bool[length];
        isText.AsSpan(first).Fill(true);
        isText.AsSpan(second).Fill(true);
        return isText;
    }

    private static WordAttribution Attribution(string text, TokenWord word, double weight) => new(word.Start, word.End, text[word.Start..word.End], weight);
}
