using SentimentML.Ngrams;

namespace SentimentML.Tests.Baselines;

public class NgramVocabularyTests
{
    private static readonly NgramBlock OneWord = new(OfCharacters: false, Shortest: 1, Longest: 1, MinimumRows: 1, MaximumTerms: 100);

    [Fact]
    public void Weights_are_sublinear_tf_times_smoothed_idf_with_length_one()
    {
        NgramVocabulary vocabulary = Learn(OneWord, "bueno bueno barato", "malo bueno");

        // "bueno" is in 2 of 2 rows, "barato" in 1 of 2.
        double bueno = (1 + Math.Log(2)) * 1, barato = 1 * (1 + Math.Log(3.0 / 2));
        double length = Math.Sqrt(bueno * bueno + barato * barato);
        (int[] slots, float[] weights) = Vector(vocabulary, "bueno barato bueno");

        Assert.Equal([0, 1], slots);
        Assert.Equal(bueno / length, weights[0], 1e-6);
        Assert.Equal(barato / length, weights[1], 1e-6);
    }

    [Fact]
    public void A_text_without_a_known_ngram_is_an_empty_vector() => Assert.Empty(Vector(Learn(OneWord, "bueno"), "excelente").Slots);

    [Fact]
    public void An_ngram_that_is_in_too_few_rows_is_left_out()
        => Assert.Equal(1, Learn(OneWord with { MinimumRows = 2 }, "bueno bueno barato barato", "malo bueno").Count);

    [Fact]
    public void Above_the_limit_the_ngrams_in_most_rows_stay()
    {
        NgramVocabulary vocabulary = Learn(OneWord with { MaximumTerms = 2 }, "uno dos tres", "tres", "dos", "dos cuatro");
        Assert.Equal(2, vocabulary.Count);
        Assert.Equal([0, 1], Vector(vocabulary, "tres dos").Slots);
    }

    [Fact]
    public void It_is_the_same_after_writing_and_reading()
    {
        NgramBlock block = new(OfCharacters: true, Shortest: 2, Longest: 5, MinimumRows: 1, MaximumTerms: 1000);
        NgramVocabulary vocabulary = Learn(block, "¡Qué bien! 😀", "mal \ud83d");
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            vocabulary.Write(writer);
        stream.Position = 0;
        NgramVocabulary read = NgramVocabulary.Read(new BinaryReader(stream));

        Assert.Equal(vocabulary.Count, read.Count);
        Assert.Equal(vocabulary.Block, read.Block);
        Assert.Equal(Vector(vocabulary, "qué mal \ud83d 😀").Slots, Vector(read, "qué mal \ud83d 😀").Slots);
        Assert.Equal(Vector(vocabulary, "qué mal \ud83d 😀").Weights, Vector(read, "qué mal \ud83d 😀").Weights);
    }

    [Fact]
    public void A_count_that_the_file_does_not_hold_ends_at_the_end_of_the_file()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(true);
        foreach (int value in new[] { 2, 5, 1, int.MaxValue, int.MaxValue })
            writer.Write(value);
        stream.Position = 0;
        Assert.Throws<EndOfStreamException>(() => NgramVocabulary.Read(new BinaryReader(stream)));
    }

    private static NgramVocabulary Learn(NgramBlock block, params string[] texts) => NgramVocabulary.Learn(block, texts.Select(t => t.AsMemory()));

    private static (int[] Slots, float[] Weights) Vector(NgramVocabulary vocabulary, string text)
    {
        List<int> slots = [];
        List<float> weights = [];
        vocabulary.NewVectorizer().Append(text, 0, slots, weights);
        return ([.. slots], [.. weights]);
    }
}
