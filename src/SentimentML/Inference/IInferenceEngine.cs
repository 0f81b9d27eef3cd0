using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>What turns rows of tokens into rows of numbers, logits as a rule: a network on libtorch, or its export on another runtime.</summary>
internal interface IInferenceEngine : IDisposable
{
    /// <summary>The engine, its precision and its device in a short human-readable form.</summary>
    string Description { get; }

    /// <summary>The tokens in a batch that the engine is quick with.</summary>
    int MaxBatchTokens => BatchPlan.MaxTokens;

    /// <summary>Whether <see cref="MaxBatchTokens"/> counts rows as if they were filled up to their batch's longest.</summary>
    bool CountsPadding => true;

    /// <summary>The rows in a batch that the engine is quick with.</summary>
    int MaxBatchRows => BatchPlan.MaxRows;

    /// <summary>How many calls of <see cref="LogitsOnOneCore"/> at once keep the processor busy; 1 if nothing is gained by several.</summary>
    int Workers => 1;

    /// <summary>The rows' logits, one row after the other: [rows × labels]. Safe to call from several threads.</summary>
    /// <param name="rows">Ids, special ones included; of like length where the caller can choose.</param>
    float[] Logits(IReadOnlyList<TokenRow> rows);

    /// <summary>As <see cref="Logits"/>, with the calling thread alone where the engine has several <see cref="Workers"/>.</summary>
    /// <param name="rows">Ids, special ones included.</param>
    float[] LogitsOnOneCore(IReadOnlyList<TokenRow> rows) => Logits(rows);

    /// <summary>As <see cref="Logits"/>, on another thread.</summary>
    /// <param name="rows">Ids, special ones included.</param>
    /// <param name="cancellationToken">Cancels the call if its batch has not begun.</param>
    Task<float[]> LogitsAsync(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken) => Task.Run(() => Logits(rows), cancellationToken);

    /// <summary>Each batch's logits; batches are not mixed with others. An engine without threads of its own computes them before it returns.</summary>
    /// <param name="batches">Batches of ids, the longest to compute first.</param>
    /// <param name="cancellationToken">Cancels the batches that have not begun.</param>
    IReadOnlyList<Task<float[]>> LogitsOfBatches(IReadOnlyList<TokenRow[]> batches, CancellationToken cancellationToken)
    {
        var answers = new Task<float[]>[batches.Count];
        for (int batch = 0; batch < answers.Length; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            answers[batch] = Task.FromResult(Logits(batches[batch]));
        }
        return answers;
    }
}
