using SentimentML.Files;

namespace SentimentML.Tests.Files;

public sealed class MappedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Released_pages_leave_the_processs_memory_and_come_in_again()
    {
        const int size = 64 << 20;
        byte[] content = new byte[size];
        new Random(1).NextBytes(content);
        File.WriteAllBytes(_folder.At("file"), content);
        using MappedFile file = MappedFile.Open(_folder.At("file"));
        Assert.True(file.Span(0, size).SequenceEqual(content));
        long touched = MappedBytes();
        file.ReleasePages();
        Assert.True(touched - MappedBytes() > size / 2, $"{touched} bytes of files in memory before, {MappedBytes()} after");
        Assert.True(file.Span(0, size).SequenceEqual(content));
    }

    [Fact]
    public void What_is_no_file_of_its_own_stays_as_it_is()
    {
        using MappedFile file = MappedFile.OverArray([1, 2, 3], "array");
        file.ReleasePages();
        Assert.Equal([1, 2, 3], file.Span(0, 3).ToArray());
    }

    /// <summary>Pages of files that the process has in memory (proc_pid_status(5)).</summary>
    private static long MappedBytes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pages are released on Linux alone.");
        return long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssFile:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
