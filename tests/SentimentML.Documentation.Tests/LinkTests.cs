using System.Text.RegularExpressions;
using SentimentML.Documentation.Tests.Infrastructure;

namespace SentimentML.Documentation.Tests;

/// <summary>Links lead somewhere.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> All => [.. Pages.Guides, .. Pages.Packages, "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_link_inside_the_repository_leads_to_a_file_and_a_heading(string page)
    {
        var broken = new List<string>();
        foreach (Match link in Link().Matches(Pages.Read(page)))
        {
            string path = link.Groups["path"].Value, anchor = link.Groups["anchor"].Value;
            string target = path.Length == 0
                ? page
                : Path.GetRelativePath(Repository.Folder, Path.Combine(Repository.Folder, Path.GetDirectoryName(page)!, path));
            if (!Path.Exists(Path.Combine(Repository.Folder, target)))
                broken.Add(link.Value);
            else if (anchor.Length > 0 && !Headings(Pages.Read(target)).Contains(anchor))
                broken.Add($"{link.Value}: {target} has the headings {string.Join(", ", Headings(Pages.Read(target)))}");
        }
        Expect.None(broken);
    }

    [Fact]
    public void The_index_names_every_guide()
    {
        string index = Pages.Read("docs/README.md");
        Expect.None(Pages.Guides.Where(
            page => page.StartsWith("docs/", StringComparison.Ordinal) && page != "docs/README.md"
            && !index.Contains($"({page["docs/".Length..]})", StringComparison.Ordinal)));
    }

    /// <summary>A heading's name in an address, as GitHub makes it.</summary>
    private static IEnumerable<string> Headings(string text) =>
        Heading().Matches(text).Select(heading => NotInAnAddress().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?![a-z]+:)(?<path>[^)#\s]*)(?:#(?<anchor>[^)\s]*))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnAddress();
}
