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
        Assert.Equal(size, BytesInMemory(_folder.At("file")));
        file.ReleasePages();
        Assert.Equal(0, BytesInMemory(_folder.At("file")));
        Assert.True(file.Span(0, size).SequenceEqual(content));
    }

    [Fact]
    public void What_is_no_file_of_its_own_stays_as_it_is()
    {
        using MappedFile file = MappedFile.OverArray([1, 2, 3], "array");
        file.ReleasePages();
        Assert.Equal([1, 2, 3], file.Span(0, 3).ToArray());
    }

    /// <summary>How much of a mapped file is in the process's memory (proc_pid_smaps(5)).</summary>
    private static long BytesInMemory(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pages are released on Linux alone.");
        string resident = File.ReadLines("/proc/self/smaps").SkipWhile(line => !line.EndsWith(path, StringComparison.Ordinal))
            .First(line => line.StartsWith("Rss:", StringComparison.Ordinal));
        return long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
