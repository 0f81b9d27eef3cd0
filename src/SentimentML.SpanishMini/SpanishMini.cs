namespace SentimentML;

/// <summary>A small Spanish RoBERTa that comes inside this package.</summary>
public static class SpanishMini
{
    /// <summary>
    /// 5.3 million parameters: 4 layers of 256 with 4 heads and 1,024 inside, 8,192 byte-level BPE entries, pretrained on
    /// public-domain Spanish prose (see this package's README). It recommends a learning rate of 5e-4, 4 epochs and a
    /// warm-up over 6 % of the steps for fine-tuning itself.
    /// </summary>
    public static Backbone Backbone { get; } = Backbone.FromResources(typeof(SpanishMini).Assembly, "model/", "SentimentML.SpanishMini");
}
