namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>A fenced block of a page.</summary>
/// <param name="Page">The page's path in the repository, with slashes.</param>
/// <param name="Line">The line of its first line of code, from 1.</param>
/// <param name="Language">What stands behind the fence: csharp, sh, python.</param>
/// <param name="Code">Its lines.</param>
/// <param name="Mark">
/// The comment right above it: "continues" joins it to the C# above it, "runs" runs the C# that begins here, "needs: …" says what the test
/// machine lacks, so that its C# is compiled and its commands are parsed alone. Null if there is none.
/// </param>
internal sealed record CodeBlock(string Page, int Line, string Language, string Code, string? Mark)
{
    public bool Continues => Mark == "continues";

    public bool Runs => Mark == "runs";

    public bool NeedsMore => Mark?.StartsWith("needs: ", StringComparison.Ordinal) == true;

    public string Place => $"{Page}:{Line}";
}
