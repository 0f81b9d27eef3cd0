using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace SentimentML.Tests.Tokenization;

public class TokenizerAdapterTests
{
    private const string Text = "La mesa está coja, ¡qué rabia! 😡";

    private readonly PretrainedTokenizer _own = PretrainedTokenizer.FromFolder(Shared.Golden("tiny_mlm"));

    [Fact]
    public void Gives_the_texts_own_tokens_without_the_special_ones() =>
        Assert.Equal(_own.EncodeToIds(Text)[1..^1], Adapter.EncodeToIds(Text));

    [Fact]
    public void Tokens_have_their_place_in_the_text()
    {
        IReadOnlyList<EncodedToken> tokens = Adapter.EncodeToTokens(Text, out string? normalized);
        Assert.Null(normalized);
        Assert.NotEmpty(Text[tokens[0].Offset]);
        Assert.StartsWith(Text[tokens[0].Offset], "La mesa", StringComparison.Ordinal);
        Assert.Equal("😡", Text[tokens[^1].Offset]);
        Assert.Equal(tokens.Count, Adapter.CountTokens(Text));
    }

    [Fact]
    public void A_limit_says_how_much_of_the_text_was_read()
    {
        IReadOnlyList<int> ids = Adapter.EncodeToIds(Text, 3, out _, out int consumed);
        Assert.Equal(_own.EncodeToIds(Text)[1..4], ids);
        Assert.InRange(consumed, 1, Text.Length - 1);
    }

    [Fact]
    public void Decodes_into_a_buffer_that_is_large_enough_and_says_when_it_is_not()
    {
        int[] ids = [.. Adapter.EncodeToIds(Text)];
        Assert.Equal(" " + Text, Adapter.Decode(ids));
        char[] buffer = new char[100];
        Assert.Equal(OperationStatus.Done, Adapter.Decode(ids, buffer, out int consumed, out int written));
        Assert.Equal((ids.Length, " " + Text), (consumed, new string(buffer, 0, written)));
        Assert.Equal(OperationStatus.DestinationTooSmall, Adapter.Decode(ids, buffer.AsSpan(0, 3), out _, out _));
    }

    private Tokenizer Adapter => _own.ToMicrosoftTokenizer();
}
