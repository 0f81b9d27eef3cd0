using System.Collections.Concurrent;
using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Tests.Torch;

public class ThreadTeamTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    [InlineData(3, 20)]
    [InlineData(3, 0)]
    public void Each_part_is_computed_once(int size, int parts)
    {
        using var team = new ThreadTeam(size);
        var computed = new ConcurrentBag<int>();
        team.Run(parts, computed.Add);
        Assert.Equal(Enumerable.Range(0, parts), computed.Order());
    }

    [Fact]
    public void As_many_parts_are_computed_at_once_as_there_are_threads()
    {
        using var team = new ThreadTeam(3);
        using var all = new Barrier(3);
        team.Run(3, _ => Assert.True(all.SignalAndWait(TimeSpan.FromMinutes(1)), "the three parts did not meet"));
    }

    [Fact]
    public void One_part_is_computed_by_the_caller()
    {
        using var team = new ThreadTeam(2);
        int thread = 0;
        team.Run(1, _ => thread = Environment.CurrentManagedThreadId);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void Parts_share_the_cores()
    {
        Assert.SkipUnless(TorchThreads.CanBeSet, "OpenMP's functions cannot be called here");
        using var team = new ThreadTeam(TorchThreads.Count() + 1);
        var threads = new ConcurrentBag<int>();
        team.Run(team.Size, _ => threads.Add(get_num_threads()));
        Assert.All(threads, number => Assert.Equal(1, number));
        Assert.Equal(team.Size, threads.Count);
    }

    [Fact]
    public void What_a_part_throws_is_thrown_when_those_in_work_have_ended_and_the_team_goes_on()
    {
        using var team = new ThreadTeam(2);
        bool ended = false;
        Thread? failed = null;
        using var begun = new ManualResetEventSlim();
        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => team.Run(50, part =>
        {
            if (part == 1)
            {
                begun.Wait(TestContext.Current.CancellationToken);
                Volatile.Write(ref failed, Thread.CurrentThread);
                throw new InvalidDataException("part 1");
            }
            if (part == 0)
            {
                begun.Set();
                // The other thread fails, passes over all further parts, and then waits for more.
                ended = SpinWait.SpinUntil(
                    () => Volatile.Read(ref failed)?.ThreadState.HasFlag(ThreadState.WaitSleepJoin) == true, TimeSpan.FromMinutes(1));
            }
            else
            {
                Assert.Fail($"part {part} was begun after another had failed");
            }
        }));
        Assert.Equal("part 1", thrown.Message);
        Assert.True(ended, "the part in work had not ended, or the other thread did not come to its end in a minute");
        int computed = 0;
        team.Run(4, _ => Interlocked.Increment(ref computed));
        Assert.Equal(4, computed);
    }
}
