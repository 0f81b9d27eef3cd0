using System.Diagnostics;
using SentimentML.Documentation.Tests.Infrastructure;

namespace SentimentML.Documentation.Tests;

/// <summary>The reference that docfx makes from the comments in the sources, by the commands of CONTRIBUTING.md.</summary>
public sealed class ApiReferenceTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(8);

    [Fact]
    public async Task Every_public_type_has_a_page_and_docfx_warns_of_nothing()
    {
        (int restored, string said) = await DotnetAsync("tool", "restore");
        Assert.SkipUnless(restored == 0, $"docfx cannot be restored here: {said}");
        using var folder = new TemporaryFolder();
        (int made, said) = await DotnetAsync("docfx", "build/api/docfx.json", "--warningsAsErrors", "--output", folder.Path);
        Assert.True(made == 0, said);

        string[] packages = [.. Directory.EnumerateFiles(Path.Combine(Repository.Folder, "src"), "PublicAPI.Unshipped.txt", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))];
        string[] types = [.. packages.SelectMany(package => System.Reflection.Assembly.Load(package).GetExportedTypes())
            .Select(type => type.FullName!.Replace('`', '-').Replace('+', '.'))];
        Assert.NotEmpty(types);
        string[] pages = [.. Directory.EnumerateFiles(folder.Path, "*.html", SearchOption.AllDirectories)
            .Select(page => Path.GetFileNameWithoutExtension(page))];
        Expect.None(types.Except(pages));
    }

    private static async Task<(int ExitCode, string Said)> DotnetAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", arguments) { WorkingDirectory = Repository.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["DOTNET_NOLOGO"]) = ("1", "1");
        using Process process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            string[] said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, string.Concat(said));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
