using SentimentML.Tokenization;

namespace SentimentML.Inference;

/// <summary>What turns rows of tokens into rows of numbers, logits as a rule: a network on libtorch, or its export on another runtime.</summary>
internal interface IInferenceEngine : IDisposable
{
    /// <summary>The engine, its precision and its device in a short human-readable form.</summary>
    string Description { get; }

    /// <summary>The rows' logits, one row after the other: [rows × labels]. Safe to call from several threads.</summary>
    /// <param name="rows">Ids, special ones included; of like length where the caller can choose.</param>
    float[] Logits(IReadOnlyList<TokenRow> rows);

    /// <summary>As <see cref="Logits"/>, on another thread.</summary>
    /// <param name="rows">Ids, special ones included.</param>
    /// <param name="cancellationToken">Cancels the call if its batch has not begun.</param>
    Task<float[]> LogitsAsync(IReadOnlyList<TokenRow> rows, CancellationToken cancellationToken) => Task.Run(() => Logits(rows), cancellationToken);
}
