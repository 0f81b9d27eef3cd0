using SentimentML.Preprocessing;

namespace SentimentML;

/// <summary>
/// Rewrites a tweet as the models of pysentimiento saw it in training: users, links, hashtags, emoji, repeated characters and
/// laughter become words of their vocabulary. The result equals that of pysentimiento 0.7.3's <c>preprocess_tweet</c>
/// for Spanish with the same options, of which <see cref="TweetPreprocessingOptions.LowercaseCapitals"/> and
/// <see cref="TweetPreprocessingOptions.RemoveExclamations"/> are none.
/// </summary>
/// <remarks>
/// Thread-safe. Takes time linear in the text's length, whatever the text. Source:
/// https://github.com/pysentimiento/pysentimiento; the emoji's names are of Unicode CLDR.
/// </remarks>
public sealed class TweetPreprocessing
{
    private readonly string _hashtagStart;
    private readonly string _emojiWrapper;

    /// <summary>Takes the steps and their words.</summary>
    /// <param name="options">The options. The default value is null: all steps, as pysentimiento has them for Spanish.</param>
    /// <exception cref="ArgumentException">One or more options are wrong; the message names each.</exception>
    public TweetPreprocessing(TweetPreprocessingOptions? options = null)
    {
        Options = options ?? new TweetPreprocessingOptions();
        string[] faults = [.. Options.Faults()];
        if (faults.Length > 0)
            throw new ArgumentException("The options for preprocessing tweets are wrong. " + string.Join(" ", faults), nameof(options));
        _hashtagStart = Options.HashtagToken.Length == 0 ? "" : Options.HashtagToken + " ";
        _emojiWrapper = $" {Options.EmojiToken} ".Replace("  ", " ", StringComparison.Ordinal);
    }

    /// <summary>What robertuito and the models trained from it expect: the defaults of <see cref="TweetPreprocessingOptions"/>.</summary>
    public static TweetPreprocessing Robertuito { get; } = new();

    /// <summary>The steps and their words.</summary>
    public TweetPreprocessingOptions Options { get; }

    /// <summary>Rewrites one text.</summary>
    /// <param name="text">The text as its user wrote it.</param>
    /// <returns>The rewritten text, without white space at its ends; <paramref name="text"/> itself if nothing changes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public string Apply(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rewriter = new TextRewriter(text, keepsOrigins: false);
        try
        {
            Rewrite(ref rewriter);
            return rewriter.ToString();
        }
        finally
        {
            rewriter.Dispose();
        }
    }

    /// <summary>Rewrites one text and says where each part of the result comes from.</summary>
    internal string Apply(string text, out TextOrigins origins)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rewriter = new TextRewriter(text, keepsOrigins: true);
        try
        {
            Rewrite(ref rewriter);
            origins = rewriter.ToOrigins();
            return rewriter.ToString();
        }
        finally
        {
            rewriter.Dispose();
        }
    }

    /// <summary>The order is the reference's, and each step sees what those before it wrote.</summary>
    private void Rewrite(ref TextRewriter text)
    {
        if (Options.SplitHashtags)
            Hashtags.Split(ref text, _hashtagStart);
        if (Options.ReplaceCharacters)
            RareCharacters.Replace(ref text);
        if (Options.ReplaceUsers)
            UserHandles.Replace(ref text, Options.UserToken);
        if (Options.ReplaceUrls)
            Links.Replace(ref text, Options.UrlToken);
        if (Options.LowercaseCapitals)
            Capitals.Lower(ref text);
        if (Options.RemoveExclamations)
            Exclamations.Remove(ref text);
        if (Options.MaxRepeats is { } most)
            Repeats.Shorten(ref text, most);
        if (Options.DescribeEmoji)
        {
            Emoji.ToNames(ref text);
            Emoji.WrapNames(ref text, _emojiWrapper);
        }
        if (Options.NormalizeLaughter)
            Laughter.Shorten(ref text);
        SurroundingSpace.Remove(ref text);
    }
}
