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

    [Fact]
    public async Task Calls_that_wait_are_answered_in_batches_of_like_length()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero);
        Task<GatheredAnswer> first = engine.AnswerAsync([Row(1)], Stop);
        slow.Working.Wait(Stop);
        const int Long = BatchPlan.MaxTokens / 2;
        Task<GatheredAnswer>[] others = [.. Enumerable.Range(0, 8).Select(i => engine.AnswerAsync([new int[i % 2 == 0 ? 1 : Long]], Stop))];
        Assert.Equal(8, engine.WaitingCalls);
        slow.Go.Set();
        GatheredAnswer[] answers = await Task.WhenAll(others.Prepend(first));
        Assert.Equal([1, 5, 2, 1], slow.BatchSizes); // four short ones with a long one, then the other long ones
        Assert.All(answers.Skip(1), answer => Assert.True(answer.Waited > TimeSpan.Zero));
        Assert.Equal(0, engine.WaitingCalls);
    }

    [Fact]
    public async Task A_call_never_waits_for_calls_that_came_after_those_it_was_taken_with()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero);
        Task first = engine.AnswerAsync([Row(1)], Stop);
        slow.Working.Wait(Stop);
        Task<GatheredAnswer> longest = engine.AnswerAsync([new int[BatchPlan.MaxTokens]], Stop);
        // Shorter ones that came later: those of one turn go first, all others afterwards.
        Task<GatheredAnswer>[] shorter = [.. Enumerable.Range(0, 40).Select(_ => engine.AnswerAsync([new int[BatchPlan.MaxTokens - 1]], Stop))];
        slow.Go.Set();
        await Task.WhenAll([first, longest, .. shorter]);
        Assert.Equal(42, slow.BatchSizes.Count);
        Assert.True(slow.Lengths.IndexOf(BatchPlan.MaxTokens) <= 1 + (GatheringEngine.MaxTokensTaken / (BatchPlan.MaxTokens - 1)), $"the oldest call was batch {slow.Lengths.IndexOf(BatchPlan.MaxTokens)}");
    }

    [Fact]
    public async Task Five_hundred_waiting_callers_hold_no_thread_and_each_gets_its_own_answer()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero);
        int before = ThreadPool.ThreadCount;
        Task<float[]>[] calls = [.. Enumerable.Range(0, 500).Select(i => Task.Run(() => engine.LogitsAsync([Row(i)], Stop)))];
        while (!slow.Working.IsSet || ThreadPool.PendingWorkItemCount > 0)
            await Task.Delay(10, Stop);
        await Task.Delay(1000, Stop); // a pool whose threads were blocked would add others in this time
        int threads = ThreadPool.ThreadCount;
        Assert.DoesNotContain(calls, call => call.IsCompleted);
        Assert.True(threads <= before + Environment.ProcessorCount + 2, $"{threads} threads of the pool while 500 calls wait, {before} before");
        slow.Go.Set();
        float[][] answers = await Task.WhenAll(calls);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (float)i), answers.Select(answer => answer[0]));
        TestContext.Current.TestOutputHelper?.WriteLine($"{threads} threads of the pool while 500 calls wait, {before} before");
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once_and_is_never_computed()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero);
        using var cancelling = new CancellationTokenSource();
        Task<float[]> first = engine.LogitsAsync([Row(1)], Stop);
        slow.Working.Wait(Stop);
        Task<float[]>[] others = [engine.LogitsAsync([Row(2)], Stop), engine.LogitsAsync([Row(3)], cancelling.Token), engine.LogitsAsync([Row(4)], Stop)];
        await cancelling.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => others[1]);
        Assert.Equal(cancelling.Token, e.CancellationToken);
        slow.Go.Set();
        float[][] answers = await Task.WhenAll(first, others[0], others[2]);
        Assert.Equal([1f, 2f, 4f], answers.Select(answer => answer[0]));
        Assert.Equal([1, 2], slow.BatchSizes);
    }

    [Fact]
    public async Task Disposing_finishes_the_batch_in_work_and_refuses_the_calls_that_wait()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        var engine = new GatheringEngine(slow, TimeSpan.Zero);
        Task<float[]> first = engine.LogitsAsync([Row(1)], Stop);
        slow.Working.Wait(Stop);
        List<Task<float[]>> others = [];
        Task disposing = Task.Factory.StartNew(engine.Dispose, Stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        do // until calls are refused at once: the engine is being disposed
        {
            others.Add(engine.LogitsAsync([Row(2)], Stop));
            await Task.Delay(5, Stop);
        }
        while (!others[^1].IsCompleted);
        slow.Go.Set();
        await disposing;
        float[] answer = await first;
        Assert.Equal([1f], answer);
        foreach (Task<float[]> call in others)
            await Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.Equal([1], slow.BatchSizes);
    }

    [Fact]
    public async Task A_classifier_answers_a_text_asynchronously_as_it_answers_it_synchronously()
    {
        using SentimentClassifier classifier = await SentimentClassifier.LoadAsync(Shared.Golden("tiny_classifier"), new() { Device = TorchDevice.Cpu }, Stop);
        string[] texts = [.. Enumerable.Range(0, 500).Select(i => $"Muy bueno, lo recomiendo {i % 50}")];
        SentimentPrediction[] answers = await Task.WhenAll(texts.Select(text => classifier.ClassifyAsync(text, Stop)));
        foreach (int i in (int[])[0, 7, 123, 499])
            Assert.Equal(classifier.Classify(texts[i]).Score, answers[i].Score, 1e-5f);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => classifier.ClassifyAsync("no", new CancellationToken(canceled: true)));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
        public List<int> Lengths { get; } = [];
        public string Description => "recording";

        public float[] Logits(IReadOnlyList<TokenRow> rows)
        {
            BatchSizes.Add(rows.Count);
            Lengths.Add(rows.Max(row => row.Length));
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
