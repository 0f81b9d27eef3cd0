using System.Text.Json;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>The network against transformers' RoBERTa (golden/tiny_forward.json).</summary>
public class ForwardGoldenTests
{
    private const double LogitTolerance = 1e-5;

    private static readonly Lazy<JsonElement> Golden = new(() => Goldens.Json("tiny_forward.json"));

    [Fact]
    public void Logits_of_a_padded_batch_equal_the_reference()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        Goldens.Near("logits", Expected("classifier_logits_padded_batch").Rows(), Goldens.Logits(network, Ids()), LogitTolerance);
    }

    [Fact]
    public void Logits_of_single_rows_equal_the_reference()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        double[][] single = [.. Ids().Select(row => Goldens.Logits(network, [row])[0])];
        Goldens.Near("logits", Expected("classifier_logits_single").Rows(), single, LogitTolerance);
    }

    [Fact]
    public void Logits_of_three_classes_equal_the_reference()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier_3");
        Goldens.Near("logits", Expected("classifier3_logits").Rows(), Goldens.Logits(network, Ids()), LogitTolerance);
    }

    [Fact]
    public void Hidden_states_of_every_layer_equal_the_reference()
    {
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        using var _ = no_grad();
        JsonElement[][] expected = [.. Expected("hidden_states").EnumerateArray().Select(layer => layer.EnumerateArray().ToArray())];
        TokenRow[] ids = Ids();
        for (int row = 0; row < ids.Length; row++)
        {
            using DisposeScope scope = NewDisposeScope();
            using TokenBatch batch = TokenBatch.Padded([ids[row]], network.Config, CPU);
            var states = new List<Tensor> { network.Encoder.Embeddings.forward(batch) };
            foreach (EncoderLayer layer in network.Encoder.Layers)
                states.Add(layer.forward(states[^1], batch));
            Assert.Equal(expected.Length, states.Count);
            for (int layer = 0; layer < expected.Length; layer++)
            {
                Goldens.Near($"row {row}, layer {layer}, first token", expected[layer][row].GetProperty("first").Doubles(), Vector(states[layer], 0), 1e-4);
                Goldens.Near($"row {row}, layer {layer}, last token", expected[layer][row].GetProperty("last").Doubles(),
                    Vector(states[layer], ids[row].Length - 1), 1e-4);
            }
        }
    }

    [Fact]
    public void Language_model_scores_equal_the_reference()
    {
        using MaskedLanguageModel network = MaskedLMs.Load("tiny_mlm");
        EncoderConfig config = EncoderConfig.Read(ModelFiles.InFolder(Shared.Golden("tiny_mlm")));
        using var _ = no_grad();
        JsonElement[] expected = [.. Expected("mlm_logits_first8").EnumerateArray()];
        TokenRow[] ids = Ids();
        for (int row = 0; row < expected.Length; row++)
        {
            using DisposeScope scope = NewDisposeScope();
            using TokenBatch batch = TokenBatch.Padded([ids[row]], config, CPU);
            double[] scores = Vector(network.forward(batch), expected[row].GetProperty("at").GetInt32());
            Goldens.Near($"row {row}, log of the sum of exponentials", expected[row].GetProperty("logsumexp").GetDouble(),
                Math.Log(scores.Sum(Math.Exp)), 1e-4);
            foreach (double[] top in expected[row].GetProperty("top5").Rows())
                Goldens.Near($"row {row}, word {top[0]}", top[1], scores[(int)top[0]], 1e-4);
        }
    }

    private static JsonElement Expected(string name) => Golden.Value.GetProperty(name);

    private static TokenRow[] Ids() => Expected("ids").IdRows();

    private static double[] Vector(Tensor state, int token) => [.. state[0, token].contiguous().data<float>().ToArray().Select(x => (double)x)];
}
