using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;

namespace SentimentML.Tests.Infrastructure;

/// <summary>A network of roberta-base-bne's size with weights by golden/base_forward.json's formula.</summary>
internal static class FormulaWeights
{
    private const int Period = 65537;

    public static readonly EncoderConfig BaseConfig = Architectures.For("roberta").Read(new ConfigReader((JsonObject)JsonNode.Parse("""
        {
          "vocab_size": 50262, "max_position_embeddings": 514, "type_vocab_size": 1, "layer_norm_eps": 1e-5,
          "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0
        }
        """)!));

    public static SequenceClassifier Base() => Network(BaseConfig);

    public static unsafe SequenceClassifier Network(EncoderConfig config)
    {
        var network = new SequenceClassifier(config);
        foreach ((string name, Destination destination) in Pretrained.Destinations(network))
        {
            float[] period = PeriodOf(name, destination.Shape.Length);
            long count = destination.Shape.Aggregate(1L, (a, b) => a * b);
            for (long at = 0; at < count; at += Period)
                period.AsSpan(0, (int)Math.Min(Period, count - at)).CopyTo(new Span<float>(destination.Data + at, (int)Math.Min(Period, count - at)));
        }
        network.eval();
        return network;
    }

    /// <summary>The values repeat after 65,537, because the flat index is taken modulo that.</summary>
    private static float[] PeriodOf(string name, int dimensions)
    {
        long k = BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))) % 10007;
        double scale = dimensions == 2 ? 0.14 : 0.04, shift = dimensions == 1 && name.EndsWith(".weight", StringComparison.Ordinal) ? 1 : 0; // a norm
        return [.. Enumerable.Range(0, Period).Select(i => (float)((((i * 7919L + k * 104729) % Period / (double)Period) - 0.5) * scale + shift))];
    }
}
