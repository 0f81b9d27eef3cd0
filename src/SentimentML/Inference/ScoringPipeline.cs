using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SentimentML.Numerics;
using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>
/// Runs any number of texts through an engine in constant memory: reads a window ahead, tokenizes the next one on other threads
/// while the network works on this one, forms batches of like length, and gives the answers back in the order of the texts. At
/// most two windows are held, and nothing is read before the answers are taken. When the caller stops early, or an
/// exception ends the work, no task is left behind. A window never reaches over a multiple of <see cref="WindowRows"/>: the
/// last digits of an answer depend on the texts beside it, and so rows from such a place on are answered as those of the whole. A
/// source that waits for its texts is answered in windows of what has arrived.
/// </summary>
internal sealed class ScoringPipeline(IInferenceEngine engine, Func<TextInput, TokenRow> tokenize, CancellationToken cancellationToken = default)
{
    /// <summary>The most rows of a window.</summary>
    public const int WindowRows = 1024;

    private const int WindowCharacters = 4_000_000;

    public ScoringPipeline(TextScorer scorer, CancellationToken cancellationToken = default)
        : this(scorer.Engine, scorer.Tokenize, cancellationToken)
    {
    }

    /// <summary>Each text's logits, lazily.</summary>
    public IEnumerable<float[]> Logits(IEnumerable<TextInput> texts)
    {
        using IEnumerator<TextInput> reader = texts.GetEnumerator();
        Task<TokenRow[]>? next = null;
        int room = WindowRows;
        try
        {
            next = ReadWindow(reader, ref room);
            while (next is not null)
            {
                TokenRow[] window = next.GetAwaiter().GetResult();
                next = ReadWindow(reader, ref room);
                foreach (float[] logits in Score(engine, window, cancellationToken))
                    yield return logits;
            }
        }
        finally
        {
            // Tokenizing never waits, so this ends soon; no answer needs it any more, so its exception is ignored.
            next?.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .Wait(CancellationToken.None);
        }
    }

    /// <summary>Rows with their text's logits, lazily; only the rows of two windows are held.</summary>
    public IEnumerable<(T Row, float[] Logits)> Logits<T>(IEnumerable<T> rows, Func<T, TextInput> text)
    {
        var ahead = new Queue<T>();

        IEnumerable<TextInput> Texts()
        {
            foreach (T row in rows)
            {
                ahead.Enqueue(row);
                yield return text(row);
            }
        }

        foreach (float[] logits in Logits(Texts()))
            yield return (ahead.Dequeue(), logits);
    }

    /// <summary>Each text's logits, lazily, from a source that may wait for its texts.</summary>
    public async IAsyncEnumerable<float[]> LogitsAsync(IAsyncEnumerable<TextInput> texts)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<TokenRow[]> windows = Channel.CreateBounded<TokenRow[]>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        Task reading = Task.Run(() => ReadWindows(texts, windows.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (TokenRow[] window in windows.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                foreach (float[] logits in await ScoreAsync(window).ConfigureAwait(false))
                    yield return logits;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    /// <summary>The logits of one window's rows, in their order.</summary>
    public static float[][] Score(IInferenceEngine engine, IReadOnlyList<TokenRow> window, CancellationToken cancellationToken)
    {
        float[][] result = new float[window.Count][];
        int[][] batches = Batches(engine, window);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            foreach ((int[] batch, Task<float[]> answer) in batches.Zip(engine.LogitsOfBatches(Rows(window, batches), stop.Token)))
                Place(answer.GetAwaiter().GetResult(), batch, result);
        }
        catch
        {
            stop.Cancel(); // the batches that wait
            throw;
        }
        return result;
    }

    private async Task<float[][]> ScoreAsync(TokenRow[] window)
    {
        float[][] result = new float[window.Length][];
        int[][] batches = Batches(engine, window);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            foreach ((int[] batch, Task<float[]> answer) in batches.Zip(engine.LogitsOfBatches(Rows(window, batches), stop.Token)))
                Place(await answer.ConfigureAwait(false), batch, result);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false); // the batches that wait
            throw;
        }
        return result;
    }

    private static int[][] Batches(IInferenceEngine engine, IReadOnlyList<TokenRow> window) =>
        [.. BatchPlan.ByLength([.. window.Select(row => row.Length)], engine.MaxBatchTokens, engine.MaxBatchRows, countsPadding: engine.CountsPadding)];

    private static TokenRow[][] Rows(IReadOnlyList<TokenRow> window, int[][] batches) =>
        Array.ConvertAll(batches, batch => Array.ConvertAll(batch, row => window[row]));

    private static void Place(float[] flat, int[] batch, float[][] result)
    {
        int width = flat.Length / batch.Length;
        for (int i = 0; i < batch.Length; i++)
            result[batch[i]] = flat[(i * width)..((i + 1) * width)];
    }

    /// <param name="reader">The texts.</param>
    /// <param name="room">The rows up to the next multiple of <see cref="WindowRows"/>.</param>
    private Task<TokenRow[]>? ReadWindow(IEnumerator<TextInput> reader, ref int room)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var window = new List<TextInput>();
        for (int characters = 0; window.Count < room && characters < WindowCharacters && reader.MoveNext();)
        {
            window.Add(reader.Current);
            characters += Characters(reader.Current);
        }
        room = RoomAfter(window, room);
        return window.Count == 0 ? null : Task.Run(() => Tokenize(window, cancellationToken), cancellationToken);
    }

    /// <summary>Reads and tokenizes until the texts end or somebody stops; the outcome is propagated through the channel.</summary>
    private async Task ReadWindows(IAsyncEnumerable<TextInput> texts, ChannelWriter<TokenRow[]> windows, CancellationToken stop)
    {
        try
        {
            await foreach (List<TextInput> window in Windows(texts, stop).ConfigureAwait(false))
                await windows.WriteAsync(Tokenize(window, stop), stop).ConfigureAwait(false);
            windows.Complete();
        }
        catch (Exception e) // the reader throws it
        {
            windows.Complete(e);
        }
    }

    /// <summary>
    /// What has arrived so far makes a window: a slow source is answered without waiting for it to fill one, and so is what came before a
    /// source failed.
    /// </summary>
    private static async IAsyncEnumerable<List<TextInput>> Windows(IAsyncEnumerable<TextInput> texts, [EnumeratorCancellation] CancellationToken stop)
    {
        await using IAsyncEnumerator<TextInput> reader = texts.GetAsyncEnumerator(stop);
        Task<bool> moving = Task.FromResult(false);
        try
        {
            var window = new List<TextInput>();
            int characters = 0, room = WindowRows;
            while (true)
            {
                moving = reader.MoveNextAsync().AsTask();
                bool full = window.Count >= room || characters >= WindowCharacters;
                if (window.Count > 0 && (full || !moving.IsCompletedSuccessfully))
                {
                    yield return window;
                    room = RoomAfter(window, room);
                    window = [];
                    characters = 0;
                }
                if (!await moving.ConfigureAwait(false))
                    break;
                window.Add(reader.Current);
                characters += Characters(reader.Current);
            }
            if (window.Count > 0)
                yield return window;
        }
        finally
        {
            await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a source may not be disposed while it moves
        }
    }

    /// <summary>The rows up to the next multiple of <see cref="WindowRows"/>.</summary>
    private static int RoomAfter(List<TextInput> window, int room) => room == window.Count ? WindowRows : room - window.Count;

    private static int Characters(TextInput text) => text.Text.Length + (text.Pair?.Length ?? 0);

    private TokenRow[] Tokenize(List<TextInput> window, CancellationToken stop)
    {
        TokenRow[] rows = new TokenRow[window.Count];
        ParallelRows.For(rows.Length, i => rows[i] = tokenize(window[i]), stop);
        return rows;
    }
}
