using SentimentML.Inference;
using SentimentML.Tokenization;

namespace SentimentML.Tests.Inference;

/// <summary>Calls of many threads answered together.</summary>
public sealed class GatheringEngineTests : IDisposable
{
    private readonly WorkerPool _pool = new(workers: 3); // not the process's: engines of these tests stand still now and then

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void Calls_that_come_while_the_engine_works_make_one_batch()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero, pool: _pool);
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
        using var engine = new GatheringEngine(new RecordingEngine(), TimeSpan.Zero, pool: _pool);
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
            Assert.Equal([i, i + 0.5f, -i], engine.Logits([Row(i), Row(i + 0.5f), Row(-i)])));
    }

    [Fact]
    public void A_failure_reaches_every_caller_of_the_batch_and_the_next_batch_is_answered()
    {
        using var engine = new GatheringEngine(new RecordingEngine(), TimeSpan.Zero, pool: _pool);
        var e = Assert.Throws<InvalidOperationException>(() => engine.Logits([Row(RecordingEngine.Poison)]));
        Assert.Equal("poison", e.Message);
        Assert.Equal([7f], engine.Logits([Row(7)]));
    }

    [Fact]
    public void A_disposed_engine_says_so()
    {
        var engine = new GatheringEngine(new RecordingEngine(), TimeSpan.Zero, pool: _pool);
        engine.Dispose();
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => engine.Logits([Row(1)]));
    }

    [Fact]
    public void A_batch_ends_at_the_token_budget_but_a_call_is_never_cut()
    {
        using var inner = new RecordingEngine();
        using var engine = new GatheringEngine(inner, TimeSpan.FromMilliseconds(1), pool: _pool);
        TokenRow[] many = [.. Enumerable.Range(0, BatchPlan.MaxRows + 10).Select(i => Row(i))];
        Assert.Equal(many.Length, engine.Logits(many).Length);
        Assert.Equal([many.Length], inner.BatchSizes);
    }

    [Fact]
    public async Task Calls_that_wait_are_answered_in_batches_of_like_length()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero, pool: _pool);
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
        using var engine = new GatheringEngine(slow, TimeSpan.Zero, pool: _pool);
        Task first = engine.AnswerAsync([Row(1)], Stop);
        slow.Working.Wait(Stop);
        Task<GatheredAnswer> longest = engine.AnswerAsync([new int[BatchPlan.MaxTokens]], Stop);
        // Shorter ones that came later: those of one turn go first, all others afterwards.
        Task<GatheredAnswer>[] shorter = [.. Enumerable.Range(0, 40).Select(_ => engine.AnswerAsync([new int[BatchPlan.MaxTokens - 1]], Stop))];
        slow.Go.Set();
        await Task.WhenAll([first, longest, .. shorter]);
        Assert.Equal(42, slow.BatchSizes.Count);
        Assert.True(slow.Lengths.IndexOf(BatchPlan.MaxTokens) <= 1 + (engine.MaxTokensTaken / (BatchPlan.MaxTokens - 1)),
            $"the oldest call was batch {slow.Lengths.IndexOf(BatchPlan.MaxTokens)}");
    }

    [Fact]
    public async Task A_call_alone_has_one_core_after_calls_that_came_beside_others_and_all_cores_again_soon()
    {
        var cores = new CoresEngine();
        using var engine = new GatheringEngine(cores, TimeSpan.Zero, pool: _pool);
        Task<float[]>[] calls = [.. Enumerable.Range(0, 40).Select(value => engine.LogitsAsync([Row(value)], Stop))];
        cores.Go.Set();
        await Task.WhenAll(calls);
        bool HasAllCores()
        {
            engine.Logits([Row(1)]);
            return cores.HadAllCores;
        }
        Assert.False(HasAllCores(), "the first call after many that came beside others had all cores");
        Assert.True(SpinWait.SpinUntil(HasAllCores, TimeSpan.FromSeconds(20)), "no call of many that came alone had all cores");
    }

    [Fact]
    public async Task A_call_alone_has_all_cores_after_batches_that_their_caller_formed()
    {
        var cores = new CoresEngine();
        using var engine = new GatheringEngine(cores, TimeSpan.Zero, pool: _pool);
        cores.Go.Set();
        TokenRow[][] batches = [.. Enumerable.Range(0, 50).Select(value => (TokenRow[])[Row(value)])];
        await Task.WhenAll(engine.LogitsOfBatches(batches, Stop));
        Assert.Contains(true, Enumerable.Range(0, 5).Select(_ => // not each: the turn before may just be ending
        {
            engine.Logits([Row(1)]);
            return cores.HadAllCores;
        }));
    }

    [Fact]
    public async Task Five_hundred_waiting_callers_hold_no_thread_and_each_gets_its_own_answer()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero, pool: _pool);
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
        using var engine = new GatheringEngine(slow, TimeSpan.Zero, pool: _pool);
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
        var engine = new GatheringEngine(slow, TimeSpan.Zero, pool: _pool);
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
    public async Task Calls_that_wait_are_divided_among_the_workers()
    {
        using var slow = new MeetingEngine();
        using var engine = new GatheringEngine(slow, TimeSpan.Zero, pool: _pool);
        Task<float[]> first = engine.LogitsAsync([Row(1)], Stop);
        slow.Begun.Wait(Stop);
        Task<float[]>[] others = [.. Enumerable.Range(0, 12).Select(i => engine.LogitsAsync([Row(i)], Stop))];
        slow.Go.Set(); // each of the next batches waits until three are in work
        Assert.Equal([.. Enumerable.Range(0, 12).Select(i => (float)i)], (await Task.WhenAll(others)).Select(answer => answer[0]));
        float[] alone = await first;
        Assert.Equal([1f], alone);
        Assert.Equal([(1, true), (4, false), (4, false), (4, false)], slow.Batches);
    }

    [Fact]
    public async Task Batches_formed_by_their_caller_are_computed_as_they_are_at_the_same_time_and_each_on_one_core()
    {
        using var meeting = new MeetingEngine();
        using var engine = new GatheringEngine(meeting, TimeSpan.Zero, pool: _pool);
        meeting.Go.Set();
        IReadOnlyList<Task<float[]>> answers = engine.LogitsOfBatches([[Row(1), Row(2)], [Row(3)], [Row(4), Row(5), Row(6)]], Stop);
        Assert.Equal([[1f, 2f], [3f], [4f, 5f, 6f]], await Task.WhenAll(answers));
        Assert.Equal([(1, false), (2, false), (3, false)], meeting.Batches.Order());
    }

    [Fact]
    public async Task Batches_formed_by_their_caller_and_single_calls_take_turns()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero, pool: _pool);
        Task<float[]> first = engine.LogitsAsync([Row(1)], Stop);
        slow.Working.Wait(Stop);
        IReadOnlyList<Task<float[]>> file = engine.LogitsOfBatches([.. Enumerable.Range(0, 50).Select(i => (TokenRow[])[Row(i), Row(i)])], Stop);
        Task<float[]> single = engine.LogitsAsync([Row(7)], Stop);
        Assert.Equal(51, engine.WaitingCalls);
        slow.Go.Set();
        await Task.WhenAll([first, single, .. file]);
        Assert.InRange(slow.BatchSizes.LastIndexOf(1), 1, 2); // after one batch of the file at most
    }

    [Fact]
    public async Task Batches_that_wait_are_cancelled_together()
    {
        using var slow = new RecordingEngine { Working = new ManualResetEventSlim(), Go = new ManualResetEventSlim() };
        using var engine = new GatheringEngine(slow, TimeSpan.Zero, pool: _pool);
        using var cancelling = new CancellationTokenSource();
        IReadOnlyList<Task<float[]>> answers = engine.LogitsOfBatches([[Row(1)], [Row(2)], [Row(3)]], cancelling.Token);
        slow.Working.Wait(Stop);
        await cancelling.CancelAsync();
        slow.Go.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answers[1]);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answers[2]);
        float[] later = await engine.LogitsAsync([Row(9)], Stop);
        Assert.Equal([9f], later);
        Assert.Equal([1, 1], slow.BatchSizes);
    }

    [Fact]
    public async Task A_call_that_is_alone_waits_for_others_as_long_as_it_may()
    {
        using var inner = new RecordingEngine();
        using var engine = new GatheringEngine(inner, TimeSpan.FromSeconds(1), pool: _pool);
        Task<float[]>[] calls = [engine.LogitsAsync([Row(1)], Stop), engine.LogitsAsync([Row(2)], Stop)];
        await Task.WhenAll(calls);
        Assert.Equal([2], inner.BatchSizes);
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

    /// <summary>Remembers whether it had all cores. It answers once <see cref="Go"/> is set.</summary>
    private sealed class CoresEngine : IInferenceEngine
    {
        public ManualResetEventSlim Go { get; } = new();
        public bool HadAllCores { get; private set; } // the last batch
        public string Description => "cores";
        public int Workers => 2;

        public float[] Logits(IReadOnlyList<TokenRow> rows) => Answer(rows, allCores: true);

        public float[] LogitsOnOneCore(IReadOnlyList<TokenRow> rows) => Answer(rows, allCores: false);

        public void Dispose() => Go.Dispose();

        private float[] Answer(IReadOnlyList<TokenRow> rows, bool allCores)
        {
            Go.Wait();
            HadAllCores = allCores;
            return new float[rows.Count];
        }
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

    /// <summary>
    /// An engine of three workers, whose first call waits for <see cref="Go"/>; calls on one core wait until three of them have begun.
    /// </summary>
    private sealed class MeetingEngine : IInferenceEngine
    {
        private readonly Barrier _three = new(3);

        public ManualResetEventSlim Begun { get; } = new();
        public ManualResetEventSlim Go { get; } = new();
        public List<(int Rows, bool AllCores)> Batches { get; } = [];
        public string Description => "meeting";
        public int Workers => 3;

        public float[] Logits(IReadOnlyList<TokenRow> rows)
        {
            float[] answers = Answer(rows, allCores: true);
            Begun.Set();
            Go.Wait();
            return answers;
        }

        public float[] LogitsOnOneCore(IReadOnlyList<TokenRow> rows)
        {
            Assert.True(_three.SignalAndWait(TimeSpan.FromSeconds(60)), "three batches were never in work at once");
            return Answer(rows, allCores: false);
        }

        private float[] Answer(IReadOnlyList<TokenRow> rows, bool allCores)
        {
            lock (Batches)
                Batches.Add((rows.Count, allCores));
            return [.. rows.Select(row => BitConverter.Int32BitsToSingle(row.Ids.Span[0]))];
        }

        public void Dispose() => _three.Dispose();
    }
}
