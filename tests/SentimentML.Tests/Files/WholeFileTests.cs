using SentimentML.Files;

namespace SentimentML.Tests.Files;

/// <summary>Files that appear whole or not at all.</summary>
public sealed class WholeFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_appears_when_it_is_complete_and_not_before()
    {
        string path = _folder.At("new/folder/file.txt");
        using (var file = new WholeFile(path))
        {
            file.Stream.Write("whole"u8);
            Assert.False(File.Exists(path));
            file.Complete();
        }
        Assert.Equal("whole", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_failure_leaves_the_earlier_file_and_nothing_beside_it()
    {
        string path = _folder.At("file.txt");
        File.WriteAllText(path, "earlier");
        Assert.Throws<InvalidOperationException>(() => WholeFile.Write(path, stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new InvalidOperationException();
        }));
        Assert.Equal("earlier", File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_link_stays_a_link_and_its_target_is_replaced()
    {
        string target = _folder.At("target.txt"), link = _folder.At("link.txt");
        File.WriteAllText(target, "earlier");
        File.CreateSymbolicLink(link, target);
        WholeFile.Write(link, "later"u8);
        Assert.Equal(target, new FileInfo(link).LinkTarget);
        Assert.Equal("later", File.ReadAllText(target));
    }

    [Fact]
    public void A_folder_in_the_files_place_is_refused()
    {
        Directory.CreateDirectory(_folder.At("taken"));
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => WholeFile.Write(_folder.At("taken"), "x"u8)).Message, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_device_is_written_to_and_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no /dev/null");
        WholeFile.Write("/dev/null", "nothing"u8);
        Assert.NotEqual(FileAttributes.Directory, File.GetAttributes("/dev/null") & FileAttributes.Directory);
        Assert.Empty(File.ReadAllBytes("/dev/null"));
    }

    [Fact]
    public void A_new_folder_appears_whole_and_one_that_exists_keeps_its_other_files()
    {
        string target = _folder.At("model");
        Write("1");
        Assert.Equal(["a.txt", "b.txt"], Names());
        File.WriteAllText(Path.Combine(target, "own.txt"), "kept");
        Write("2");
        Assert.Equal(["a.txt", "b.txt", "own.txt"], Names());
        Assert.Equal(["2", "2", "kept"], Names().Select(name => File.ReadAllText(Path.Combine(target, name!))));
        using (var abandoned = new WholeFolder(target))
            abandoned.Write("a.txt", stream => stream.Write("3"u8));
        Assert.Equal("2", File.ReadAllText(Path.Combine(target, "a.txt")));
        Assert.Equal([target], Directory.EnumerateFileSystemEntries(_folder.Path));

        void Write(string content)
        {
            using var files = new WholeFolder(target);
            foreach (string name in (string[])["a.txt", "b.txt"])
                files.Write(name, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(content)));
            files.Complete();
        }

        IEnumerable<string?> Names() => Directory.EnumerateFileSystemEntries(target).Select(Path.GetFileName).Order(StringComparer.Ordinal);
    }
}
