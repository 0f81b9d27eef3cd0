using SentimentML.Inference;
using SentimentML.Tokenization;

namespace SentimentML.Explanations;

/// <summary>
/// What a label's lead loses when a word is hidden. Each of its tokens becomes &lt;mask&gt;, which the network knows from its
/// pretraining as something unread, so that the other words keep their positions; a vocabulary without one takes the word out.
/// </summary>
internal sealed class Occlusion(TextScorer scorer)
{
    /// <summary>Each word's weight.</summary>
    /// <param name="row">The row, special tokens included.</param>
    /// <param name="words">Which tokens are a word.</param>
    /// <param name="lead">What is explained.</param>
    /// <param name="whole">The lead of the whole row.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public double[] Weigh(TokenRow row, IReadOnlyList<TokenWord> words, LabelLead lead, double whole, CancellationToken cancellationToken = default)
    {
        double[] weights = new double[words.Count];
        TokenRow[] hidden = [.. words.Select(word => Without(row, word))];
        float[][] logits = ScoringPipeline.Score(scorer.Engine, hidden, cancellationToken);
        for (int word = 0; word < weights.Length; word++)
            weights[word] = whole - lead.Of(logits[word]);
        return weights;
    }

    private TokenRow Without(TokenRow row, TokenWord word)
    {
        ReadOnlySpan<int> ids = row.Ids.Span;
        int length = word.EndToken - word.FirstToken;
        if (scorer.Tokenizer.MaskTokenId is not { } mask)
            return new TokenRow(scorer.Tokenizer.Filled([.. ids[..word.FirstToken], .. ids[word.EndToken..]]),
                word.FirstToken < row.PairStart ? row.PairStart - length : row.PairStart);
        int[] hidden = ids.ToArray();
        hidden.AsSpan(word.FirstToken, length).Fill(mask);
        return row with { Ids = hidden };
    }
}
