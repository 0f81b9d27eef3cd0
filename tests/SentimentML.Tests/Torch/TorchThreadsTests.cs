using SentimentML.Torch;
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
}
