using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Torch;

/// <summary>libtorch's threads of one thread.</summary>
public class TorchThreadsTests
{
    [Fact]
    public void A_number_is_the_calling_threads_alone_and_ends_with_its_setting()
    {
        Assert.SkipUnless(TorchThreads.CanBeSet, "OpenMP's functions cannot be called here");
        int before = get_num_threads(), usual = TorchThreads.Count(), inside = 0, beside = 0;
        using (TorchThreads.Use(before + 3))
        {
            inside = get_num_threads();
            var other = new Thread(() => beside = get_num_threads()); // its first call into libtorch
            other.Start();
            other.Join();
        }
        Assert.Equal(before + 3, inside);
        Assert.InRange(beside, 1, before + 2);
        Assert.Equal(before, get_num_threads());
        Assert.Equal(usual, TorchThreads.Count());
        Assert.InRange(usual, 1, Environment.ProcessorCount);
    }

    [Fact]
    public void Threads_that_OpenMP_keeps_are_ended_and_started_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && TorchThreads.CanBeSet, "the process's threads are counted in /proc");
        const int many = 40; // more than tests that run at the same time start or end
        int before = 0, kept = 0, ended = 0;
        double[] sums = new double[2];
        var thread = new Thread(() =>
        {
            using TorchThreads.Setting setting = TorchThreads.Use(many);
            before = Threads();
            sums[0] = Sum();
            kept = Threads();
            TorchThreads.EndKept();
            ended = Threads();
            sums[1] = Sum();
            TorchThreads.EndKept();
        });
        thread.Start();
        thread.Join();
        Assert.True(kept - before > many / 2
            && kept - ended > many / 2, $"{before} threads before, {kept} with those that OpenMP keeps, {ended} when they were ended");
        Assert.Equal([4e6, 4e6], sums);
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;

    private static double Sum()
    {
        using var ones = torch.ones(4_000_000);
        using var sum = ones.sum();
        return sum.item<float>();
    }
}
