using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;

namespace SentimentML.Tests.Infrastructure;

internal static class MaskedLMs
{
    public static MaskedLanguageModel Load(string folder)
    {
        ModelFiles files = ModelFiles.InFolder(Shared.Golden(folder));
        var network = new MaskedLanguageModel(EncoderConfig.Read(files));
        using Checkpoint checkpoint = Checkpoint.Open(files);
        LoadReport report = CheckpointLoading.Load(checkpoint, Pretrained.Destinations(network), EncoderConfig.Read(files).Architecture.Names);
        Assert.Empty(report.NewlyInitialized);
        network.eval();
        return network;
    }
}
