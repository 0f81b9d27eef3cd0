using SentimentML.Inference;
using SentimentML.Tokenization;

namespace SentimentML.Tests.Inference;

/// <summary>Calls of many threads answered together.</summary>
public class GatheringEngineTests
{
    [Fact]
    public void Calls_that_come_while_the_engine_works_make_one_batch()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero);
        Thread first = Start(() => engine.Logits([Row(1)]));
        slow.Working.Wait(TestContext.Current.CancellationToken);
        Thread[] others = [.. Enumerable.Range(2, 8).Select(value => Start(() => Assert.Equal(value, engine.Logits([Row(value)])[0])))];
        SpinWait.SpinUntil(() => others.All(thread => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)), TimeSpan.FromSeconds(20));
        slow.Go.Set();
        foreach (Thread thread in others.Prepend(first))
            thread.Join();
        Assert.Equal([1, 8], slow.BatchSizes);
    }

    [Fact]
    public void Every_caller_gets_its_own_rows_in_order()
    {
        using var engine = new GatheringEngine(new RecordingEngine(), TimeSpan.Zero);
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i => Assert.Equal([i, i + 0.5f, -i], engine.Logits([Row(i), Row(i + 0.5f), Row(-i)])));
    }

    [Fact]
    public void A_failure_reaches_every_caller_of_the_batch_and_the_next_batch_is_answered()
    {
        using var engine = new GatheringEngine(new RecordingEngine(), TimeSpan.Zero);
        var e = Assert.Throws<InvalidOperationException>(() => engine.Logits([Row(RecordingEngine.Poison)]));
        Assert.Equal("poison", e.Message);
        Assert.Equal([7f], engine.Logits([Row(7)]));
    }

    [Fact]
    public void A_disposed_engine_says_so()
    {
        var engine = new GatheringEngine(new RecordingEngine(), TimeSpan.Zero);
        engine.Dispose();
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => engine.Logits([Row(1)]));
    }

    [Fact]
    public void A_batch_ends_at_the_token_budget_but_a_call_is_never_cut()
    {
        using var inner = new RecordingEngine();
        using var engine = new GatheringEngine(inner, TimeSpan.FromMilliseconds(1));
        TokenRow[] many = [.. Enumerable.Range(0, BatchPlan.MaxRows + 10).Select(i => Row(i))];
        Assert.Equal(many.Length, engine.Logits(many).Length);
        Assert.Equal([many.Length], inner.BatchSizes);
    }

    private static TokenRow Row(float value) => new[] { BitConverter.SingleToInt32Bits(value) };

    private static Thread Start(ThreadStart work)
    {
        var thread = new Thread(work) { IsBackground = true };
        thread.Start();
        return thread;
    }

    /// <summary>Answers each row with its own number.</summary>
    private sealed class RecordingEngine : IInferenceEngine
    {
        public const float Poison = 1e9f;

        public ManualResetEventSlim? Working { get; init; }
        public ManualResetEventSlim? Go { get; init; }
        public List<int> BatchSizes { get; } = [];
        public string Description => "recording";

        public float[] Logits(IReadOnlyList<TokenRow> rows)
        {
            BatchSizes.Add(rows.Count);
            Working?.Set();
            Go?.Wait();
            float[] answers = [.. rows.Select(row => BitConverter.Int32BitsToSingle(row.Ids.Span[0]))];
            return answers.Contains(Poison) ? throw new InvalidOperationException("poison") : answers;
        }

        public void Dispose()
        {
        }
    }
}
