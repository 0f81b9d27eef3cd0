using System.Diagnostics;

namespace SentimentML.Tests.Infrastructure;

/// <summary>An explicit test run in a process of its own, whose threads sleep while they wait for one another: other tests run beside it.</summary>
internal static class ChildTest
{
    public static Process Start(string method, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["--explicit", "only", "--filter-method", $"*.{method}"])
            start.ArgumentList.Add(argument);
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static async Task<string> Output(Process child)
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        return string.Join('\n', await Task.WhenAll(child.StandardOutput.ReadToEndAsync(cancel), child.StandardError.ReadToEndAsync(cancel)));
    }
}
