using System.Text.RegularExpressions;
using SentimentML.Documentation.Tests.Infrastructure;

namespace SentimentML.Documentation.Tests;

/// <summary>The messages that the troubleshooting page explains are those of the source.</summary>
public sealed partial class MessageTests
{
    private const string Page = "docs/troubleshooting.md";

    public static TheoryData<string> Messages => [.. Quoted().Matches(Pages.Read(Page)).Select(heading => heading.Groups["message"].Value)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_that_is_explained_is_one_of_the_source(string message) => Assert.True(SourceTexts.Have(message), $"no text of src is: {message}");

    /// <summary>Its words are in the source, in one file even, and in no text of it.</summary>
    [Theory]
    [InlineData("GPU can be used … no CUDA")]
    [InlineData("public static … no CUDA GPU can be used")]
    public void Words_that_are_only_somewhere_in_the_source_are_not_a_message(string message) => Assert.False(SourceTexts.Have(message), message);

    [GeneratedRegex(@"^### `(?<message>[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Quoted();
}
