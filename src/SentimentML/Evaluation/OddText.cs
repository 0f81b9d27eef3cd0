namespace SentimentML;

/// <summary>What is odd about a text, and worth a look before training on it.</summary>
public enum OddText
{
    /// <summary>Nothing, or white space alone.</summary>
    Empty,

    /// <summary>No letter: digits, punctuation, emoji.</summary>
    NoLetters,

    /// <summary>More than 10,000 characters.</summary>
    VeryLong,

    /// <summary>Control characters other than tab and line ends.</summary>
    ControlCharacters,

    /// <summary>UTF-8 read as Latin-1 ("Ã³" for "ó"), the replacement character, or half a surrogate pair.</summary>
    BrokenEncoding,

    /// <summary>HTML tags or character references.</summary>
    Html,
}
