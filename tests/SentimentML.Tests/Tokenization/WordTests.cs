using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using SentimentML.Tokenization;

namespace SentimentML.Tests.Tokenization;

/// <summary>The parts written by hand, beside what they stand for.</summary>
public partial class WordTests
{
    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Gpt2();

    /// <summary>ML.NET's own BPE, a second witness: it knows no added tokens and puts no space in front.</summary>
    [Fact]
    public void Plain_text_has_the_ids_that_Microsoft_ML_Tokenizers_gives()
    {
        var vocabulary = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(Path.Combine(Reference.TinyFolder, "vocab.json")))!;
        BpeTokenizer peer = BpeTokenizer.Create(new BpeOptions(vocabulary)
        {
            Merges = [.. File.ReadLines(Path.Combine(Reference.TinyFolder, "merges.txt")).Skip(1)],
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(Gpt2(), null),
        });
        var random = new Random(3);
        const string Common = "  \n'stre lavdoún1234.,;:¿?¡!(-)ñáé";
        for (int i = 0; i < 2_000; i++)
        {
            string text = "a" + RandomText(random, r => Common[r.Next(Common.Length)]);
            int[] expected = [Reference.Tiny.ClsTokenId!.Value, .. peer.EncodeToIds(" " + text), Reference.Tiny.SepTokenId!.Value];
            Assert.True(expected.SequenceEqual(Reference.Tiny.EncodeToIds(text)),
                $"{JsonSerializer.Serialize(text)}\nexpected {string.Join(' ', expected)}\nactual   {string.Join(' ', Reference.Tiny.EncodeToIds(text))}");
        }
    }

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = Gpt2Splitter.EndOfWord(text, start);
            words.Add(text[start..end]);
        }
        return words;
    }

    private static string RandomText(Random random, Func<Random, char> character) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => character(random)));

    [Fact]
    public void Words_are_those_of_the_regular_expression()
    {
        var random = new Random(7);
        const string Common = "  \t\n\r'sdtmrevl aB1ñá.,;¿!\u00a0\u2003\u3000½Ⅷ中\u0301\u200b\u0085\u001f";
        for (int i = 0; i < 20_000; i++)
        {
            string text = RandomText(random, r => Common[r.Next(Common.Length)]);
            Assert.Equal(Gpt2().Matches(text).Select(m => m.Value), Words(text));
        }
        for (int i = 0; i < 5_000; i++)
        {
            // .NET's expressions see the halves of a surrogate pair, the reference's whole characters: without them here
            string text = RandomText(random, r => (char)(r.Next(0xD800) + (r.Next(2) == 0 ? 0 : 0x2000)) is var c && char.IsSurrogate(c) ? ' ' : c);
            Assert.Equal(Gpt2().Matches(text).Select(m => m.Value), Words(text));
        }
    }

    [Theory]
    [InlineData("a𝔘b", "a𝔘b")] // a letter of two units
    [InlineData("1𝟘 😀x", "1𝟘| 😀|x")]
    [InlineData("😀\ud83d.", "😀\ud83d.")]
    [InlineData("a\ud83da", "a|\ud83d|a")]
    public void Characters_of_two_units_are_whole(string text, string words) =>
        Assert.Equal(words.Split('|'), Words(text));

    [Fact]
    public void Both_ways_of_merging_give_the_same()
    {
        var random = new Random(11);
        for (int round = 0; round < 40; round++)
        {
            var builder = new MergeTable.Builder(64);
            int tokens = 4;
            for (int i = 0; i < 60; i++)
                builder.Add(random.Next(tokens), random.Next(tokens), tokens++);
            MergeTable merges = builder.Build();
            for (int i = 0; i < 50; i++)
            {
                Symbol[] symbols = [.. Enumerable.Range(0, random.Next(0, 60)).Select(at => new Symbol { Id = random.Next(4), Start = at, End = at + 1 })];
                Symbol[] others = [.. symbols];
                int count = BytePairMerging.ByScanning(symbols, merges);
                Assert.Equal(count, BytePairMerging.ByQueue(others, merges));
                Assert.Equal(symbols[..count], others[..count]);
            }
        }
    }

    [Fact]
    public void Every_byte_has_a_character_of_its_own()
    {
        char[] characters = [.. Enumerable.Range(0, 256).Select(b => ByteLevelAlphabet.CharacterOf((byte)b))];
        Assert.Equal(256, characters.Distinct().Count());
        Assert.DoesNotContain(characters, c => char.IsWhiteSpace(c) || char.IsControl(c));
        Assert.Equal(Enumerable.Range(0, 256), characters.Select(c => ByteLevelAlphabet.ByteOf(c)));
        Assert.Equal(-1, ByteLevelAlphabet.ByteOf(' '));
        Assert.Equal("Ġ", Encoding.UTF8.GetString(Encoding.UTF8.GetBytes([characters[' ']])));
    }
}
