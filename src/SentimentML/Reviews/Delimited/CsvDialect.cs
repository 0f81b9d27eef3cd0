using CsvHelper;

namespace SentimentML.Reviews;

/// <summary>How a program writes rows as text.</summary>
/// <param name="Delimiter">The character between two fields.</param>
/// <param name="Quote">The character around fields; null where quotes are text.</param>
internal sealed record CsvDialect(char Delimiter, char? Quote)
{
    /// <summary>Whether spaces stand between a delimiter and a quote, as in "5, "Bien, gracias"".</summary>
    public bool HasSpaces { get; init; }

    /// <summary>Whether a quote inside a field has a backslash before it, as Spark, MySQL and R's write.table write it, and is not doubled.</summary>
    public bool HasBackslashes { get; init; }

    public CsvReaderOptions ToOptions() => new()
    {
        Separator = Delimiter,
        Mode = Quote is null ? CsvMode.NoEscape : CsvMode.Rfc4180,
        Quote = Quote ?? '"',
        HasHeader = false,
        DetectSeparatorHint = false,
        TrimWhitespace = HasSpaces,
    };

    /// <summary>The rows as RFC 4180 writes them; every byte keeps its place.</summary>
    /// <param name="text">UTF-8; owned.</param>
    public Stream Open(Stream text) => HasBackslashes && Quote is { } quote ? new BackslashQuotes(text, (byte)quote) : text;
}
