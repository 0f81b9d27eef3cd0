namespace SentimentML.Tests.Layout;

/// <summary>A line of code is read without scrolling. What a raw or verbatim string holds is data, and a literal without a space cannot be broken.</summary>
public class LineLengthTests
{
    private const int MaxColumns = 160;

    [Fact]
    public void No_line_of_code_has_more_than_160_columns()
    {
        string[] sources = ["src", "tests", "samples", "benchmarks", "build"];
        string[] tooLong = [.. sources.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Folder, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !Path.GetRelativePath(Repository.Folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .SelectMany(file => File.ReadLines(file).Select((line, index) => (Place: $"{Path.GetRelativePath(Repository.Folder, file)}:{index + 1}", Line: line)))
            .Where(line => line.Line.Length > MaxColumns && !IsData(line.Line))
            .Select(line => $"{line.Place} has {line.Line.Length} columns")];
        Assert.True(tooLong.Length == 0, string.Join(Environment.NewLine, tooLong));
    }

    private static bool IsData(string line) =>
        line.Contains("\"\"\"", StringComparison.Ordinal) || line.Contains("@\"", StringComparison.Ordinal) || line.Split(' ').Any(word => word.Length > MaxColumns - 40);
}
