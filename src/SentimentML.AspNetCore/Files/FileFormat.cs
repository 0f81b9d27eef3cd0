using Microsoft.Net.Http.Headers;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.Files;

/// <summary>The formats of files that are sent, and of those that are answered.</summary>
internal static class FileFormat
{
    public const string NdJson = "application/x-ndjson", Csv = "text/csv";

    private const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Parquet = "application/vnd.apache.parquet",
        Xml = "application/xml";
    private const string Expected = $"expected text/csv, text/tab-separated-values, text/plain, application/x-ndjson, application/json, {Xml}, "
        + $"{Excel} or {Parquet}, with the file as the body: curl -H 'Content-Type: text/csv' --data-binary @reviews.csv; or a form with the file: "
        + "curl -F file=@reviews.csv";

    /// <summary>The format that the Content-Type of a file says.</summary>
    /// <param name="contentType">The Content-Type; null if it is missing.</param>
    /// <param name="whose">What it is of, for the message. The default value is "", the request.</param>
    /// <exception cref="RequestFault">It says none that is known.</exception>
    public static ReviewFileFormat Sent(string? contentType, string whose = "") => Of(contentType) ?? throw RequestFault.Malformed(
        $"The Content-Type{whose} is {(contentType is { Length: > 0 } ? RequestFault.Shown(contentType) : "missing")}, {Expected}.",
        StatusCodes.Status415UnsupportedMediaType);

    /// <summary>The format that a Content-Type says; null if it says none that is known.</summary>
    public static ReviewFileFormat? Of(string? contentType) =>
        MediaType(contentType) switch
        {
            Csv or "application/csv" => ReviewFileFormat.Csv,
            "text/tab-separated-values" => ReviewFileFormat.Tsv,
            NdJson or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" or "application/jsonlines" => ReviewFileFormat.JsonLines,
            "text/plain" => ReviewFileFormat.Lines,
            "application/json" or Xml or "text/xml" => ReviewFileFormat.Json,
            Excel => ReviewFileFormat.Excel,
            Parquet => ReviewFileFormat.Parquet,
            _ => null,
        };

    /// <summary>How the name of a file ends that is to be read as its Content-Type says: XML is JSON by its format, and known by its name.</summary>
    public static string Ending(string? contentType) => MediaType(contentType) is Xml or "text/xml" ? ".xml" : "";

    private static string? MediaType(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type) ? type.MediaType.Value!.ToLowerInvariant() : null;

    /// <summary>Whether the request accepts csv before lines of JSON; null if it accepts either.</summary>
    /// <exception cref="RequestFault">It accepts neither.</exception>
    public static bool? AcceptsCsv(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted) || accepted.Count == 0)
            return null;
        foreach (MediaTypeHeaderValue type in accepted.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1))
        {
            if (type.MatchesAllTypes)
                return null;
            if (type.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase)
                || (type.MatchesAllSubTypes && type.Type.Equals("text", StringComparison.OrdinalIgnoreCase)))
                return true;
            if (type.MediaType.Equals(NdJson, StringComparison.OrdinalIgnoreCase)
                || (type.MatchesAllSubTypes && type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)))
                return false;
        }
        throw RequestFault.Malformed($"The answer is {NdJson} or {Csv}, and the request accepts neither.", StatusCodes.Status406NotAcceptable);
    }
}
