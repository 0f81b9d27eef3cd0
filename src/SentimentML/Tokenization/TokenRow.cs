namespace SentimentML.Tokenization;

/// <summary>A text, or a pair of texts, as a network takes it.</summary>
/// <param name="Ids">The tokens, special ones included.</param>
/// <param name="PairStart">Where the tokens of type 1 begin; 0 if all tokens are of type 0.</param>
internal readonly record struct TokenRow(ReadOnlyMemory<int> Ids, int PairStart = 0)
{
    /// <summary>The number of tokens.</summary>
    public int Length => Ids.Length;

    /// <summary>Tokens of type 0.</summary>
    public static implicit operator TokenRow(int[] ids) => new(ids);
}
