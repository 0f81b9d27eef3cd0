using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using SentimentML.Files;
using SentimentML.Torch;
using TorchSharp;

namespace SentimentML.Tests.Torch;

/// <summary>The copy of TorchSharp's library for systems with an older libstdc++.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LibTorchSharpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Original => Path.Combine(Path.GetDirectoryName(typeof(torch).Assembly.Location)!, "libLibTorchSharp.so");

    [Fact]
    public void A_planted_file_of_the_right_name_and_length_is_replaced()
    {
        RequireLinux();
        string copy = LibTorchSharp.RelaxedCopy(Original, _folder.Path)!;
        byte[] right = File.ReadAllBytes(copy);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
        Assert.Equal(File.ReadAllBytes(Original).Length, right.Length);

        byte[] planted = [.. right];
        planted[planted.Length / 2] ^= 1;
        File.WriteAllBytes(copy, planted);
        Assert.Equal(copy, LibTorchSharp.RelaxedCopy(Original, _folder.Path));
        Assert.Equal(SHA256.HashData(right), SHA256.HashData(File.ReadAllBytes(copy)));
    }

    [Fact]
    public void A_copy_that_is_right_is_not_written_again()
    {
        RequireLinux();
        string copy = LibTorchSharp.RelaxedCopy(Original, _folder.Path)!;
        var before = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(copy, before);
        Assert.Equal(copy, LibTorchSharp.RelaxedCopy(Original, _folder.Path));
        Assert.Equal(before, File.GetLastWriteTimeUtc(copy));
    }

    /// <summary>A library of nonsense is in the way of a fresh process, which would not start with it.</summary>
    [Fact]
    public async Task A_planted_file_is_not_loaded()
    {
        RequireLinux();
        string cache = _folder.At("cache");
        string copy = LibTorchSharp.RelaxedCopy(Original, CacheFolder.Open(LibTorchSharp.CachePart, cache, home: ""))!;
        byte[] nonsense = new byte[new FileInfo(copy).Length];
        File.WriteAllBytes(copy, nonsense);
        using Process child = ChildTest.Start(nameof(LibTorchSharpProcess.Computes_with_libtorch), ("XDG_CACHE_HOME", cache));
        string output = await ChildTest.Output(child);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, output);
    }

    private static void RequireLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux's library makes the demand");
}

/// <summary>What another process does for <see cref="LibTorchSharpTests"/>.</summary>
public sealed class LibTorchSharpProcess
{
    [Fact(Explicit = true)]
    public void Computes_with_libtorch()
    {
        using torch.Tensor three = torch.ones(3).sum();
        Assert.Equal(3f, three.item<float>());
    }
}
