using SentimentML.Evaluation;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Tokenization;

namespace SentimentML.Tests.Inference;

/// <summary>Many texts: order, memory, back-pressure, and how it ends early.</summary>
public class ScoringPipelineTests
{
    private static readonly Lazy<PretrainedTokenizer> Tokenizer = new(() => PretrainedTokenizer.Load(ModelFiles.InFolder(Shared.Golden("tiny_classifier"))));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public void Answers_come_in_the_texts_order(int count)
    {
        TextInput[] texts = [.. Enumerable.Range(0, count).Select(Text)];
        float[][] answers = [.. Pipeline().Logits(texts)];
        Assert.Equal(texts.Select(text => (float)Tokenizer.Value.EncodeToIds(text.Text).Sum()), answers.Select(row => row[0]));
    }

    [Fact]
    public async Task Answers_to_a_stream_come_in_the_texts_order()
    {
        TextInput[] texts = [.. Enumerable.Range(0, 3000).Select(Text)];
        float[][] answers = await Pipeline().LogitsAsync(texts.ToAsyncEnumerable()).ToArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(texts.Select(text => (float)Tokenizer.Value.EncodeToIds(text.Text).Sum()), answers.Select(row => row[0]));
    }

    [Fact]
    public void No_more_than_two_windows_are_read_ahead_of_the_answers()
    {
        int read = 0, answered = 0, most = 0;
        IEnumerable<TextInput> Endless()
        {
            for (; ; read++)
                yield return Text(read);
        }
        foreach (float[] _ in Pipeline().Logits(Endless()).Take(10_000))
        {
            answered++;
            most = Math.Max(most, read - answered);
        }
        Assert.InRange(most, 1, 2 * 1024);
    }

    [Fact]
    public void A_texts_source_is_disposed_when_the_caller_stops_early()
    {
        bool disposed = false;
        IEnumerable<TextInput> Source()
        {
            try
            {
                for (int i = 0; ; i++)
                    yield return Text(i);
            }
            finally
            {
                disposed = true;
            }
        }
        Assert.Equal(3, Pipeline().Logits(Source()).Take(3).Count());
        Assert.True(disposed);
    }

    [Fact]
    public void What_the_source_throws_reaches_the_caller()
    {
        static IEnumerable<TextInput> Source()
        {
            for (int i = 0; i < 1500; i++)
                yield return Text(i);
            throw new IOException("gone");
        }
        Assert.Equal("gone", Assert.Throws<IOException>(() => Pipeline().Logits(Source()).Count()).Message);
    }

    [Fact]
    public void What_a_text_makes_the_tokenizer_throw_reaches_the_caller_as_it_is()
    {
        var pipeline = new ScoringPipeline(new SumEngine(), text => throw new SentimentMLException($"{text.Text} cannot be read"));
        SentimentMLException thrown = Assert.Throws<SentimentMLException>(() => pipeline.Logits([Text(1), Text(2)]).Count());
        Assert.Contains("cannot be read", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_stream_throws_reaches_the_caller_after_the_answers_before_it()
    {
        static async IAsyncEnumerable<TextInput> Source()
        {
            for (int i = 0; i < 20; i++)
                yield return Text(i);
            await Task.Yield();
            throw new IOException("gone");
        }
        int answers = 0;
        var e = await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (float[] _ in Pipeline().LogitsAsync(Source()))
                answers++;
        });
        Assert.Equal(("gone", 20), (e.Message, answers));
    }

    [Fact]
    public async Task A_slow_stream_is_answered_text_by_text()
    {
        var answered = new SemaphoreSlim(1);
        async IAsyncEnumerable<TextInput> Source()
        {
            for (int i = 0; i < 5; i++)
            {
                // Not before the last text's answer is there: a pipeline that waited for a full window would stand still.
                Assert.True(await answered.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), $"text {i} was never answered");
                yield return Text(i);
            }
        }
        int count = 0;
        await foreach (float[] _ in Pipeline().LogitsAsync(Source()))
        {
            count++;
            answered.Release();
        }
        Assert.Equal(5, count);
    }

    [Fact]
    public async Task A_stream_that_the_caller_leaves_is_stopped_and_disposed()
    {
        bool disposed = false;
        async IAsyncEnumerable<TextInput> Source([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop = default)
        {
            try
            {
                for (int i = 0; ; i++)
                {
                    yield return Text(i);
                    await Task.Delay(i < 5 ? 1 : 60_000, stop);
                }
            }
            finally
            {
                disposed = true;
            }
        }
        await foreach (float[] _ in Pipeline().LogitsAsync(Source(TestContext.Current.CancellationToken)))
            break;
        Assert.True(disposed);
    }

    [Fact]
    public void Cancelling_stops_the_work()
    {
        using var cancel = new CancellationTokenSource();
        IEnumerable<float[]> answers = Cancellable(cancel.Token).Logits(Enumerable.Range(0, int.MaxValue).Select(Text));
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (float[] _ in answers)
                cancel.Cancel();
        });
    }

    private static TextInput Text(int i) => new($"texto número {i} {new string('a', i % 37)}");

    private static ScoringPipeline Pipeline() => Cancellable(TestContext.Current.CancellationToken);

    private static ScoringPipeline Cancellable(CancellationToken cancellationToken) =>
        new(new TextScorer(new SumEngine(), Tokenizer.Value, new AnswerRule(["sum"]), 512), cancellationToken);

    /// <summary>Answers each row with the sum of its ids.</summary>
    private sealed class SumEngine : IInferenceEngine
    {
        public string Description => "sum";

        public float[] Logits(IReadOnlyList<TokenRow> rows) => [.. rows.Select(row => (float)row.Ids.ToArray().Sum())];

        public void Dispose()
        {
        }
    }
}
