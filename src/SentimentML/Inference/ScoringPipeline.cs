namespace SentimentML.Inference;

/// <summary>
/// Classifies any number of texts in constant memory: reads a window ahead, tokenizes the next one on other threads while
/// the network works on this one, forms batches of like length, and gives the answers back in the order of the texts.
/// </summary>
internal sealed class ScoringPipeline(TextScorer scorer, CancellationToken cancellationToken = default)
{
    private const int WindowRows = 1024;
    private const int WindowCharacters = 4_000_000;
    private const int BatchTokens = 2048;
    private const int BatchRows = 64;

    /// <summary>Each text's logits, lazily.</summary>
    public IEnumerable<float[]> Logits(IEnumerable<TextInput> texts)
    {
        using IEnumerator<TextInput> reader = texts.GetEnumerator();
        Task<int[][]>? next = ReadWindow(reader);
        while (next is not null)
        {
            int[][] window = next.GetAwaiter().GetResult();
            next = ReadWindow(reader);
            foreach (float[] logits in Score(window))
                yield return logits;
        }
    }

    /// <summary>Each text's logits, lazily, from a source that may wait for its texts.</summary>
    public async IAsyncEnumerable<float[]> LogitsAsync(IAsyncEnumerable<TextInput> texts)
    {
        await foreach (List<TextInput> window in Windows(texts).ConfigureAwait(false))
            foreach (float[] logits in await Task.Run(() => Score(Tokenize(window)), cancellationToken).ConfigureAwait(false))
                yield return logits;
    }

    /// <summary>The logits of one window's rows, in their order.</summary>
    public float[][] Score(int[][] window)
    {
        float[][] result = new float[window.Length][];
        int labels = scorer.Labels.Count;
        foreach (int[] batch in BatchPlan.ByLength([.. window.Select(row => row.Length)], BatchTokens, BatchRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] logits = scorer.Engine.Logits([.. batch.Select(row => (ReadOnlyMemory<int>)window[row])]);
            for (int i = 0; i < batch.Length; i++)
                result[batch[i]] = logits[(i * labels)..((i + 1) * labels)];
        }
        return result;
    }

    private Task<int[][]>? ReadWindow(IEnumerator<TextInput> reader)
    {
        var window = new List<TextInput>();
        for (int characters = 0; window.Count < WindowRows && characters < WindowCharacters && reader.MoveNext();)
        {
            window.Add(reader.Current);
            characters += reader.Current.Text.Length + (reader.Current.Pair?.Length ?? 0);
        }
        return window.Count == 0 ? null : Task.Run(() => Tokenize(window), cancellationToken);
    }

    /// <summary>What has arrived so far makes a window: a slow source is answered without waiting for it to fill one.</summary>
    private async IAsyncEnumerable<List<TextInput>> Windows(IAsyncEnumerable<TextInput> texts)
    {
        await using IAsyncEnumerator<TextInput> reader = texts.GetAsyncEnumerator(cancellationToken);
        var window = new List<TextInput>();
        int characters = 0;
        while (true)
        {
            ValueTask<bool> moving = reader.MoveNextAsync();
            bool full = window.Count >= WindowRows || characters >= WindowCharacters;
            if (window.Count > 0 && (full || !moving.IsCompleted))
            {
                yield return window;
                window = [];
                characters = 0;
            }
            if (!await moving.ConfigureAwait(false))
                break;
            window.Add(reader.Current);
            characters += reader.Current.Text.Length + (reader.Current.Pair?.Length ?? 0);
        }
        if (window.Count > 0)
            yield return window;
    }

    private int[][] Tokenize(List<TextInput> window)
    {
        int[][] rows = new int[window.Count][];
        Parallel.For(0, rows.Length, new ParallelOptions { CancellationToken = cancellationToken }, i => rows[i] = scorer.Tokenize(window[i]));
        return rows;
    }
}
