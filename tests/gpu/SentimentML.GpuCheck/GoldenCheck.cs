using System.Text.Json;
using System.Text.Json.Nodes;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Tests.Infrastructure;
using SentimentML.Tokenization;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.GpuCheck;

/// <summary>Logits against the reference's and against the CPU's in float32, and gradients against the reference's.</summary>
internal static class GoldenCheck
{
    private const double Tolerance = 1e-4, RoundedTolerance = 0.05;

    public static JsonObject Run(CheckSettings settings)
    {
        Device device = settings.Device;
        var result = new JsonObject();
        double largest = 0;
        void Differs(string what, double difference)
        {
            result[what] = difference;
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }

        if (settings.Golden("tiny_forward.json") is { } forward)
        {
            using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(forward));
            TokenRow[] ids = [.. golden.RootElement.GetProperty("ids").EnumerateArray().Select(row => (TokenRow)Numbers(row).Select(id => (int)id).ToArray())];
            double[] expected = [.. golden.RootElement.GetProperty("classifier_logits_padded_batch").EnumerateArray().SelectMany(Numbers)];
            using SequenceClassifier network = Tiny(settings, device);
            Differs("network_to_reference", Difference(expected, OfNetwork(network, ids, device)));
            using EncoderEngine engine = EncoderEngine.Of(network, InferencePrecision.Float32, device);
            Differs("engine_to_reference", Difference(expected, engine.Logits(ids)));
            if (settings.Golden("tiny_gradients.json") is { } gradients)
                Differs("gradients_to_reference", Gradients(network, ids[..8], gradients, device));
        }
        else
        {
            result["skipped"] = "tiny_forward.json did not travel: the reference's logits and gradients were not compared";
        }

        TokenRow[] rows = ReviewRows.Tokens(ReviewRows.Lengths(settings.Sized(16, 4), seed: 3), seed: 3);
        float[] onProcessor;
        using (SequenceClassifier network = Base(settings))
            onProcessor = OfNetwork(network, rows, CPU);
        using (SequenceClassifier network = Base(settings))
        {
            network.to(device);
            Differs("base_network_to_cpu", Difference([.. onProcessor.Select(x => (double)x)], OfNetwork(network, rows, device)));
            using EncoderEngine engine = EncoderEngine.Of(network, InferencePrecision.Float32, device);
            Differs("base_engine_to_cpu", Difference([.. onProcessor.Select(x => (double)x)], engine.Logits(rows)));
        }
        foreach ((string name, EncoderConfig config) in Kinds())
        {
            TokenRow[] pairs = [.. ReviewRows.Tokens(ReviewRows.Lengths(200, seed: 4), seed: 4).Select(row => row with { PairStart = row.Length / 2 })];
            using SequenceClassifier network = FormulaWeights.Network(config);
            double[] expected = [.. OfEngine(network, InferencePrecision.Float32, pairs, CPU).Select(x => (double)x)];
            network.to(device);
            Differs(name + "_to_cpu", Difference(expected, OfEngine(network, InferencePrecision.Float32, pairs, device)));
            double rounded = Difference(expected, OfEngine(network, InferencePrecision.BFloat16, pairs, device));
            result[name + "_bf16_to_cpu"] = rounded;
            if (!(rounded <= RoundedTolerance))
                largest = double.PositiveInfinity;
        }
        result["tolerance"] = Tolerance;
        result["tolerance_bf16"] = RoundedTolerance;
        result["passed"] = largest <= Tolerance;
        return result;
    }

    /// <summary>A network of roberta-base's shape, with its dropout; a small one in a dry run.</summary>
    public static SequenceClassifier Base(CheckSettings settings)
    {
        EncoderConfig config = FormulaWeights.BaseConfig with { HiddenDropout = 0.1, AttentionDropout = 0.1, ClassifierDropout = 0.1 };
        return FormulaWeights.Network(settings.IsDry
            ? config with { VocabularySize = 5000, HiddenSize = 64, Heads = 4, Layers = 2, IntermediateSize = 256 }
            : config);
    }

    /// <summary>Networks that a GPU answers with in different ways: the mean of all tokens, texts in pairs, rotary positions in windows.</summary>
    private static IEnumerable<(string Name, EncoderConfig Config)> Kinds()
    {
        EncoderConfig small = FormulaWeights.BaseConfig with
        {
            VocabularySize = 5000, HiddenSize = 64, Heads = 4, Layers = 3, IntermediateSize = 128, TokenTypes = 2, TellsTextsOfPairsApart = true,
        };
        yield return ("first_token", small);
        yield return ("mean", small with { Pooling = TextPooling.Mean });
        yield return ("modernbert", Architectures.For("modernbert").Read(new ConfigReader((JsonObject)JsonNode.Parse("""
            { "vocab_size": 5000, "hidden_size": 64, "num_attention_heads": 4, "num_hidden_layers": 4, "intermediate_size": 128, "local_attention": 16,
              "classifier_pooling": "mean", "pad_token_id": 1 }
            """)!)));
    }

    private static float[] OfEngine(SequenceClassifier network, InferencePrecision precision, TokenRow[] rows, Device device)
    {
        using EncoderEngine engine = EncoderEngine.Of(network, precision, device);
        return engine.Logits(rows);
    }

    public static SequenceClassifier Tiny(CheckSettings settings, Device device) =>
        Pretrained.Classifier(ModelFiles.InFolder(settings.TinyClassifier), device).Network;

    private static float[] OfNetwork(SequenceClassifier network, TokenRow[] rows, Device device)
    {
        network.eval();
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.Padded(rows, network.Config, device);
        return network.forward(batch).cpu().data<float>().ToArray();
    }

    /// <summary>The largest difference of a parameter's gradient, as a part of its norm.</summary>
    private static double Gradients(SequenceClassifier network, TokenRow[] rows, string path, Device device)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(path));
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.Padded(rows, network.Config, device);
        Tensor labels = tensor(Numbers(golden.RootElement.GetProperty("labels")).Select(label => (long)label).ToArray()).MovedTo(device);
        nn.functional.cross_entropy(network.forward(batch), labels).backward();
        var parameters = network.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        double largest = 0;
        foreach (JsonProperty gradient in golden.RootElement.GetProperty("gradients").EnumerateObject())
        {
            double norm = gradient.Value.GetProperty("norm").GetDouble();
            float[] actual = parameters[gradient.Name].grad!.flatten().cpu().data<float>().ToArray();
            double[] first = [.. Numbers(gradient.Value.GetProperty("first"))];
            largest = Math.Max(largest, first.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)) / Math.Max(norm, 1e-2));
        }
        return largest;
    }

    private static double Difference(double[] expected, float[] actual) => expected.Length != actual.Length ? double.PositiveInfinity
        : expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second));

    private static IEnumerable<double> Numbers(JsonElement row) => row.EnumerateArray().Select(number => number.GetDouble());
}
