using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace SentimentML.Tokenization;

/// <summary>A <see cref="PretrainedTokenizer"/> for code that takes Microsoft.ML.Tokenizers' abstraction.</summary>
internal sealed class TokenizerAdapter(PretrainedTokenizer tokenizer) : Tokenizer
{
    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids) => tokenizer.Decode(ids.ToArray(), skipSpecialTokens: false);

    /// <inheritdoc/>
    public override OperationStatus Decode(IEnumerable<int> ids, Span<char> destination, out int idsConsumed, out int charsWritten)
    {
        int[] all = [.. ids];
        string text = tokenizer.Decode(all, skipSpecialTokens: false);
        bool fits = text.AsSpan().TryCopyTo(destination);
        idsConsumed = fits ? all.Length : 0;
        charsWritten = fits ? text.Length : 0;
        return fits ? OperationStatus.Done : OperationStatus.DestinationTooSmall;
    }

    protected override EncodeResults<int> EncodeToIds(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        EncodeResults<EncodedToken> tokens = EncodeToTokens(text, textSpan, settings);
        return new EncodeResults<int> { Tokens = [.. tokens.Tokens.Select(token => token.Id)], CharsConsumed = tokens.CharsConsumed };
    }

    protected override EncodeResults<EncodedToken> EncodeToTokens(string? text, ReadOnlySpan<char> textSpan, EncodeSettings settings)
    {
        text ??= textSpan.ToString();
        TokenizedText whole = tokenizer.Encode(text, maxTokens: int.MaxValue);
        int[] own = [.. Enumerable.Range(0, whole.Ids.Count).Where(i => whole.SequenceIds[i] is not null)]; // those that are not put around the text
        int count = settings.MaxTokenCount <= 0 ? own.Length : Math.Min(settings.MaxTokenCount, own.Length);
        var tokens = new EncodedToken[count];
        for (int i = 0; i < count; i++)
        {
            TokenOffset offset = whole.Offsets[own[i]];
            int id = whole.Ids[own[i]];
            tokens[i] = new EncodedToken(id, tokenizer.IdToToken(id) ?? "", offset.Start..offset.End);
        }
        bool cut = count < own.Length;
        int consumed = !cut ? text.Length : count > 0 ? whole.Offsets[own[count - 1]].End : 0;
        return new EncodeResults<EncodedToken> { Tokens = tokens, CharsConsumed = consumed };
    }
}
