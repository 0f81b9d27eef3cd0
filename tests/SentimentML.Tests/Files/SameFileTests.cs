using SentimentML.Files;

namespace SentimentML.Tests.Files;

public sealed class SameFileTests
{
    [Fact]
    public void A_file_is_the_same_by_another_path_and_by_a_link()
    {
        using var folder = new TemporaryFolder();
        string file = folder.With("a.csv", "text").At("a.csv"), link = folder.At("link.csv");
        File.CreateSymbolicLink(link, file);

        Assert.True(SameFile.Is(file, Path.Combine(folder.Path, ".", "a.csv")));
        Assert.True(SameFile.Is(link, file));
        Assert.False(SameFile.Is(file, folder.At("b.csv")));
    }
}
