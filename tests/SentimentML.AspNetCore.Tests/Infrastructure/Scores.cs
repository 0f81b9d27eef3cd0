using System.Text.Json.Nodes;

namespace SentimentML.AspNetCore.Tests.Infrastructure;

/// <summary>Compares answers with the classifier's own. Texts computed together differ from lone ones in the last digits.</summary>
internal static class Scores
{
    private const float Tolerance = 1e-5f;

    /// <summary>Expects text-embeddings-inference's list: a score for each label, the highest first.</summary>
    public static void AreThose(JsonNode list, SentimentPrediction expected, bool raw = false)
    {
        IReadOnlyList<float> scores = raw ? expected.Logits : expected.Probabilities;
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderByDescending(label => scores[label])];
        Assert.Equal(order.Select(label => expected.Labels[label]), list.AsArray().Select(item => item!["label"]!.ToString()));
        foreach ((int label, JsonNode? item) in order.Zip(list.AsArray()))
            Assert.Equal(scores[label], item!["score"]!.GetValue<float>(), Tolerance);
    }

    public static void AreClose(IEnumerable<float> expected, IEnumerable<float> actual) =>
        Assert.All(expected.Zip(actual, (first, second) => (first, second)), pair => Assert.Equal(pair.first, pair.second, Tolerance));
}
