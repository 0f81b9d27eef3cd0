using SentimentML.Reviews;
using SentimentML.Wording;

namespace SentimentML.AspNetCore.Files;

/// <summary>How the messages of reading name their options to a client, who has the query's and the request's headers.</summary>
internal sealed class QueryNames : OptionNames
{
    public static readonly QueryNames Instance = new();

    private QueryNames()
    {
    }

    public override string Name(string property) => property switch
    {
        nameof(ReviewFileOptions.TextColumn) => "text_column",
        nameof(ReviewFileOptions.Format) => "Content-Type",
        _ => property,
    };

    /// <remarks>In English alone: a client is told of errors and not of warnings.</remarks>
    protected override string Set(string property, string value, ReportText text) => property switch
    {
        nameof(ReviewFileOptions.TextColumn) => $"add text_column={value} to the query",
        nameof(ReviewFileOptions.HasHeader) => "put a first line with a number for each column above its rows",
        nameof(ReviewFileOptions.Format) => "send the Content-Type of what it is",
        nameof(ReviewFileOptions.Encoding) => "send it as UTF-8",
        nameof(ReviewFileOptions.Sheet) => "send a workbook with that sheet alone",
        nameof(ReviewFileOptions.Quote) => "double the quotes in its texts and put these in quotes",
        _ => base.Set(property, value, text),
    };
}
