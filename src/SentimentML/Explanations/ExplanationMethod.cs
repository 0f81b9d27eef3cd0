namespace SentimentML;

/// <summary>How it is found out which words moved an answer.</summary>
public enum ExplanationMethod
{
    /// <summary>
    /// Integrated gradients over the word embeddings (Sundararajan et al., 2017, arXiv:1703.01365), from a text of nothing
    /// but padding to the text: the words' weights add up to the difference that the text makes.
    /// </summary>
    IntegratedGradients,

    /// <summary>
    /// Each word is hidden behind &lt;mask&gt; in turn: its weight is what the answer loses. Needs no gradients, so that every engine can
    /// do it.
    /// </summary>
    Occlusion,
}
