namespace SentimentML.Tokenization;

/// <summary>A word and its tokens.</summary>
/// <param name="text">The word, kept to know it again; empty where it is too long to be kept.</param>
/// <param name="ids">The tokens.</param>
/// <param name="starts">Where in the word each token begins, in UTF-16 units: at the character that it begins in.</param>
/// <param name="ends">Where in the word each token ends, in UTF-16 units: behind the character that it ends in.</param>
internal sealed class EncodedWord(string text, int[] ids, int[] starts, int[] ends)
{
    public string Text { get; } = text;

    public int[] Ids { get; } = ids;

    public int[] Starts { get; } = starts;

    public int[] Ends { get; } = ends;
}
