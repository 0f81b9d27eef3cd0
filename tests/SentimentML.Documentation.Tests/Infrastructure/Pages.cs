using System.Text.RegularExpressions;

namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>The repository's pages and what is in them.</summary>
internal static partial class Pages
{
    private static readonly string[] Marks = ["continues", "runs", "needs: hub", "needs: gpu", "needs: files", "needs: time"];

    /// <summary>The pages whose commands are run: README and what it leads to.</summary>
    public static IReadOnlyList<string> Guides { get; } =
        [.. Found("", "README*.md", SearchOption.TopDirectoryOnly), .. Found("docs", "*.md", SearchOption.AllDirectories)];

    /// <summary>The packages' own pages, as they stand on a package registry.</summary>
    public static IReadOnlyList<string> Packages { get; } =
        [.. Found("src", "README.md", SearchOption.AllDirectories).Where(page => page.Count(c => c == '/') == 2)];

    public static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Folder, page));

    public static IReadOnlyList<CodeBlock> Blocks(string page)
    {
        var blocks = new List<CodeBlock>();
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Folder, page));
        for (int i = 0; i < lines.Length; i++)
        {
            Match fence = Fence().Match(lines[i]);
            if (!fence.Success)
                continue;
            Match mark = i > 0 ? Comment().Match(lines[i - 1]) : Match.Empty;
            int end = Array.IndexOf(lines, "```", i + 1);
            Assert.True(end > i, $"{page}:{i + 1}: the block is not closed");
            if (mark.Success)
                Assert.True(Marks.Contains(mark.Groups["text"].Value),
                    $"{page}:{i}: the mark '{mark.Groups["text"].Value}' is not one of {string.Join("; ", Marks)}");
            blocks.Add(new CodeBlock(page, i + 2, fence.Groups["language"].Value, string.Concat(lines[(i + 1)..end].Select(line => line + "\n")),
                mark.Success ? mark.Groups["text"].Value : null));
            i = end;
        }
        return blocks;
    }

    private static IEnumerable<string> Found(string folder, string pattern, SearchOption depth) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Folder, folder), pattern, depth)
            .Select(path => Path.GetRelativePath(Repository.Folder, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^```(?<language>\w+)$")]
    private static partial Regex Fence();

    [GeneratedRegex(@"^<!-- (?<text>.*) -->$")]
    private static partial Regex Comment();
}
