using System.Diagnostics;
using System.Runtime.Versioning;
using SentimentML.Files;

namespace SentimentML.Tests.Files;

/// <summary>Where files are kept that can be made again, and where they are not.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class CacheFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_lies_in_XDG_CACHE_HOME_or_in_the_home_and_is_the_users_alone()
    {
        string named = CacheFolder.Open("native", _folder.At("caches"), _folder.At("home"));
        Assert.Equal(_folder.At("caches/sentimentml/native"), named);
        Assert.Equal(_folder.At("home/.cache/sentimentml/native"), CacheFolder.Open("native", caches: null, _folder.At("home")));
        Assert.Equal(_folder.At("home/.cache/sentimentml/native"), CacheFolder.Open("native", "relative", _folder.At("home")));
        RequireModes();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(named));
    }

    [Theory]
    [InlineData("sentimentml")]
    [InlineData("sentimentml/native")]
    public void A_folder_that_others_may_write_to_is_not_used(string shared)
    {
        RequireModes();
        CacheFolder.Open("native", _folder.Path, home: "");
        File.SetUnixFileMode(_folder.At(shared), File.GetUnixFileMode(_folder.At(shared)) | UnixFileMode.GroupWrite);
        RequirePrivate(CacheFolder.Open("native", _folder.Path, home: ""));
    }

    [Fact]
    public void A_folder_of_another_user_is_not_used()
    {
        RequireModes();
        string mine = CacheFolder.Open("native", _folder.Path, home: "");
        Assert.SkipUnless(Run("chown", "65534", mine), "giving a folder to another user takes root");
        RequirePrivate(CacheFolder.Open("native", _folder.Path, home: ""));
    }

    [Fact]
    public void Without_a_home_or_with_one_that_cannot_be_used_it_is_a_private_folder()
    {
        RequireModes();
        RequirePrivate(CacheFolder.Open("native", caches: null, home: ""));
        File.WriteAllText(_folder.At("file"), "");
        RequirePrivate(CacheFolder.Open("native", caches: null, _folder.At("file")));
    }

    private void RequirePrivate(string folder)
    {
        Assert.False(folder.StartsWith(_folder.Path, StringComparison.Ordinal), folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(folder)!));
    }

    private static void RequireModes() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix modes");

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
