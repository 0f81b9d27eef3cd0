using System.Diagnostics;
using System.Text;

namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>Runs the commands of a page in the page's order, by bash, each with the built tool in a process of its own.</summary>
internal static class PageRun
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Whether this machine has what the commands of the pages are written for.</summary>
    public static bool IsPossible { get; } = File.Exists("/bin/bash");

    /// <summary>The tool, as a function of the shell.</summary>
    private static string Tool => $"sentimentml() {{ dotnet '{Path.Combine(AppContext.BaseDirectory, "SentimentML.Tool.dll")}' \"$@\"; }}\n";

    /// <summary>Runs a page.</summary>
    /// <returns>What failed, with the page and the line; null if nothing did.</returns>
    public static async Task<string?> RunAsync(string page, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation)
    {
        CodeBlock[] blocks = [.. Pages.Blocks(page).Where(block => block.Language == "sh" && !block.NeedsMore && Commands.AreOfTheTool(block))];
        if (blocks.Length == 0)
            return null;
        using TemporaryFolder folder = PageFolder.Create(page);
        foreach (CodeBlock block in blocks)
        {
            string? failure = ShellLine.Of(block).First().StartsWith("sentimentml serve", StringComparison.Ordinal)
                ? await ServeAsync(block, folder, variables, cancellation)
                : await BashAsync(block.Code, folder, variables, cancellation);
            if (failure is not null)
                return $"{block.Place}\n{block.Code}{failure}";
        }
        return null;
    }

    /// <summary>A block that begins with a server: the rest of it are its clients.</summary>
    private static async Task<string?> ServeAsync(
        CodeBlock block, TemporaryFolder folder, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation)
    {
        string[] lines = [.. ShellLine.Of(block)];
        IEnumerable<string> arguments = ShellLine.Commands(lines[0])[0].Skip(1).TakeWhile(argument => argument != "--port");
        using Process server = Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "SentimentML.Tool.dll"), .. arguments, "--port", "0"], folder, variables);
        Task<string> errors = server.StandardError.ReadToEndAsync(CancellationToken.None); // read all the time: a full pipe would stop the server
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Longest);
            if (await server.StandardOutput.ReadLineAsync(limit.Token) is not { } address)
                return await errors;
            string clients = string.Join('\n', lines.Skip(1))
                .Replace("curl localhost:8080", $"curl --fail --silent --show-error {address.TrimEnd('/')}", StringComparison.Ordinal);
            if (await BashAsync(clients, folder, variables, cancellation) is not { } failure)
                return null;
            server.Kill(entireProcessTree: true);
            return $"{failure}\n--- the server's error\n{await errors}";
        }
        finally
        {
            if (!server.HasExited)
                server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
            await errors;
        }
    }

    private static async Task<string?> BashAsync(
        string code, TemporaryFolder folder, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation)
    {
        using Process bash = Start("/bin/bash", ["-c", $"set -euo pipefail\n{Tool}{code}"], folder, variables);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Longest);
        try
        {
            string[] written = await Task.WhenAll(bash.StandardOutput.ReadToEndAsync(limit.Token), bash.StandardError.ReadToEndAsync(limit.Token));
            await bash.WaitForExitAsync(limit.Token);
            return bash.ExitCode == 0 ? null : $"exit code {bash.ExitCode}\n--- output\n{written[0]}\n--- error\n{written[1]}";
        }
        finally
        {
            if (!bash.HasExited)
                bash.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments, TemporaryFolder folder, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
