namespace SentimentML.Tokenization;

/// <summary>A word and its tokens.</summary>
/// <param name="text">The word, kept to know it again; empty where it is too long to be kept.</param>
/// <param name="ids">The tokens.</param>
/// <param name="starts">Where each token begins, in bytes of the word's UTF-8.</param>
/// <param name="ends">Where each token ends, in bytes of the word's UTF-8.</param>
internal sealed class EncodedWord(string text, int[] ids, int[] starts, int[] ends)
{
    public string Text { get; } = text;

    public int[] Ids { get; } = ids;

    public int[] Starts { get; } = starts;

    public int[] Ends { get; } = ends;
}
