using SentimentML.Encoders;
using SentimentML.Onnx.Runtime;
using SentimentML.Tokenization;
using static TorchSharp.torch;

namespace SentimentML.Onnx.Tests;

/// <summary>The graphs of every kind of encoder against their networks.</summary>
public class FamilyTests
{
    public static TheoryData<string> All => Families.Data;

    [Theory]
    [MemberData(nameof(All))]
    public void The_graph_of_every_kind_of_encoder_answers_as_its_network(string family)
    {
        using SequenceClassifier network = Families.Classifier(family);
        TokenRow[] rows = Rows(network.Config);
        float[] expected = Logits(network, rows);
        using var folder = new TemporaryFolder();
        foreach ((OnnxPrecision precision, float tolerance) in new[] { (OnnxPrecision.Float32, 1e-4f),
            (OnnxPrecision.Int8, 0.15f * (expected.Max() - expected.Min())) })
        {
            string path = folder.At(precision + ".onnx");
            OnnxExport.WriteGraph(network, path, precision);
            using var engine = new OnnxEngine(path, network.Config, precision);
            float[] together = engine.Logits(rows), alone = [.. rows.SelectMany(row => engine.Logits([row]))];
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - together[i]) <= tolerance, $"{precision}, number {i}: expected {expected[i]}, actual {together[i]}");
                Assert.True(Math.Abs(expected[i] - alone[i]) <= tolerance, $"{precision}, alone, number {i}: expected {expected[i]}, actual {alone[i]}");
            }
        }
    }

    /// <summary>As some exports of BERT are: with ids and mask alone.</summary>
    [Fact]
    public void A_graph_without_the_types_of_tokens_answers_texts_by_themselves()
    {
        using SequenceClassifier network = Families.Classifier("distilbert");
        using var folder = new TemporaryFolder();
        OnnxExport.WriteGraph(network, folder.At("model.onnx"), OnnxPrecision.Float32);
        EncoderConfig withTypes = network.Config with { TellsTextsOfPairsApart = true };
        using var plain = new OnnxEngine(folder.At("model.onnx"), network.Config, OnnxPrecision.Float32);
        using var engine = new OnnxEngine(folder.At("model.onnx"), withTypes, OnnxPrecision.Float32);
        TokenRow[] rows = Rows(network.Config);
        Assert.Equal(plain.Logits(rows), engine.Logits(rows));
        string message = Assert.Throws<SentimentMLException>(() => engine.Logits([new TokenRow(new[] { 5, 6, 7, 8 }, 2)])).Message;
        Assert.Contains("has no input token_type_ids", message, StringComparison.Ordinal);
    }

    private static TokenRow[] Rows(EncoderConfig config)
    {
        var random = new Random(3);
        return [.. new[] { 3, 5, 17, 17, 40, 127 }.Select(length => new TokenRow(
            Enumerable.Range(0, length).Select(_ => random.Next(5, config.VocabularySize)).ToArray(),
            config.TellsTextsOfPairsApart && length > 10 ? length / 2 : 0))];
    }

    private static float[] Logits(SequenceClassifier network, TokenRow[] rows)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.Padded(rows, network.Config, CPU);
        return network.forward(batch).data<float>().ToArray();
    }
}
