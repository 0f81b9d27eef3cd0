using SentimentML.Evaluation;
using SentimentML.Labels;
using SentimentML.Numerics;

namespace SentimentML.Inference;

/// <summary>How the labels of data and those of a model are matched: by their names, or as the sentiments that both stand for.</summary>
internal sealed class LabelMatch
{
    private readonly Func<string, int> _place;
    private readonly int[]? _sentiments; // -1 for a label that does not count
    private readonly bool _isMultiLabel;

    private LabelMatch(IReadOnlyList<string> names, Func<string, int> place, int[]? sentiments = null, bool isMultiLabel = false)
    {
        Names = names;
        _place = place;
        _sentiments = sentiments;
        _isMultiLabel = isMultiLabel;
    }

    /// <summary>The labels' names, in the order of the scores.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Labels are the same if their names are.</summary>
    public static LabelMatch ByName(IReadOnlyList<string> labels)
    {
        Dictionary<string, int> places = LabelNames.Places(labels);
        return new LabelMatch(labels, name => places.GetValueOrDefault(name, -1));
    }

    /// <summary>Labels are the same if they stand for the same sentiment.</summary>
    /// <param name="rule">The model's labels and their sentiments.</param>
    /// <param name="data">The sentiments of the data's labels.</param>
    /// <param name="withoutNeutral">Whether the model's neutral labels count for nothing, so that it answers with the best of the others.</param>
    /// <returns>Null if a label of the model has no sentiment, or all have the same.</returns>
    public static LabelMatch? BySentiment(AnswerRule rule, SentimentMap data, bool withoutNeutral)
    {
        if (rule.Problem == ProblemType.Regression || rule.Sentiments is not { } map)
            return null;
        Sentiment?[] ofLabels = [.. rule.Labels.Select(map.Find)];
        Sentiment[] present = [.. ofLabels.OfType<Sentiment>().Where(sentiment => !withoutNeutral || sentiment != Sentiment.Neutral).Distinct().Order()];
        if (ofLabels.Contains(null) || present.Length < 2)
            return null;
        return new LabelMatch(
            [.. present.Select(sentiment => sentiment.Word())],
            name => data.Find(name) is { } sentiment ? Array.IndexOf(present, sentiment) : -1,
            Array.ConvertAll(ofLabels, sentiment => Array.IndexOf(present, sentiment!.Value)),
            rule.Problem == ProblemType.MultiLabel);
    }

    /// <summary>The place of a label of the data among <see cref="Names"/>; -1 if the model cannot answer it.</summary>
    public int PlaceOf(string label) => _place(label);

    /// <summary>The predicted label's place among <see cref="Names"/>. It is decided on the model's own labels, as a prediction's is.</summary>
    public int Predicted(float[] logits) => _sentiments is null ? LabelChoice.Of(logits)
        : _sentiments[LabelChoice.Of([.. logits.Select((logit, label) => _sentiments[label] < 0 ? float.NegativeInfinity : logit)])];

    /// <summary>
    /// The model's logits; for sentiments, the logarithm of the summed probabilities of each one's labels, so that the softmax gives
    /// the sums. If a text may have several labels, the sums are scaled to add up to 1.
    /// </summary>
    public double[] Scores(float[] logits)
    {
        if (_sentiments is null)
            return Array.ConvertAll(logits, logit => (double)logit);
        double[] terms = Array.ConvertAll(logits, logit => _isMultiLabel ? LogSigmoid(logit) : logit);
        double all = LogSumExp([.. terms.Where((_, label) => _sentiments[label] >= 0)]);
        return [.. Names.Select((_, place) => LogSumExp([.. terms.Where((_, label) => _sentiments[label] == place)]) - all)];
    }

    private static double LogSigmoid(double x) => Math.Min(x, 0) - Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static double LogSumExp(double[] terms)
    {
        double max = terms.Max();
        return max + Math.Log(terms.Sum(term => Math.Exp(term - max)));
    }
}
