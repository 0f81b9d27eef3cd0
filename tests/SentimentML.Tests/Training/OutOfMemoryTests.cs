using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SentimentML.Training;

namespace SentimentML.Tests.Training;

/// <summary>Memory really runs out, in a process of its own whose address space is limited.</summary>
public sealed partial class OutOfMemoryTests
{
    private const int Rows = 6000;

    private static readonly TrainingRecipe OneStep = TinyRun.Recipe with { Epochs = 1, BatchSize = Rows, WarmupSteps = 0 };

    /// <summary>As on a GPU, which takes more memory.</summary>
    private static TinyRun Padded() => new() { PadsBatches = true };

    [Fact]
    public async Task Without_memory_a_run_says_what_to_lower_or_goes_on_with_smaller_pieces()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.Is64BitProcess, "limits the address space as Linux does");
        // The runtime ends a process where it gets no memory for code: methods are compiled once, and their pages are not mapped a second time.
        using Process child = ChildTest.Start(nameof(Runs_out_of_memory), ("DOTNET_TieredCompilation", "0"), ("DOTNET_EnableWriteXorExecute", "0"));
        string output = await ChildTest.Output(child);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0 && output.Contains("succeeded: 1", StringComparison.Ordinal), $"exit code {child.ExitCode}\n{output}");
    }

    [Fact(Explicit = true)]
    public void Runs_out_of_memory()
    {
        Example[] rows = TinyRun.Rows(Rows);
        Padded().Fit(OneStep, train: rows[..64], dropout: 0); // all that is loaded at first use

        TinyRun halved = Padded();
        Limit before = LimitTo(Used() + (300L << 20));
        try
        {
            string message = Assert.Throws<TrainingOutOfMemoryException>(() => Padded().Fit(OneStep, train: rows, dropout: 0)).Message;
            Assert.Contains($"BatchSize {Rows}, longest row {rows.Max(row => row.Tokens.Length)} tokens", message, StringComparison.Ordinal);
            Assert.Contains("Lower BatchSize and raise GradientAccumulation", message, StringComparison.Ordinal);
            Assert.Contains("set GradientCheckpointing to true", message, StringComparison.Ordinal);
            Assert.DoesNotContain("TorchScript", message, StringComparison.Ordinal);

            halved.Fit(OneStep, new RunSettings { HalveBatchWhenOutOfMemory = true }, rows, dropout: 0);
            Assert.NotEmpty(halved.Warnings);
            Assert.Contains("Memory ran out at step 1", halved.Warnings[0], StringComparison.Ordinal);
        }
        finally
        {
            SetLimit(AddressSpace, in before);
        }
        TinyRun free = Padded();
        free.Fit(OneStep, train: rows, dropout: 0);
        Assert.Equal(free.Steps[0].Loss, halved.Steps[0].Loss, 5);
        Assert.Equal(free.Steps[0].GradientNorm, halved.Steps[0].GradientNorm, 4);
    }

    private const int AddressSpace = 9; // RLIMIT_AS

    private static long Used() =>
        long.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmSize", StringComparison.Ordinal))
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;

    private static Limit LimitTo(long bytes)
    {
        GetLimit(AddressSpace, out Limit before);
        var lower = before with { Soft = (ulong)bytes };
        Assert.Equal(0, SetLimit(AddressSpace, in lower));
        return before;
    }

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit(ulong Soft, ulong Hard);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);
}
