namespace SentimentML.Tests.Evaluation;

public class NearDuplicatesTests
{
    private const string Mop = "La fregona es estupenda, recoge toda el agua y no pesa nada";

    [Fact]
    public void Case_accents_and_punctuation_make_no_difference()
    {
        DuplicatePair pair = Assert.Single(NearDuplicates.Between(["nada que ver", "Está muy bien, la verdad"], ["ESTA MUY BIEN... ¡la verdad!"]));

        Assert.Equal(new DuplicatePair(1, 0, 1, true), pair);
    }

    [Fact]
    public void The_letter_ñ_makes_a_difference() => Assert.Empty(NearDuplicates.Between(["un año"], ["un ano"], 0.5));

    [Fact]
    public void A_text_with_one_word_changed_is_near_and_another_is_not()
    {
        DuplicatePair pair = Assert.Single(NearDuplicates.Between([Mop, "La batidora llegó rota"], [Mop + " de nada", "La batidora llegó tarde y sin tapa"]));

        Assert.Equal((0, 0, false), (pair.First, pair.Second, pair.IsExact));
        Assert.InRange(pair.Similarity, 0.8, 0.99);
    }

    [Fact]
    public void A_text_that_is_null_is_named_as_the_fault()
    {
        Assert.Equal("second", Assert.Throws<ArgumentException>(() => NearDuplicates.Between(["a"], [null!])).ParamName);
        Assert.Equal("texts", Assert.Throws<ArgumentException>(() => NearDuplicates.Within([null!])).ParamName);
        Assert.Throws<ArgumentNullException>(() => NearDuplicates.Within(null!));
    }

    [Fact]
    public void Inside_a_set_each_repetition_points_to_the_first()
    {
        IReadOnlyList<DuplicatePair> pairs = NearDuplicates.Within([Mop, "otra cosa", Mop.ToUpperInvariant(), "", Mop, "?!"]);

        Assert.Equal([new(0, 2, 1, true), new(0, 4, 1, true)], pairs);
    }

    [Fact]
    public void Nothing_is_missed_that_comparing_all_with_all_finds()
    {
        Random random = new(5);
        string[] vocabulary = [.. Enumerable.Range(0, 40).Select(i => $"palabra{i}")];
        string[] first = [.. Enumerable.Range(0, 60).Select(_ => Draw(12))];
        string[] second = [.. Enumerable.Range(0, 200).Select(_ => Change(first[random.Next(60)]))];

        HashSet<int> found = [.. NearDuplicates.Between(first, second, 0.6).Select(pair => pair.Second)];
        HashSet<int> expected = [.. Enumerable.Range(0, 200).Where(i => first.Any(text => Jaccard(text, second[i]) >= 0.6))];

        Assert.NotEmpty(expected);
        Assert.True(expected.SetEquals(found), $"expected {string.Join(' ', expected.Order())}\nfound    {string.Join(' ', found.Order())}");

        string Draw(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => vocabulary[random.Next(40)]));
        string Change(string text)
        {
            string[] words = text.Split(' ');
            for (int i = random.Next(5); i > 0; i--)
                words[random.Next(words.Length)] = vocabulary[random.Next(40)];
            return string.Join(' ', words);
        }
        static HashSet<string> Set(string text)
        {
            string[] words = text.Split(' ');
            return [.. words, .. words.Zip(words.Skip(1), (a, b) => a + " " + b)];
        }
        static double Jaccard(string a, string b) => Set(a).Intersect(Set(b)).Count() / (double)Set(a).Union(Set(b)).Count();
    }
}
