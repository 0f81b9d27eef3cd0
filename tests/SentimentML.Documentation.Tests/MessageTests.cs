using System.Text.RegularExpressions;
using SentimentML.Documentation.Tests.Infrastructure;

namespace SentimentML.Documentation.Tests;

/// <summary>The messages that the troubleshooting page explains are those of the source.</summary>
public sealed partial class MessageTests
{
    private const string Page = "docs/troubleshooting.md";

    private static readonly Lazy<string[]> Sources = new(() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Folder, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)]);

    public static TheoryData<string> Messages => [.. Quoted().Matches(Pages.Read(Page)).Select(heading => heading.Groups["message"].Value)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_that_is_explained_is_one_of_the_source(string message)
    {
        string[] parts = [.. message.Split('…').Select(part => part.Trim(' ', '\'', ',', ';', '.', ':')).Where(part => part.Length > 0)];
        Assert.True(Sources.Value.Any(source => parts.All(part => source.Contains(part, StringComparison.Ordinal))), $"no file of src has all of: {string.Join(" | ", parts)}");
    }

    [GeneratedRegex(@"^### `(?<message>[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Quoted();
}
