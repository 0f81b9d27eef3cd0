using Microsoft.ML;
using TorchSharp;

namespace SentimentML.Tests.Pipeline;

/// <summary>MLContext.GpuDeviceId and FallbackToCpu, where the options' device is Auto.</summary>
public sealed class ContextDeviceTests : IDisposable
{
    /// <summary>No machine has so many.</summary>
    private const int Missing = 4000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Missing)]
    [InlineData(-1)]
    public void A_training_needs_the_GPU_that_the_context_names(int gpu)
    {
        MLContext ml = Context(gpu, fallbackToCpu: false);
        AssertSays(gpu, Assert.Throws<SentimentMLException>(() => TinyTask.Pipeline(ml, Options(TorchDevice.Auto)).Fit(TinyTask.View(ml))));
    }

    [Fact]
    public void A_loaded_model_needs_the_GPU_that_the_context_names()
    {
        string zip = Saved();
        AssertSays(Missing, Assert.ThrowsAny<Exception>(() => Context(Missing, fallbackToCpu: false).Model.Load(zip, out _)));
    }

    [Fact]
    public void A_cross_validation_needs_the_GPU_that_the_context_names()
    {
        MLContext ml = Context(Missing, fallbackToCpu: false);
        IDataView rows = ml.Transforms.Conversion.MapStarsToSentiment().Fit(TinyTask.View(ml)).Transform(TinyTask.View(ml));
        AssertSays(Missing, Assert.Throws<SentimentMLException>(() =>
            ml.MulticlassClassification.Trainers.SentimentClassification(Options(TorchDevice.Auto)).CrossValidate(rows, 2).Count()));
    }

    [Fact]
    public void The_CPU_computes_in_its_place_if_the_context_allows_it_and_the_log_says_so()
    {
        string zip = Saved();
        MLContext ml = Context(Missing, fallbackToCpu: true);
        var log = new List<string>();
        ml.Log += (_, line) => log.Add(line.Message);
        using SentimentClassificationTransformer model = TinyTask.Pipeline(ml, Options(TorchDevice.Auto)).Fit(TinyTask.View(ml)).SentimentClassification();
        Assert.Contains(log, line =>
            line.Contains($"MLContext.GpuDeviceId is {Missing}", StringComparison.Ordinal) && line.Contains("The CPU computes", StringComparison.Ordinal));
        log.Clear();
        using SentimentClassificationTransformer loaded = ml.Model.Load(zip, out _).SentimentClassification();
        Assert.Contains(log, line => line.Contains("The CPU computes", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Missing)]
    public void A_device_of_the_options_comes_first(int? gpu)
    {
        MLContext ml = Context(gpu, fallbackToCpu: false);
        using SentimentClassificationTransformer model = TinyTask.Pipeline(ml, Options(TorchDevice.Cpu)).Fit(TinyTask.View(ml)).SentimentClassification();
        Assert.Equal(2, model.Labels.Count);
    }

    private static MLContext Context(int? gpu, bool fallbackToCpu) => new(7) { GpuDeviceId = gpu, FallbackToCpu = fallbackToCpu };

    private static SentimentClassificationOptions Options(TorchDevice device)
    {
        SentimentClassificationOptions options = TinyTask.Options();
        (options.Device, options.Epochs) = (device, 1);
        return options;
    }

    private static void AssertSays(int gpu, Exception thrown)
    {
        string message = thrown is SentimentMLException ? thrown.Message : thrown.ToString();
        Assert.Contains($"MLContext.GpuDeviceId is {gpu}", message, StringComparison.Ordinal);
        Assert.Contains("set MLContext.FallbackToCpu to true, or GpuDeviceId to null", message, StringComparison.Ordinal);
        Assert.Contains(torch.cuda.is_available() ? $"this machine has {torch.cuda.device_count()} CUDA GPUs" : "no CUDA GPU can be used", message,
            StringComparison.Ordinal);
    }

    private string Saved()
    {
        MLContext ml = TinyTask.Context();
        ml.Model.Save(TinyTask.Pipeline(ml).Fit(TinyTask.View(ml)), TinyTask.View(ml).Schema, _folder.At("model.zip"));
        return _folder.At("model.zip");
    }
}
