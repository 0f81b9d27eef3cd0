using System.Text.Json.Nodes;

namespace SentimentML.Tool.Tests.Infrastructure;

/// <summary>How a run of the tool ended.</summary>
internal sealed record ToolResult(string Arguments, int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output, each as JSON.</summary>
    public JsonNode[] Lines => JsonLines.Parse(Output);

    /// <summary>Standard output as one JSON object.</summary>
    public JsonNode Json => JsonNode.Parse(Output)!;

    /// <summary>This result, when the run ended with the exit code that was expected.</summary>
    public ToolResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}, of {Arguments}\n--- output\n{Output}\n--- error\n{Error}");
        return this;
    }

    /// <summary>Expects a failure with a message: all of these words on standard error, and no stack trace.</summary>
    public void ExpectFailure(params string[] words)
    {
        Expect(1);
        foreach (string word in words)
            Assert.Contains(word, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }
}
