using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace SentimentML.MLNetInternals;

/// <summary>What an <see cref="MLContext"/> and its catalogs keep to themselves: their environment, its seed and its device.</summary>
internal static class MLNetHost
{
    public static IHostEnvironment EnvironmentOf(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog) =>
        CatalogUtils.GetEnvironment(catalog);

    public static IHostEnvironment EnvironmentOf(DataOperationsCatalog catalog) => CatalogUtils.GetEnvironment(catalog);

    /// <summary>Writes warnings to the log of a catalog's MLContext.</summary>
    public static Action<string> WarningsOf(DataOperationsCatalog catalog, string source) => message =>
    {
        using IChannel channel = EnvironmentOf(catalog).Register(source).Start(source);
        channel.Warning(message);
    };

    public static int? SeedOf(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

    /// <summary>The device that an option names on this machine. Auto is MLContext.GpuDeviceId's GPU, if that is set.</summary>
    /// <exception cref="SentimentMLException">The GPU cannot be used, and the context does not allow the CPU in its place.</exception>
    public static torch.Device DeviceOf(IHostEnvironment environment, TorchDevice device)
    {
        if (!device.IsAuto || environment is not IHostEnvironmentInternal { GpuDeviceId: { } gpu } context)
            return device.Resolve();
        return TorchDevice.Resolve(gpu, context.FallbackToCpu, warning =>
        {
            using IChannel log = environment.Start(nameof(TorchDevice));
            log.Warning(warning);
        });
    }
}
