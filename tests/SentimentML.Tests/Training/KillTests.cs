using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SentimentML.Tests.Training;

/// <summary>
/// A training process is killed with SIGKILL at random moments, in steps and in the writing of checkpoints, and started again:
/// it always goes on, and ends with the weights of a run that was never stopped. tests/kill-and-resume.sh does it 100 times.
/// </summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_killed_training_ends_with_the_weights_of_one_that_was_not()
    {
        int kills = int.Parse(Environment.GetEnvironmentVariable("KILLS") ?? "3", CultureInfo.InvariantCulture);
        float[] expected = KilledProcess.Train(null);
        var random = new Random(kills);
        int killed = 0, finished = 0;
        while (killed < kills || finished == 0)
        {
            using Process child = ChildTest.Start(nameof(KilledProcess.Goes_on_from_the_last_checkpoint), (KilledProcess.FolderVariable, _folder.Path));
            Task<string> output = ChildTest.Output(child);
            if (killed < kills && await KillAfterSomeSteps(child, random.Next(1500)))
            {
                killed++;
                await child.WaitForExitAsync(TestContext.Current.CancellationToken);
                continue;
            }
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(File.Exists(_folder.At("weights")), $"after {killed} kills the training failed:\n{await output}");
            Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_folder.At("weights"))).ToArray());
            finished++;
            File.Delete(_folder.At("weights"));
            Directory.Delete(_folder.At("checkpoints"), recursive: true);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{killed} kills, {finished} runs to the end, all with the same weights");
    }

    /// <summary>Waits until the child has written something new, and a random time more.</summary>
    /// <returns>Whether it was killed before its end.</returns>
    private async Task<bool> KillAfterSomeSteps(Process child, int milliseconds)
    {
        string[] before = Checkpoints();
        while (!child.HasExited && Checkpoints().SequenceEqual(before))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await Task.Delay(milliseconds, TestContext.Current.CancellationToken);
        if (child.HasExited || File.Exists(_folder.At("weights")))
            return false;
        child.Kill(); // SIGKILL
        return true;
    }

    private string[] Checkpoints() => Directory.Exists(_folder.At("checkpoints"))
        ? [.. Directory.GetDirectories(_folder.At("checkpoints"), "checkpoint-*").Order(StringComparer.Ordinal)]
        : [];
}
