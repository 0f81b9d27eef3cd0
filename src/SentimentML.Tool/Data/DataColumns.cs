namespace SentimentML.Tool.Data;

/// <summary>The columns of a data file that were named; null for the usual names.</summary>
internal sealed record DataColumns(string? Text = null, string? Stars = null, int StarsOffset = 0, string? Label = null)
{
    public ReviewFileOptions ToOptions(bool allowUnlabeledRows = false) => new()
    {
        TextColumn = Text,
        StarsColumn = Stars,
        StarsOffset = StarsOffset,
        LabelColumn = Label,
        AllowUnlabeledRows = allowUnlabeledRows,
    };
}
