using System.Runtime.CompilerServices;
using SentimentML.Inference;

namespace SentimentML.Tests.Inference;

/// <summary>Who computes what, on how many cores.</summary>
public class WorkerPoolTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_single_turn_has_all_cores_and_those_that_come_meanwhile_have_one_each()
    {
        using var pool = new WorkerPool(workers: 2);
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        using var ended = new CountdownEvent(3);
        using var both = new Barrier(2);
        var turns = new List<bool>();
        pool.Post(hasAllCores =>
        {
            turns.Add(hasAllCores);
            begun.Set();
            go.Wait(Stop);
            ended.Signal();
        });
        begun.Wait(Stop);
        pool.Post(
            hasAllCores =>
            {
                both.SignalAndWait(Stop); // at the same time
                lock (turns)
                    turns.Add(hasAllCores);
                ended.Signal();
            },
            count: 2);
        Assert.Single(turns); // nothing beside a turn that has all cores
        go.Set();
        ended.Wait(Stop);
        Assert.Equal([true, false, false], turns);
    }

    [Fact]
    public void A_turn_that_comes_while_a_worker_is_at_work_has_one_core()
    {
        using var pool = new WorkerPool(workers: 2);
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        using var ended = new CountdownEvent(2);
        var turns = new List<bool>();
        int count = 0;
        pool.Post(
            hasAllCores =>
            {
                lock (turns)
                    turns.Add(hasAllCores);
                if (Interlocked.Increment(ref count) == 1) // the other one ends at once
                {
                    begun.Set();
                    go.Wait(Stop);
                }
                ended.Signal();
            },
            count: 2);
        begun.Wait(Stop);
        Assert.True(SpinWait.SpinUntil(() => ended.CurrentCount == 1, TimeSpan.FromSeconds(20)), "the second turn did not end beside the first");
        using var late = new ManualResetEventSlim();
        pool.Post(hasAllCores =>
        {
            lock (turns)
                turns.Add(hasAllCores);
            late.Set();
        });
        Assert.True(late.Wait(TimeSpan.FromSeconds(20), Stop), "a free worker did not take the turn");
        go.Set();
        ended.Wait(Stop);
        Assert.Equal([false, false, false], turns);
    }

    [Fact]
    public void A_single_turn_that_may_not_have_all_cores_has_one()
    {
        using var pool = new WorkerPool(workers: 2);
        using var ended = new ManualResetEventSlim();
        bool? had = null;
        pool.Post(
            hasAllCores =>
            {
                had = hasAllCores;
                ended.Set();
            },
            mayHaveAllCores: false);
        Assert.True(ended.Wait(TimeSpan.FromSeconds(20), Stop), "no worker took the turn");
        Assert.False(had);
    }

    [Fact]
    public void What_had_a_turn_can_be_collected_while_the_threads_wait()
    {
        using var pool = new WorkerPool(workers: 1);
        WeakReference[] held = [Turn(pool), Turn(pool)];
        bool AreCollected()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !held.Any(turn => turn.IsAlive);
        }
        Assert.True(SpinWait.SpinUntil(AreCollected, TimeSpan.FromSeconds(20)), "a thread keeps what had a turn"); // which may end a moment after the turn
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Turn(WorkerPool pool)
    {
        var ended = new ManualResetEventSlim();
        pool.Post(_ => ended.Set());
        ended.Wait(Stop);
        return new WeakReference(ended);
    }
}
