using SentimentML.Encoders;
using SentimentML.Inference;
using SentimentML.Tokenization;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Explanations;

/// <summary>
/// Integrated gradients over the word embeddings (Sundararajan et al., 2017, arXiv:1703.01365): each token's share in the
/// difference between the text and a baseline that has &lt;pad&gt; in every token's place, positions as they are. Follows
/// captum's LayerIntegratedGradients. Leaves no gradient behind and changes nothing, so that any number of threads may explain at once.
/// </summary>
internal sealed class IntegratedGradients(SequenceClassifier network)
{
    /// <summary>On a fine-tuned SpanishMini enough for six reviews of seven; 32 points are as good as exact.</summary>
    public const int FewestSteps = 16;

    public const int MostSteps = 1024;

    /// <summary>With as many points as it takes for the weights to add up, within limits.</summary>
    /// <param name="tokens">The row, special tokens included.</param>
    /// <param name="isText">Which of them are the text's; the others stay in the baseline.</param>
    /// <param name="lead">What is explained.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public TokenAttributions Attribute(TokenRow tokens, bool[] isText, LabelLead lead, CancellationToken cancellationToken = default)
    {
        for (int steps = FewestSteps; ; steps *= 2)
        {
            TokenAttributions found = Attribute(tokens, isText, lead, steps, cancellationToken);
            if (found.Gap <= Explanation.MaxCompletenessGap || steps == MostSteps)
                return found;
        }
    }

    /// <summary>With a given number of points.</summary>
    public TokenAttributions Attribute(TokenRow tokens, bool[] isText, LabelLead lead, int steps, CancellationToken cancellationToken = default)
    {
        // Whatever the caller's thread is set to, gradients are needed here.
        using IDisposable recordable = inference_mode(false);
        using IDisposable recording = enable_grad();
        using DisposeScope scope = NewDisposeScope();
        Embedding embedding = network.Encoder.Embeddings.Words;
        Device device = embedding.Weight.device;
        int pad = network.Config.PadTokenId;
        using TokenBatch row = TokenBatch.Padded([tokens], network.Config, device);
        using TokenBatch nothing =
            TokenBatch.Padded([tokens with { Ids = tokens.Ids.ToArray().Select((id, at) => isText[at] ? pad : id).ToArray() }], network.Config, device);
        Tensor text = embedding.forward(row.Ids).detach(); // [1, length, hidden]
        Tensor baseline = embedding.forward(nothing.Ids).detach();
        Tensor coefficients = tensor(lead.Coefficients, device: device);
        Tensor path = text - baseline;

        (double[] points, double[] weights) = GaussLegendre.OnUnitInterval(steps);
        Tensor gradients = zeros_like(path);
        foreach (int[] batch in Enumerable.Range(0, steps).Chunk(Math.Max(1, BatchPlan.MaxTokens / tokens.Length)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope ofBatch = NewDisposeScope();
            Tensor between = baseline.Plus(Column(batch, points, device) * path); // [points, length, hidden]
            between.requires_grad = true;
            Tensor sum = Leads(between, row, coefficients).sum();
            Tensor gradient = autograd.grad([sum], [between])[0];
            gradients.Add((gradient * Column(batch, weights, device)).sum(0, keepdim: true));
        }
        float[] shares = (gradients * path).sum(-1).cpu().data<float>().ToArray(); // [1, length]
        return new TokenAttributions([.. shares], Difference(text, baseline, row, coefficients), steps);
    }

    private double Difference(Tensor text, Tensor baseline, TokenBatch row, Tensor coefficients)
    {
        using IDisposable _ = no_grad();
        float[] ends = Leads(cat([text, baseline]), row, coefficients).cpu().data<float>().ToArray();
        return (double)ends[0] - ends[1];
    }

    /// <param name="words">[points, length, hidden]</param>
    /// <param name="row">The one row whose positions all points have.</param>
    /// <param name="coefficients">[labels]</param>
    /// <returns>[points]</returns>
    private Tensor Leads(Tensor words, TokenBatch row, Tensor coefficients) => network.FromWords(words, row).matmul(coefficients);

    /// <returns>[points, 1, 1]</returns>
    private static Tensor Column(int[] batch, double[] values, Device device) =>
        tensor(batch.Select(i => (float)values[i]).ToArray(), [batch.Length, 1, 1], device: device);
}
