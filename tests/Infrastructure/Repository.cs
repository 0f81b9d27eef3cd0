namespace SentimentML.Tests.Infrastructure;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    /// <summary>The folder of SentimentML.sln.</summary>
    public static string Folder { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? at)
    {
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "SentimentML.sln")))
            at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException($"There is no SentimentML.sln above {AppContext.BaseDirectory}.");
    }
}
