using SentimentML.Reviews;

namespace SentimentML.Tool.Data;

/// <summary>The options of the command line that stand for those of reading, in messages.</summary>
internal sealed class ReadingOptionNames : OptionNames
{
    public override string Name(string property) => property switch
    {
        nameof(ReviewFileOptions.Format) => "--format",
        nameof(ReviewFileOptions.Encoding) => "--encoding",
        nameof(ReviewFileOptions.Delimiter) => "--delimiter",
        nameof(ReviewFileOptions.Quote) => "--quote",
        nameof(ReviewFileOptions.HasHeader) => "--no-header",
        nameof(ReviewFileOptions.Sheet) => "--sheet",
        nameof(ReviewFileOptions.TextColumn) => "--text-column",
        nameof(ReviewFileOptions.TitleColumn) => "--title-column",
        nameof(ReviewFileOptions.BodyColumn) => "--body-column",
        nameof(ReviewFileOptions.StarsColumn) => "--stars-column",
        nameof(ReviewFileOptions.StarsOffset) => "--stars-offset",
        nameof(ReviewFileOptions.LabelColumn) => "--label-column",
        _ => property,
    };

    public override string Set(string property, string value) => property switch
    {
        nameof(ReviewFileOptions.HasHeader) => "give --no-header",
        nameof(ReviewFileOptions.Quote) when value == "null" => "give --quote none",
        _ when value.Contains(' ', StringComparison.Ordinal) => $"give {Name(property)} with {value}",
        _ => $"give {Name(property)} {value}",
    };
}
