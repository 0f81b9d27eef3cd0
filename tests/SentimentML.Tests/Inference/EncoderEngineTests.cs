using System.Text.Json;
using SentimentML.Inference;
using SentimentML.Roberta;
using SentimentML.Tests.Infrastructure;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Tests.Inference;

/// <summary>The compiled encoder against the reference and against the network as it was trained.</summary>
public class EncoderEngineTests
{
    private const double Exact = 1e-5;

    private static readonly Lazy<JsonElement> Golden = new(() => Goldens.Json("tiny_forward.json"));

    [Fact]
    public void Float32_logits_of_one_batch_equal_the_reference()
    {
        using RobertaForSequenceClassification network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        Goldens.Near("logits", Golden.Value.GetProperty("classifier_logits_padded_batch").Rows(), Logits(engine, Ids()), Exact);
    }

    [Fact]
    public void Float32_logits_of_single_rows_equal_the_reference()
    {
        using RobertaForSequenceClassification network = Goldens.Classifier("tiny_classifier");
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        double[][] single = [.. Ids().Select(row => Logits(engine, [row])[0])];
        Goldens.Near("logits", Golden.Value.GetProperty("classifier_logits_single").Rows(), single, Exact);
    }

    [Fact]
    public void Logits_of_three_classes_equal_the_reference()
    {
        using RobertaForSequenceClassification network = Goldens.Classifier("tiny_classifier_3");
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        Goldens.Near("logits", Golden.Value.GetProperty("classifier3_logits").Rows(), Logits(engine, Ids()), Exact);
    }

    [Fact]
    public void Float32_logits_at_full_size_equal_the_reference()
    {
        JsonElement[] cases = [.. Goldens.Json("base_forward.json").GetProperty("cases").EnumerateArray()];
        var tokenizer = RobertaTokenizer.FromFolder(Shared.Path("tokenizers", "bne"));
        using RobertaForSequenceClassification network = FormulaWeights.Base();
        using EncoderEngine engine = Engine(network, InferencePrecision.Float32);
        ReadOnlyMemory<int>[] rows = [.. cases.Select(each => (ReadOnlyMemory<int>)tokenizer.EncodeToIds(each.GetProperty("text").GetString()!))];
        Goldens.Near("logits", [.. cases.Select(each => each.GetProperty("logits").Doubles())], Logits(engine, rows), Exact);
    }

    internal static EncoderEngine Engine(RobertaForSequenceClassification network, InferencePrecision precision) =>
        EncoderEngine.Create(network.Config, network.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter), precision, CPU);

    private static ReadOnlyMemory<int>[] Ids() => Golden.Value.GetProperty("ids").IdRows();

    internal static double[][] Logits(IInferenceEngine engine, ReadOnlyMemory<int>[] rows)
    {
        float[] flat = engine.Logits(rows);
        return [.. flat.Select(x => (double)x).Chunk(flat.Length / rows.Length)];
    }
}
