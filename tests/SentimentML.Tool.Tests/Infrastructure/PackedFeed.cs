using System.Diagnostics;
using System.IO.Compression;

namespace SentimentML.Tool.Tests.Infrastructure;

/// <summary>A feed with this repository's packages, packed once for all tests that install them, under a version of its own.</summary>
[CollectionDefinition(nameof(PackedFeed))]
public sealed class PackedFeed : IAsyncLifetime, ICollectionFixture<PackedFeed>
{
    /// <summary>The address of the remote that source links are made from.</summary>
    public const string Remote = "https://github.com/example/sentimentml";

    private readonly TemporaryFolder _folder = new();

    /// <summary>The packages' ids, which are the names of the folders in src.</summary>
    public static IReadOnlyList<string> Packages { get; } =
        [.. Directory.EnumerateFiles(
            Path.Combine(Repository.Folder, "src"), "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(project => Path.GetFileNameWithoutExtension(project)).Order(StringComparer.Ordinal)];

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
        // A git configuration of its own: a clone may have no remote on a web server, without which there are no source links.
        _folder.With("configuration/git/config", $"[remote \"published\"]\n\turl = {Remote}\n");
        (await DotnetAsync(Repository.Folder,
            ["pack", "build/Packages.proj", "--output", _folder.At("feed"), "--artifacts-path", _folder.At("artifacts"), "-v", "q",
            $"-p:Version={Version}", "-p:ContinuousIntegrationBuild=true", "-p:GitRepositoryConfigurationScope=", "-p:GitRepositoryRemoteName=published",
            "-p:RunAnalyzers=false", "-p:NuGetAudit=false"],
            new() { ["XDG_CONFIG_HOME"] = _folder.At("configuration") })).Expect(0);
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

    /// <summary>A file of a package, or of its symbols.</summary>
    public Stream Read(string id, string extension, string entry)
    {
        using ZipArchive package = ZipFile.OpenRead(PathOf(id, extension));
        using Stream packed = package.GetEntry(entry)?.Open()
            ?? throw new FileNotFoundException($"{id}.{extension} has no {entry}: {string.Join(", ", package.Entries)}");
        var content = new MemoryStream();
        packed.CopyTo(content);
        content.Position = 0;
        return content;
    }

    /// <summary>Runs the SDK.</summary>
    internal Task<ToolResult> DotnetAsync(string folder, params string[] arguments) => DotnetAsync(folder, arguments, []);

    /// <summary>Runs the SDK without servers that would outlive the test; libtorch is linked into an application's folder instead of copied.</summary>
    private static async Task<ToolResult> DotnetAsync(string folder, string[] arguments, Dictionary<string, string> variables)
    {
        variables["DOTNET_NOLOGO"] = "1";
        variables["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        variables["MSBUILDDISABLENODEREUSE"] = "1";
        variables["UseSharedCompilation"] = "false";
        variables["CreateHardLinksForCopyFilesToOutputDirectoryIfPossible"] = "true";
        using Process process = ToolProcess.Start("dotnet", folder, arguments, variables);
        return await ToolProcess.EndOfAsync(process, arguments);
    }

    private static string UserPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
