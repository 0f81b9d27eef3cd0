using System.Diagnostics;
using System.Text;

namespace SentimentML.Tool.Tests.Infrastructure;

/// <summary>The built tool in a process of its own, as its users run it.</summary>
internal static class ToolProcess
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>The tool's assembly, which dotnet runs.</summary>
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "SentimentML.Tool.dll");

    /// <summary>Runs the tool to its end.</summary>
    /// <param name="folder">The folder that it runs in.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<ToolResult> RunAsync(TemporaryFolder folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        return await EndOfAsync(process, arguments);
    }

    /// <summary>Runs the tool to its end, with something on its standard input.</summary>
    public static async Task<ToolResult> RunAsync(TemporaryFolder folder, string[] arguments, byte[] input, params (string Name, string Value)[] variables)
    {
        using Process process = Start("dotnet", folder.Path, [Program, .. arguments], variables.ToDictionary(), redirectsInput: true);
        Task<ToolResult> end = EndOfAsync(process, arguments);
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        return await end;
    }

    public static Process Start(TemporaryFolder folder, params string[] arguments) => Start("dotnet", folder.Path, [Program, .. arguments]);

    /// <summary>
    /// Starts a program with its output caught, UTF-8. Its threads sleep while they wait for one another: if they spin, training a tiny network
    /// beside another process that does takes four times as long, and other tests run beside this one.
    /// </summary>
    public static Process Start(
        string program, string folder, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null, bool redirectsInput = false)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = redirectsInput,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["LC_ALL"] = "C.UTF-8"; // the tool speaks the system's language
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static async Task<ToolResult> EndOfAsync(Process process, IReadOnlyList<string> arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Longest);
        try
        {
            string[] output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            return new ToolResult(string.Join(' ', arguments), process.ExitCode, output[0], output[1]);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
