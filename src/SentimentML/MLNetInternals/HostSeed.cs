using Microsoft.ML.Runtime;

namespace SentimentML.MLNetInternals;

/// <summary>The seed that an MLContext was made with, which it keeps to itself.</summary>
internal static class HostSeed
{
    public static int? Of(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;
}
