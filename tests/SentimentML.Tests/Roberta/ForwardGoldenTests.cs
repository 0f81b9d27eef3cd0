using System.Text.Json;
using SentimentML.Backbones;
using SentimentML.Roberta;
using SentimentML.Tests.Infrastructure;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Roberta;

/// <summary>The network against transformers' RobertaForSequenceClassification (golden/tiny_forward.json).</summary>
public class ForwardGoldenTests
{
    private const double LogitTolerance = 1e-5;

    private static readonly Lazy<JsonElement> Golden = new(() => JsonDocument.Parse(File.ReadAllText(Shared.Golden("tiny_forward.json"))).RootElement);

    [Fact]
    public void Logits_of_a_padded_batch_equal_the_reference()
    {
        int[][] ids = Ids();
        Near(Doubles("classifier_logits_padded_batch"), Logits("tiny_classifier", ids));
    }

    [Fact]
    public void Logits_of_single_rows_equal_the_reference()
    {
        double[][] single = [.. Ids().Select(row => Logits("tiny_classifier", [row])[0])];
        Near(Doubles("classifier_logits_single"), single);
    }

    [Fact]
    public void Logits_of_three_classes_equal_the_reference() => Near(Doubles("classifier3_logits"), Logits("tiny_classifier_3", Ids()));

    [Fact]
    public void Hidden_states_of_every_layer_equal_the_reference()
    {
        using RobertaForSequenceClassification network = Load("tiny_classifier");
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int[][] ids = Ids();
        JsonElement[][] expected = [.. Golden.Value.GetProperty("hidden_states").EnumerateArray().Select(layer => layer.EnumerateArray().ToArray())];
        for (int row = 0; row < ids.Length; row++)
        {
            using TokenBatch batch = TokenBatch.From([ids[row]], network.Config.PadTokenId, CPU);
            var states = new List<Tensor> { network.Roberta.Embeddings.forward(batch) };
            foreach (RobertaLayer layer in network.Roberta.Encoder.Layers)
                states.Add(layer.forward(states[^1], batch.Mask));
            Assert.Equal(expected.Length, states.Count);
            for (int layer = 0; layer < expected.Length; layer++)
            {
                Near($"row {row}, layer {layer}, first token", Array(expected[layer][row].GetProperty("first")), Vector(states[layer], 0), 1e-4);
                Near($"row {row}, layer {layer}, last token", Array(expected[layer][row].GetProperty("last")), Vector(states[layer], ids[row].Length - 1), 1e-4);
            }
        }
    }

    private static RobertaForSequenceClassification Load(string folder) =>
        Pretrained.Classifier(ModelFiles.InFolder(Shared.Golden(folder)), CPU).Network;

    private static double[][] Logits(string folder, int[][] ids)
    {
        using RobertaForSequenceClassification network = Load(folder);
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.From([.. ids.Select(row => (ReadOnlyMemory<int>)row)], network.Config.PadTokenId, CPU);
        Tensor logits = network.forward(batch);
        float[] flat = logits.data<float>().ToArray();
        int labels = (int)logits.shape[1];
        return [.. ids.Select((_, i) => flat[(i * labels)..((i + 1) * labels)].Select(x => (double)x).ToArray())];
    }

    private static double[] Vector(Tensor state, int token) => [.. state[0, token].contiguous().data<float>().ToArray().Select(x => (double)x)];

    private static int[][] Ids() => [.. Golden.Value.GetProperty("ids").EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt32()).ToArray())];

    private static double[][] Doubles(string name) => [.. Golden.Value.GetProperty(name).EnumerateArray().Select(Array)];

    private static double[] Array(JsonElement row) => [.. row.EnumerateArray().Select(x => x.GetDouble())];

    private static void Near(double[][] expected, double[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int row = 0; row < expected.Length; row++)
            Near($"row {row}", expected[row], actual[row], LogitTolerance);
    }

    private static void Near(string what, double[] expected, double[] actual, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{what}, number {i}: expected {expected[i]}, actual {actual[i]}");
    }
}
