using System.Diagnostics;
using System.IO.Compression;

namespace SentimentML.Tool.Tests.Infrastructure;

/// <summary>A feed with this repository's packages, packed for the test under a version of its own.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>A version that no cache can have.</summary>
    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow:yyyyMMddHHmmss}.{Environment.ProcessId}";

    /// <summary>
    /// A nuget.config that adds this feed to the machine's sources and keeps what is restored out of the user's cache, which
    /// serves all the same.
    /// </summary>
    public string Configuration => $"""
        <configuration>
          <packageSources><add key="packed" value="{_folder.At("feed")}" /></packageSources>
          <config><add key="globalPackagesFolder" value="{_folder.At("packages")}" /></config>
          <fallbackPackageFolders><add key="machine" value="{UserPackages}" /></fallbackPackageFolders>
        </configuration>
        """;

    public async ValueTask InitializeAsync()
    {
        foreach (string project in (string[])["SentimentML", "SentimentML.SpanishSmall", "SentimentML.SpanishMini", "SentimentML.Onnx", "SentimentML.Baselines", "SentimentML.Reporting", "SentimentML.AspNetCore", "SentimentML.Tool"])
            (await DotnetAsync(Repository, "pack", Path.Combine("src", project), "--output", _folder.At("feed"), "--artifacts-path", _folder.At("artifacts"), "-v", "q", $"-p:Version={Version}")).Expect(0);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    public string PathOf(string id, string extension = "nupkg") => _folder.At($"feed/{id}.{Version}.{extension}");

    public long Size(string id) => new FileInfo(PathOf(id)).Length;

    /// <summary>What a package holds, and its nuspec.</summary>
    public (IReadOnlyList<string> Entries, string Specification) Open(string id)
    {
        using ZipArchive package = ZipFile.OpenRead(PathOf(id));
        using var specification = new StreamReader(package.GetEntry($"{id}.nuspec")!.Open());
        return ([.. package.Entries.Select(entry => entry.FullName)], specification.ReadToEnd());
    }

    /// <summary>Runs the SDK, without servers that would outlive the test.</summary>
    internal async Task<ToolResult> DotnetAsync(string folder, params string[] arguments)
    {
        var variables = new Dictionary<string, string> { ["DOTNET_NOLOGO"] = "1", ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" };
        using Process process = ToolProcess.Start("dotnet", folder, arguments, variables);
        return await ToolProcess.EndOfAsync(process, arguments);
    }

    private static string UserPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string FindRepository()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "SentimentML.sln")))
            at = Path.GetDirectoryName(at);
        return at ?? throw new InvalidOperationException($"No SentimentML.sln above {AppContext.BaseDirectory}.");
    }
}
