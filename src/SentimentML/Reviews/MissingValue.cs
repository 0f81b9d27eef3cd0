namespace SentimentML.Reviews;

/// <summary>
/// What counts as a value that a row does not have. Programs that write data files have no common word for it: these are the words
/// that pandas' readers take for missing, the invariant ones in any case (https://pandas.pydata.org, <c>read_csv</c>, <c>na_values</c>).
/// </summary>
internal static class MissingValue
{
    private static readonly HashSet<string> AnyCase = new(StringComparer.OrdinalIgnoreCase)
    {
        "NaN", "-NaN", "+NaN", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND",
        "null", "(null)", "NA", "N/A", "<NA>", "#N/A", "#NA", "#N/A N/A",
    };

    /// <summary>Python's word. NONE, in capitals, is a class of the TASS corpora, and "none" a label like others.</summary>
    private const string Python = "None";

    private const int MaxLength = 8;

    /// <summary>Whether a label or a number of stars is missing: no value, white space, or a word for it such as NaN, None, null, N/A.</summary>
    /// <param name="value">What the file has; null if it has no value.</param>
    public static bool IsMissing(ReadOnlySpan<char> value)
    {
        ReadOnlySpan<char> word = value.Trim();
        return word.IsEmpty
            || (word.Length <= MaxLength && (word.SequenceEqual(Python) || AnyCase.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word)));
    }

    /// <summary>Whether a text is missing: no value, or white space. A text of one word is a text, whatever the word is.</summary>
    /// <param name="value">What the file has; null if it has no value.</param>
    public static bool IsMissingText(ReadOnlySpan<char> value) => value.IsWhiteSpace();
}
