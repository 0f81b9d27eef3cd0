namespace SentimentML.Tests.Tokenization;

public class PretrainedTokenizerTests
{
    private static string[] TokensOf(string text, PretrainedTokenizer? tokenizer = null)
    {
        tokenizer ??= Reference.Tiny;
        return [.. tokenizer.EncodeToIds(text).Select(id => tokenizer.IdToToken(id)!)];
    }

    [Fact]
    public void It_says_what_its_files_say()
    {
        Assert.Equal(2000, Reference.Tiny.VocabularySize);
        Assert.Equal(512, Reference.Tiny.MaxTokens);
        Assert.True(Reference.Tiny.AddPrefixSpace);
        Assert.Equal((0, 1, 2, 3, 4),
            (Reference.Tiny.ClsTokenId, Reference.Tiny.PadTokenId, Reference.Tiny.SepTokenId, Reference.Tiny.UnkTokenId, Reference.Tiny.MaskTokenId));
        Assert.Equal("Ġsabe", Reference.Tiny.IdToToken(1999));
        Assert.Equal(1999, Reference.Tiny.TokenToId("Ġsabe"));
        Assert.Null(Reference.Tiny.IdToToken(2000));
        Assert.Null(Reference.Tiny.IdToToken(-1));
        Assert.Null(Reference.Tiny.TokenToId("no such token"));
    }

    [Theory]
    [InlineData("", "<s> </s>")]
    [InlineData(" ", "<s> Ġ </s>")]
    [InlineData("\n", "<s> Ġ Ċ </s>")]
    [InlineData("El favor", "<s> ĠEl Ġfavor </s>")]
    [InlineData(" El favor", "<s> ĠEl Ġfavor </s>")]
    [InlineData("\tEl", "<s> Ġ ĉ El </s>")]
    public void A_space_goes_in_front_unless_the_text_has_one(string text, string tokens) =>
        Assert.Equal(tokens, string.Join(' ', TokensOf(text)));

    [Fact]
    public void A_lone_surrogate_is_read_as_the_replacement_character()
    {
        foreach (string text in (string[])["bien\ud83d", "\ude00bien", "a\ud83db", "\ud83d\ud83d\ude00", new string('\ud83d', 200)])
        {
            string replaced = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
            Assert.Equal(Reference.Tiny.EncodeToIds(replaced, maxTokens: int.MaxValue), Reference.Tiny.EncodeToIds(text, maxTokens: int.MaxValue));
            Assert.Equal(Reference.Tiny.Encode(replaced).Offsets, Reference.Tiny.Encode(text).Offsets);
        }
    }

    [Fact]
    public void Offsets_are_utf16_units_of_the_text()
    {
        const string Text = "bien 😀 favor";
        TokenizedText tokens = Reference.Tiny.Encode(Text);
        int last = tokens.Ids.Count - 2;
        Assert.Equal("favor", Text[tokens.Offsets[last].Start..tokens.Offsets[last].End]);
        Assert.All(tokens.Offsets.Skip(2).SkipLast(2).Where(o => o.Start >= 5 && o.End > o.Start), o => Assert.Equal("😀", Text[o.Start..o.End]));
        Assert.Equal(new TokenOffset(0, 0), tokens.Offsets[0]);
        Assert.Equal(new TokenOffset(0, 0), tokens.Offsets[^1]);
    }

    [Fact]
    public void Special_tokens_inside_a_text_are_themselves_or_plain_text_as_one_likes()
    {
        const string Text = "El <mask> es </s> bueno";
        Assert.Contains(Reference.Tiny.MaskTokenId!.Value, Reference.Tiny.EncodeToIds(Text));

        var plain = PretrainedTokenizer.FromFolder(Reference.TinyFolder, new PretrainedTokenizerOptions { SpecialTokensInText = false });
        int[] ids = plain.EncodeToIds(Text);
        Assert.DoesNotContain(plain.MaskTokenId!.Value, ids);
        Assert.Single(ids, plain.SepTokenId!.Value);
        Assert.Equal(" " + Text, plain.Decode(ids));
    }

    [Fact]
    public void A_buffer_of_the_caller_s_is_filled_as_far_as_it_goes()
    {
        const string Text = "La casa es grande y el jardín también es grande";
        int[] whole = Reference.Tiny.EncodeToIds(Text);
        for (int length = 2; length <= whole.Length + 3; length++)
        {
            var buffer = new int[length];
            int count = Reference.Tiny.EncodeTo(Text, buffer, out bool isTruncated);
            Assert.Equal(Math.Min(length, whole.Length), count);
            Assert.Equal(length < whole.Length, isTruncated);
            Assert.Equal([.. whole[..(count - 1)], Reference.Tiny.SepTokenId!.Value], buffer[..count]);
            Assert.Equal(buffer[..count], Reference.Tiny.EncodeToIds(Text, maxTokens: length));
            TokenizedText cut = Reference.Tiny.Encode(Text, maxTokens: length);
            Assert.Equal(buffer[..count], cut.Ids);
            Assert.Equal(isTruncated, cut.IsTruncated);
            Assert.Equal(cut.Ids.Count, cut.Offsets.Count);
        }
    }

    [Fact]
    public void A_pair_is_joined_by_two_separators_and_its_longer_text_cut_first()
    {
        int[] a = Reference.Tiny.EncodeToIds("La casa es grande"), b = Reference.Tiny.EncodeToIds("El jardín también");
        int[] pair = Reference.Tiny.EncodeToIds("La casa es grande", "El jardín también");
        Assert.Equal([.. a, 2, .. b[1..]], pair);
        for (int limit = 4; limit <= pair.Length; limit++)
        {
            int[] cut = Reference.Tiny.EncodeToIds("La casa es grande", "El jardín también", limit);
            Assert.Equal(limit, cut.Length);
            TokenizedText withOffsets = Reference.Tiny.Encode("La casa es grande", "El jardín también", limit);
            Assert.Equal(cut, withOffsets.Ids);
            Assert.Equal(limit < pair.Length, withOffsets.IsTruncated);
        }
    }

    [Fact]
    public void A_batch_is_in_the_order_of_its_texts()
    {
        string[] texts = [.. Enumerable.Range(0, 3000).Select(i => $"Texto número {i} de la casa {i % 7}")];
        string[] pairs = [.. texts.Reverse()];
        CancellationToken token = TestContext.Current.CancellationToken;
        Assert.Equal(texts.Select(t => Reference.Tiny.EncodeToIds(t)), Reference.Tiny.EncodeBatch(texts, cancellationToken: token));
        Assert.Equal(texts.Zip(pairs, (t, p) => Reference.Tiny.EncodeToIds(t, p, 12)), Reference.Tiny.EncodeBatch(texts, pairs, 12, token));
    }

    [Fact]
    public void Many_threads_may_use_one_tokenizer()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => $"palabra{i * 7919 % 400} y {i} más")];
        var shared = PretrainedTokenizer.FromFolder(Reference.TinyFolder);
        int[][] expected = [.. texts.Select(t => Reference.Tiny.EncodeToIds(t))];
        Parallel.For(0, 16, _ =>
        {
            for (int i = 0; i < texts.Length; i++)
                Assert.Equal(expected[i], shared.EncodeToIds(texts[i]));
        });
    }

    [Fact]
    public void Text_without_a_space_for_pages_is_tokenized_in_good_time()
    {
        string text = string.Concat(Enumerable.Range(0, 40_000).Select(i => (char)('a' + i * i % 23)));
        int[] ids = Reference.Tiny.EncodeToIds(text, maxTokens: int.MaxValue);
        Assert.Equal(" " + text, Reference.Tiny.Decode(ids));
    }

    [Fact]
    public void Decoding_leaves_special_tokens_out_unless_asked()
    {
        int[] ids = Reference.Tiny.EncodeToIds("El <mask> es");
        Assert.Equal("<s> El <mask> es</s>", Reference.Tiny.Decode(ids, skipSpecialTokens: false));
        Assert.Equal(" El  es", Reference.Tiny.Decode(ids));
        Assert.Equal("", Reference.Tiny.Decode([]));
        Assert.Equal("\ufffd", Reference.Tiny.Decode([Reference.Tiny.TokenToId("Ã")!.Value]));
    }

    [Fact]
    public void Wrong_arguments_are_reported()
    {
        Assert.Throws<ArgumentOutOfRangeException>("maxTokens", () => Reference.Tiny.EncodeToIds("a", maxTokens: 1));
        Assert.Throws<ArgumentOutOfRangeException>("maxTokens", () => Reference.Tiny.Encode("a", "b", 3));
        Assert.Throws<ArgumentException>("destination", () => Reference.Tiny.EncodeTo("a", new int[1], out _));
        Assert.Throws<ArgumentNullException>("text", () => Reference.Tiny.Encode(null!));
        Assert.Throws<ArgumentException>("texts", () => Reference.Tiny.EncodeBatch(["a", null!], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(
            "pairs", () => Reference.Tiny.EncodeBatch(["a"], ["b", "c"], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => PretrainedTokenizer.FromFolder(Reference.TinyFolder, new PretrainedTokenizerOptions { MaxTokens = 3 }));
    }
}
