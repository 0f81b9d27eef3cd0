using System.Text.Json.Serialization;

namespace SentimentML;

/// <summary>
/// The steps of <see cref="TweetPreprocessing"/>, in the order in which they are applied. The defaults are those of
/// pysentimiento's <c>preprocess_tweet</c> for Spanish.
/// </summary>
/// <remarks>
/// Immutable. Checked as a whole by <see cref="TweetPreprocessing(TweetPreprocessingOptions?)"/>. In a model's record the options have the
/// names of <c>preprocess_tweet</c>'s arguments; <see cref="LowercaseCapitals"/> and <see cref="RemoveExclamations"/>, which it does not know, are
/// "lower_capitals" and "remove_exclamations".
/// </remarks>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TweetPreprocessingOptions
{
    private const int MaxTokenLength = 64;

    /// <summary>
    /// Whether hashtags are written as words: #UnaGenialidad becomes "hashtag una genialidad". A word starts at each run of
    /// the capital letters A to Z; all letters are lowercased. The default value is true.
    /// </summary>
    /// <remarks>
    /// A hashtag is a # that does not follow a letter, a digit or an underscore, and a run of those behind it, with at least one
    /// of the letters A to Z in either case.
    /// </remarks>
    [JsonPropertyName("preprocess_hashtags")]
    public bool SplitHashtags { get; init; } = true;

    /// <summary>The word before a hashtag's words, at most 64 characters. The default value is "hashtag". Empty: no word.</summary>
    [JsonPropertyName("hashtag_token")]
    public string HashtagToken { get; init; } = "hashtag";

    /// <summary>
    /// Whether rare characters are replaced or removed: curved and angle quotes become ", € becomes $, a dash, an ellipsis or a
    /// degree sign is removed. The default value is true.
    /// </summary>
    /// <remarks>
    /// The signs ❤, ♀, ♂ and ✈ are removed too, as in the reference: a red heart leaves nothing, and of a woman shrugging the
    /// person shrugging is left.
    /// </remarks>
    [JsonPropertyName("char_replace")]
    public bool ReplaceCharacters { get; init; } = true;

    /// <summary>
    /// Whether a user's handle (@ and up to 15 letters, digits and underscores of ASCII) becomes <see cref="UserToken"/>. The
    /// default value is true.
    /// </summary>
    /// <remarks>As in the reference, an @ alone or inside an e-mail address is a handle.</remarks>
    [JsonPropertyName("preprocess_handles")]
    public bool ReplaceUsers { get; init; } = true;

    /// <summary>What a user's handle becomes, at most 64 characters. The default value is "@usuario". Empty: it is removed.</summary>
    [JsonPropertyName("user_token")]
    public string UserToken { get; init; } = "@usuario";

    /// <summary>Whether a link becomes <see cref="UrlToken"/>. The default value is true.</summary>
    /// <remarks>
    /// A link is host names that end in one of 26 top-level domains, with or without http:// or https:// before them and a path
    /// of ASCII letters and digits behind. As in the reference, a link at the very start of the text keeps its "http://".
    /// </remarks>
    [JsonPropertyName("preprocess_urls")]
    public bool ReplaceUrls { get; init; } = true;

    /// <summary>What a link becomes, at most 64 characters. The default value is "url". Empty: it is removed.</summary>
    [JsonPropertyName("url_token")]
    public string UrlToken { get; init; } = "url";

    /// <summary>
    /// Whether words in capitals are lowercased: "Es MUY MALO" becomes "Es muy malo". Such a word is two or more letters, none of them
    /// small. The default value is false: the reference leaves them.
    /// </summary>
    [JsonPropertyName("lower_capitals")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LowercaseCapitals { get; init; }

    /// <summary>Whether exclamation marks are removed: "¡Qué malo!!" becomes "Qué malo". The default value is false: the reference leaves them.</summary>
    [JsonPropertyName("remove_exclamations")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RemoveExclamations { get; init; }

    /// <summary>The most times that a character may stand in a row, at least 2: noooooo becomes nooo. The default value is 3. Null: any number.</summary>
    /// <remarks>Line feeds are never removed.</remarks>
    [JsonPropertyName("shorten")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] // null is a choice, not a missing key
    public int? MaxRepeats { get; init; } = 3;

    /// <summary>
    /// Whether an emoji is written as its Spanish name between two <see cref="EmojiToken"/>: 🤣 becomes
    /// " emoji cara revolviéndose de la risa emoji ". The default value is true.
    /// </summary>
    /// <remarks>
    /// The names are those of Unicode CLDR, in the form that Python's emoji package 2.14 gives them. As in the reference, text
    /// between two vertical bars is written in the same way.
    /// </remarks>
    [JsonPropertyName("demoji")]
    public bool DescribeEmoji { get; init; } = true;

    /// <summary>The word on both sides of an emoji's name, at most 64 characters. The default value is "emoji". Empty: no word.</summary>
    [JsonPropertyName("emoji_wrapper")]
    public string EmojiToken { get; init; } = "emoji";

    /// <summary>Whether laughter is shortened: jajajajaja and jajajjaja become "jaja", in lower case only. The default value is true.</summary>
    [JsonPropertyName("normalize_laughter")]
    public bool NormalizeLaughter { get; init; } = true;

    /// <summary>What is wrong, a sentence for each fault.</summary>
    internal IEnumerable<string> Faults()
    {
        (string Name, string? Value)[] tokens =
        [
            (nameof(HashtagToken), HashtagToken), (nameof(UserToken), UserToken), (nameof(UrlToken), UrlToken), (nameof(EmojiToken), EmojiToken),
        ];
        foreach ((string name, string? value) in tokens)
        {
            if (value is null)
                yield return $"{name} is null, expected a text.";
            else if (value.Length > MaxTokenLength)
                yield return $"{name} has {value.Length} characters, expected at most {MaxTokenLength}.";
        }
        if (MaxRepeats < 2)
            yield return $"{nameof(MaxRepeats)} is {MaxRepeats}, expected at least 2, or null for any number.";
    }
}
