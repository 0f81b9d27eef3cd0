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
    /// <param name="ids">The row, special tokens included.</param>
    /// <param name="words">Which tokens are a word.</param>
    /// <param name="lead">What is explained.</param>
    /// <param name="whole">The lead of the whole row.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public double[] Weigh(int[] ids, IReadOnlyList<TokenWord> words, LabelLead lead, double whole, CancellationToken cancellationToken = default)
    {
        double[] weights = new double[words.Count];
        int labels = scorer.Labels.Count;
        foreach (int[] batch in Enumerable.Range(0, words.Count).Chunk(Math.Max(1, BatchPlan.MaxTokens / ids.Length)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] logits = scorer.Engine.Logits([.. batch.Select(word => (TokenRow)Without(ids, words[word]))]);
            for (int i = 0; i < batch.Length; i++)
                weights[batch[i]] = whole - lead.Of(logits.AsSpan(i * labels, labels));
        }
        return weights;
    }

    private int[] Without(int[] ids, TokenWord word)
    {
        if (scorer.Tokenizer.MaskTokenId is not { } mask)
            return [.. ids[..word.FirstToken], .. ids[word.EndToken..]];
        int[] hidden = [.. ids];
        hidden.AsSpan(word.FirstToken, word.EndToken - word.FirstToken).Fill(mask);
        return hidden;
    }
}
