namespace SentimentML.Explanations;

/// <summary>A piece of an explained text, for drawing: the pieces one after the other are the whole text.</summary>
/// <param name="Text">The piece: a word, or what is between words or was cut off.</param>
/// <param name="Weight">The word's weight; null for what is no word.</param>
/// <param name="Strength">The weight as a share of the explanation's largest, -1 to 1: how strong a colour.</param>
internal readonly record struct AttributedRun(string Text, double? Weight, double Strength)
{
    /// <summary>The explained text in pieces.</summary>
    public static IEnumerable<AttributedRun> Of(Explanation explanation) => Of(explanation.Text, explanation.Words, Largest(explanation));

    /// <summary>The second text in pieces; nothing where there is none.</summary>
    public static IEnumerable<AttributedRun> OfPair(Explanation explanation) => Of(explanation.TextPair ?? "", explanation.PairWords, Largest(explanation));

    private static IEnumerable<AttributedRun> Of(string text, IReadOnlyList<WordAttribution> words, double largest)
    {
        int at = 0;
        foreach (WordAttribution word in words)
        {
            if (word.Start > at)
                yield return new AttributedRun(text[at..word.Start], null, 0);
            yield return new AttributedRun(word.Word, word.Weight, largest > 0 ? word.Weight / largest : 0);
            at = word.End;
        }
        if (at < text.Length)
            yield return new AttributedRun(text[at..], null, 0);
    }

    private static double Largest(Explanation explanation) =>
        explanation.Words.Concat(explanation.PairWords).Select(word => Math.Abs(word.Weight)).DefaultIfEmpty().Max();
}
