using System.Text;
using SentimentML.Tool.Commands;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Data;

/// <summary>How a data file is read, and its columns that were named; null for what the file says itself and for the usual names.</summary>
internal sealed record DataColumns(string? Text = null, string? Stars = null, int StarsOffset = 0, string? Label = null)
{
    public string? Title { get; init; }

    public string? Body { get; init; }

    public int? StarsScale { get; init; }

    public ReviewFileFormat? Format { get; init; }

    public Encoding? Encoding { get; init; }

    public char? Delimiter { get; init; }

    /// <summary>Null where quotes are plain text.</summary>
    public char? Quote { get; init; } = '"';

    public bool HasHeader { get; init; } = true;

    public string? Sheet { get; init; }

    public bool MergeLabelCase { get; init; }

    public bool Strict { get; init; }

    public ReviewFileOptions ToOptions() => new()
    {
        Format = Format,
        Encoding = Encoding,
        Delimiter = Delimiter,
        Quote = Quote,
        HasHeader = HasHeader,
        Sheet = Sheet,
        TextColumn = Text,
        TitleColumn = Title,
        BodyColumn = Body,
        StarsColumn = Stars,
        StarsOffset = StarsOffset,
        StarsScale = StarsScale,
        LabelColumn = Label,
        MergeLabelCase = MergeLabelCase,
        Strict = Strict,
        Names = CommandLineNames.Instance,
        Warn = Warnings.Write,
    };
}
