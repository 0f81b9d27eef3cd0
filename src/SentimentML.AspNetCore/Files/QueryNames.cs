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

    protected override string Set(string property, string value, ReportText text) => property switch
    {
        nameof(ReviewFileOptions.TextColumn) => text.Say($"añade text_column={value} a la consulta", $"add text_column={value} to the query"),
        nameof(ReviewFileOptions.HasHeader) => text.Say("pon sobre sus filas una primera línea con un número por columna",
            "put a first line with a number for each column above its rows"),
        nameof(ReviewFileOptions.Format) => text.Say("envía el Content-Type de lo que es", "send the Content-Type of what it is"),
        nameof(ReviewFileOptions.Encoding) => text.Say("envíalo en UTF-8", "send it as UTF-8"),
        nameof(ReviewFileOptions.Sheet) => text.Say("envía un libro con solo esa hoja", "send a workbook with that sheet alone"),
        nameof(ReviewFileOptions.Quote) => text.Say("duplica las comillas de sus textos y ponlos entre comillas",
            "double the quotes in its texts and put these in quotes"),
        _ => base.Set(property, value, text),
    };
}
