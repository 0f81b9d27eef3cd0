namespace SentimentML.Tests.Layout;

/// <summary>
/// A line of code is read without scrolling. What a raw or verbatim string holds is data, and a word that is too long cannot be broken.
/// </summary>
public class LineLengthTests
{
    private const int MaxColumns = 160;
    private const string RawString = "\"\"\"";

    private static readonly string[] Folders = ["src", "tests", "samples", "benchmarks", "build"];

    [Fact]
    public void No_line_of_code_has_more_than_160_columns()
    {
        string[] tooLong = [.. Folders.SelectMany(Sources).SelectMany(TooLong)];
        Assert.True(tooLong.Length == 0, string.Join(Environment.NewLine, tooLong));
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Folder, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(Repository.Folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    private static IEnumerable<string> TooLong(string file)
    {
        bool isInRawString = false;
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            bool isData = isInRawString || line.Contains(RawString, StringComparison.Ordinal) || line.Contains("@\"", StringComparison.Ordinal)
                || line.Split(' ').Any(word => word.Length > MaxColumns - 40);
            isInRawString ^= line.Split(RawString).Length % 2 == 0;
            if (line.Length > MaxColumns && !isData)
                yield return $"{Path.GetRelativePath(Repository.Folder, file)}:{number} has {line.Length} columns";
        }
        if (isInRawString) // the rest of the file would go unread
            yield return $"{Path.GetRelativePath(Repository.Folder, file)} has an odd number of marks of raw strings";
    }
}
