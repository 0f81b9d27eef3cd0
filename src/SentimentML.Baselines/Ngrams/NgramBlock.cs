namespace SentimentML.Ngrams;

/// <summary>One kind of n-grams: what is counted, how long, and how rare it may be.</summary>
internal sealed record NgramBlock(bool OfCharacters, int Shortest, int Longest, int MinimumRows, int MaximumTerms)
{
    /// <summary>Calls <paramref name="visit"/> for each n-gram of the text.</summary>
    public void Visit(NgramText cutter, ReadOnlySpan<char> text, NgramText.Visit visit)
    {
        if (OfCharacters)
            cutter.CharactersWithinWords(text, Shortest, Longest, visit);
        else
            cutter.Words(text, Shortest, Longest, visit);
    }
}
