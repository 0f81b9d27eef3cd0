namespace SentimentML.Evaluation;

/// <summary>What is odd about a text, so that a person looks at it before training on it.</summary>
internal enum OddText
{
    /// <summary>Nothing, or white space alone.</summary>
    Empty,

    /// <summary>No letter: digits, punctuation, emoji.</summary>
    NoLetters,

    /// <summary>More than <see cref="OddTexts.VeryLongCharacters"/> characters.</summary>
    VeryLong,

    /// <summary>Control characters other than tab and line ends.</summary>
    ControlCharacters,

    /// <summary>UTF-8 read as Latin-1 ("Ã³" for "ó"), the replacement character, or half a surrogate pair.</summary>
    BrokenEncoding,

    /// <summary>HTML tags or character references.</summary>
    Html,
}
