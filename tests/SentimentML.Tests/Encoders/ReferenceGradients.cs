using System.Text.Json;
using SentimentML.Encoders;
using SentimentML.Tokenization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>Every parameter's gradient against PyTorch's.</summary>
internal static class ReferenceGradients
{
    private const double Tolerance = 1e-4;

    /// <summary>Checks a family's golden gradients, padded and packed.</summary>
    /// <param name="family">A folder of golden/families.</param>
    /// <param name="recomputesWith">Given, layers are computed again for their gradients.</param>
    public static void CheckFamily(string family, DropoutSource? recomputesWith = null)
    {
        JsonElement golden = Families.Json(family, "gradients.json");
        TokenRow[] rows = Families.Rows(Families.Json(family, "forward.json").GetProperty("ids"))[..8];
        foreach (bool packed in new[] { false, true })
        {
            using SequenceClassifier network = Families.Classifier(family);
            network.Encoder.RecomputesWith = recomputesWith;
            CheckClassifier(golden, network, rows, packed);
        }
    }

    /// <summary>Checks a classifier's loss on labelled rows and its gradients after one backward pass.</summary>
    public static void CheckClassifier(JsonElement golden, SequenceClassifier network, TokenRow[] rows, bool packed)
    {
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = packed ? TokenBatch.Packed(rows, network.Config) : TokenBatch.Padded(rows, network.Config, CPU);
        Tensor labels = tensor(golden.GetProperty("labels").Ints().Select(label => (long)label).ToArray());
        Tensor loss = nn.functional.cross_entropy(network.forward(batch), labels);
        loss.backward();
        Goldens.NearRelative("loss", golden.GetProperty("loss").GetDouble(), loss.ToDouble(), Tolerance);
        Check(golden.GetProperty("gradients"), network);
    }

    /// <param name="expected">The reference's.</param>
    /// <param name="network">After a backward pass.</param>
    /// <param name="tied">Parameters under second names.</param>
    public static void Check(JsonElement expected, nn.Module network, Dictionary<string, Parameter>? tied = null)
    {
        Dictionary<string, Parameter> parameters = network.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        foreach (JsonProperty gradient in expected.EnumerateObject())
        {
            Parameter parameter = tied?.GetValueOrDefault(gradient.Name) ?? parameters[gradient.Name];
            double norm = gradient.Value.GetProperty("norm").GetDouble();
            Goldens.NearRelative($"norm of {gradient.Name}", norm, parameter.grad!.norm().ToDouble(), Tolerance, floor: 1e-6);
            double[] first = [.. parameter.grad.flatten().contiguous().data<float>().ToArray().Take(8).Select(x => (double)x)];
            Goldens.Near($"gradient of {gradient.Name}", gradient.Value.GetProperty("first").Doubles(), first, Math.Max(1e-6, norm * Tolerance));
        }
    }
}
