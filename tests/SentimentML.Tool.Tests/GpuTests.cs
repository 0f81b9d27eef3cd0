using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using SentimentML.Tool.Tests.Infrastructure;

namespace SentimentML.Tool.Tests;

/// <summary>What can be tested of the GPU without one: the script that measures it, and what its packages change.</summary>
public sealed class GpuTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_script_for_a_machine_with_a_GPU_runs_dry()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs bash and Linux's libtorch");
        string[] arguments = [Path.Combine(Repository.Folder, "tests", "gpu", "run"), "--dry", "--program", AppContext.BaseDirectory, "--output",
            _folder.At("results")];
        using Process process = ToolProcess.Start("bash", _folder.Path, arguments);
        ToolResult run = await ToolProcess.EndOfAsync(process, arguments);
        JsonArray results = JsonNode.Parse(File.ReadAllText(_folder.At("results/results.json")))!.AsArray();
        Assert.All(results, result => Assert.True((bool?)result!["passed"] ?? true, $"{result}\n{run.Error}"));
        string[] passed = [.. results.Where(result => (bool?)result!["passed"] == true).Select(result => result!["check"]!.ToString())];
        Assert.Equal([], new[] { "device", "goldens", "labels", "trajectory", "train", "same", "recipe", "inference", "rows" }.Except(passed));
        Assert.True((bool)results.Last(result => result!["check"]!.ToString() == "train")!["resumed"]!, run.Error);
        Assert.Contains("| inference | passed | ", File.ReadAllText(_folder.At("results/results.md")), StringComparison.Ordinal);
        run.Expect(0);
    }

    /// <summary>Against a feed of empty packages with the real ones' names and dependencies.</summary>
    [Theory]
    [InlineData("cuda-linux", "TorchSharp-cuda-linux", "libtorch-cuda-12.8-linux-x64")]
    [InlineData("cuda-windows", "TorchSharp-cuda-windows", "libtorch-cuda-12.8-win-x64")]
    public async Task A_program_restores_with_CUDAs_packages_in_the_place_of_the_CPUs(string backend, string package, string libtorch)
    {
        Pack(package, "0.107.0", ("TorchSharp", "0.107.0"), (libtorch, "2.10.0"));
        Pack(libtorch, "2.10.0");
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        _folder.With("nuget.config", $"""
            <configuration>
              <packageSources><clear /><add key="stand-ins" value="{_folder.At("feed")}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{_folder.At("packages")}" /><add key="dependencyVersion" value="Lowest" /></config>
              <fallbackPackageFolders><add key="machine" value="{packages}" /></fallbackPackageFolders>
            </configuration>
            """);
        string project = Path.Combine(Repository.Folder, "samples", "QuickStart");
        string lockFile = Path.Combine(project, "packages.lock.json");
        byte[] locked = File.ReadAllBytes(lockFile);
        string[] arguments = ["restore", project, $"-p:TorchBackend={backend}", "-p:NuGetAudit=false", "--configfile", _folder.At("nuget.config"),
            "--artifacts-path", _folder.At("artifacts"), "-v", "q"];
        using Process process =
            ToolProcess.Start("dotnet", _folder.Path, arguments, new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_NOLOGO"] = "1" });
        (await ToolProcess.EndOfAsync(process, arguments)).Expect(0);

        JsonNode assets = JsonNode.Parse(
            File.ReadAllText(Assert.Single(
                Directory.GetFiles(_folder.At("artifacts"), "project.assets.json", SearchOption.AllDirectories), path =>
                    path.Contains("QuickStart", StringComparison.Ordinal))))!;
        string[] restored = [.. assets["libraries"]!.AsObject().Select(library => library.Key)];
        Assert.Contains($"{package}/0.107.0", restored);
        Assert.Contains($"{libtorch}/2.10.0", restored);
        Assert.DoesNotContain(restored, library =>
            library.StartsWith("TorchSharp-cpu/", StringComparison.OrdinalIgnoreCase)
            || library.StartsWith("libtorch-cpu", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(locked, File.ReadAllBytes(lockFile));
    }

    private void Pack(string id, string version, params (string Id, string Version)[] dependencies)
    {
        Directory.CreateDirectory(_folder.At("feed"));
        using ZipArchive package = ZipFile.Open(_folder.At($"feed/{id}.{version}.nupkg"), ZipArchiveMode.Create);
        using var specification = new StreamWriter(package.CreateEntry($"{id}.nuspec").Open());
        specification.Write($"""
            <package><metadata><id>{id}</id><version>{version}</version><authors>nobody</authors><description>A stand-in.</description>
            <dependencies><group targetFramework="net8.0">{string.Concat(dependencies.Select(needed => $"<dependency id=\"{needed.Id}\" version=\"{needed.Version}\" />"))}</group></dependencies>
            </metadata></package>
            """);
    }
}
