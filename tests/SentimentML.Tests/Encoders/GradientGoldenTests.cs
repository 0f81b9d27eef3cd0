using System.Text.Json;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Tokenization;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>Every parameter's gradient against PyTorch's (golden/tiny_gradients.json, tiny_mlm_loss.json).</summary>
public class GradientGoldenTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_of_the_classifier_equal_the_reference(bool packed)
    {
        JsonElement golden = Goldens.Json("tiny_gradients.json");
        TokenRow[] ids = Goldens.Json("tiny_forward.json").GetProperty("ids").IdRows()[..8];
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        ReferenceGradients.CheckClassifier(golden, network, ids, packed);
    }

    [Fact]
    public void Gradients_of_the_masked_language_model_equal_the_reference()
    {
        JsonElement golden = Goldens.Json("tiny_mlm_loss.json");
        TokenRow[] ids = golden.GetProperty("ids").IdRows();
        long[] labels = [.. golden.GetProperty("labels").EnumerateArray().SelectMany(row => row.Ints()).Select(label => (long)label)];
        using MaskedLanguageModel network = MaskedLMs.Load("tiny_mlm");
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.Padded(ids, EncoderConfig.Read(ModelFiles.InFolder(Shared.Golden("tiny_mlm"))), CPU);
        Tensor scores = network.forward(batch);
        Tensor loss = nn.functional.cross_entropy(scores.view(-1, scores.shape[2]), tensor(labels), ignore_index: -100);
        loss.backward();
        Goldens.NearRelative("loss", golden.GetProperty("loss").GetDouble(), loss.ToDouble(), Tolerance);
        ReferenceGradients.Check(golden.GetProperty("gradients"), network);
    }
}
