using System.Text.Json;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.Tests.Infrastructure;

/// <summary>Reading the reference's outputs, and comparing with them.</summary>
internal static class Goldens
{
    public static JsonElement Json(string name) => JsonDocument.Parse(File.ReadAllText(Shared.Golden(name))).RootElement;

    public static SequenceClassifier Classifier(string folder) =>
        Pretrained.Classifier(ModelFiles.InFolder(Shared.Golden(folder)), CPU).Network;

    public static double[] Doubles(this JsonElement row) => [.. row.EnumerateArray().Select(x => x.GetDouble())];

    public static double[][] Rows(this JsonElement rows) => [.. rows.EnumerateArray().Select(Doubles)];

    public static int[] Ints(this JsonElement row) => [.. row.EnumerateArray().Select(x => x.GetInt32())];

    public static TokenRow[] IdRows(this JsonElement rows) => [.. rows.EnumerateArray().Select(row => (TokenRow)row.Ints())];

    /// <summary>The logits of rows in one padded batch.</summary>
    public static double[][] Logits(SequenceClassifier network, IReadOnlyList<TokenRow> ids)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.Padded(ids, network.Config, CPU);
        float[] flat = network.forward(batch).data<float>().ToArray();
        int labels = network.Config.Labels.Count;
        return [.. ids.Select((_, i) => flat[(i * labels)..((i + 1) * labels)].Select(x => (double)x).ToArray())];
    }

    public static void Near(string what, double[][] expected, double[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int row = 0; row < expected.Length; row++)
            Near($"{what}, row {row}", expected[row], actual[row], tolerance);
    }

    public static void Near(string what, double[] expected, double[] actual, double tolerance)
    {
        Assert.True(expected.Length <= actual.Length, $"{what}: {actual.Length} numbers, expected {expected.Length}");
        for (int i = 0; i < expected.Length; i++)
            Near($"{what}, number {i}", expected[i], actual[i], tolerance);
    }

    public static void Near(string what, double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance,
            $"{what}: expected {expected:R}, actual {actual:R}, difference {Math.Abs(expected - actual):0.##e0}, allowed {tolerance:0.##e0}");

    public static void NearRelative(string what, double expected, double actual, double tolerance, double floor = 1e-7) =>
        Near(what, expected, actual, Math.Max(floor, Math.Abs(expected) * tolerance));
}
