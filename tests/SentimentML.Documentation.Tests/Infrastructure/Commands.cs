using System.CommandLine;
using SentimentML.Tool.Commands;

namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>Which commands a shell block has, and whether the tool understands them.</summary>
internal static class Commands
{
    private const string Tool = "sentimentml", FromSources = "dotnet run --project src/SentimentML.Tool";

    /// <summary>Whether a block is run: the tool's commands, and what stands before or beside them in a shell.</summary>
    public static bool AreOfTheTool(CodeBlock block) =>
        ShellLine.Of(block).SelectMany(ShellLine.Commands).All(command => command[0] is Tool or "export" or "cat" or "curl" or "head")
        && ShellLine.Of(block).SelectMany(ShellLine.Commands).Any(command => command[0] == Tool);

    /// <summary>The arguments of each use of the tool in a block, by its name or from the sources.</summary>
    public static IEnumerable<IReadOnlyList<string>> OfTheTool(CodeBlock block)
    {
        foreach (IReadOnlyList<string> command in ShellLine.Of(block).SelectMany(ShellLine.Commands))
            if (command.Count > 0 && command[0] == Tool)
                yield return [.. command.Skip(1)];
            else if (string.Join(' ', command.Take(4)) == FromSources)
                yield return [.. command.SkipWhile(argument => argument != "--").Skip(1)];
    }

    /// <summary>What the tool's command line has against arguments; null if nothing.</summary>
    public static string? Fault(IReadOnlyList<string> arguments)
    {
        ParseResult result = new SentimentMLCommand()
            .Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        return result.Errors.Count == 0 ? null : $"sentimentml {string.Join(' ', arguments)}: {string.Join(" ", result.Errors.Select(error => error.Message))}";
    }
}
