using System.Text.Json;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Tokenization;

namespace SentimentML.Tests.Infrastructure;

/// <summary>The reference's outputs for encoders of every kind (golden/families).</summary>
internal static class Families
{
    public static readonly string[] All = ["bert_beto", "bert_uncased", "bert_unigram", "robertuito", "xlm_roberta", "distilbert", "modernbert", "mmbert"];

    public static TheoryData<string> Data => [.. All];

    public static string Folder(string family, params string[] path) => Shared.Path(["golden", "families", family, .. path]);

    public static JsonElement Json(string family, string file) => JsonDocument.Parse(File.ReadAllText(Folder(family, file))).RootElement;

    /// <summary>The network alone.</summary>
    public static SequenceClassifier Classifier(string family)
    {
        ModelFiles files = ModelFiles.InFolder(Folder(family, "classifier"));
        var network = new SequenceClassifier(EncoderConfig.Read(files));
        using Checkpoint checkpoint = Checkpoint.Open(files);
        Assert.Empty(CheckpointLoading.Load(checkpoint, Pretrained.Destinations(network), network.Config.Architecture.Names).NewlyInitialized);
        network.eval();
        return network;
    }

    public static EncoderConfig Config(string family, string folder) => EncoderConfig.Read(ModelFiles.InFolder(Folder(family, folder)));

    public static MaskedLanguageModel LanguageModel(string family)
    {
        ModelFiles files = ModelFiles.InFolder(Folder(family, "mlm"));
        EncoderConfig config = EncoderConfig.Read(files);
        var network = new MaskedLanguageModel(config);
        using Checkpoint checkpoint = Checkpoint.Open(files);
        Assert.Empty(CheckpointLoading.Load(checkpoint, Pretrained.Destinations(network), config.Architecture.Names).NewlyInitialized);
        network.eval();
        return network;
    }

    public static TokenRow[] Rows(JsonElement ids) =>
        [.. ids.EnumerateArray().Select(row => (TokenRow)row.EnumerateArray().Select(id => id.GetInt32()).ToArray())];
}
