using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace SentimentML.MLNetInternals;

/// <summary>What an <see cref="MLContext"/> and its catalogs keep to themselves: their environment, and its seed.</summary>
internal static class MLNetHost
{
    public static IHostEnvironment EnvironmentOf(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog) => CatalogUtils.GetEnvironment(catalog);

    public static IHostEnvironment EnvironmentOf(DataOperationsCatalog catalog) => CatalogUtils.GetEnvironment(catalog);

    /// <summary>Writes warnings to the log of a catalog's MLContext.</summary>
    public static Action<string> WarningsOf(DataOperationsCatalog catalog, string source) => message =>
    {
        using IChannel channel = EnvironmentOf(catalog).Register(source).Start(source);
        channel.Warning(message);
    };

    public static int? SeedOf(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;
}
