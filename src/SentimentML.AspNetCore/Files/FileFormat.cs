using Microsoft.Net.Http.Headers;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.Files;

/// <summary>The formats of files that are sent, and of those that are answered.</summary>
internal static class FileFormat
{
    public const string NdJson = "application/x-ndjson", Csv = "text/csv";

    private const string Excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Parquet = "application/vnd.apache.parquet";
    private const string Expected = $"expected text/csv, text/tab-separated-values, text/plain, application/x-ndjson, application/json, {Excel} or {Parquet}, "
        + "with the file as the body: curl -H 'Content-Type: text/csv' --data-binary @reviews.csv";

    /// <summary>The format that a request's Content-Type says.</summary>
    /// <exception cref="RequestFault">It says none that is known.</exception>
    public static ReviewFileFormat Sent(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type))
            throw RequestFault.Malformed($"The Content-Type is missing, {Expected}.", StatusCodes.Status415UnsupportedMediaType);
        return type.MediaType.Value!.ToLowerInvariant() switch
        {
            Csv or "application/csv" => ReviewFileFormat.Csv,
            "text/tab-separated-values" => ReviewFileFormat.Tsv,
            NdJson or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" or "application/jsonlines" => ReviewFileFormat.JsonLines,
            "text/plain" => ReviewFileFormat.Lines,
            "application/json" => ReviewFileFormat.Json,
            Excel => ReviewFileFormat.Excel,
            Parquet => ReviewFileFormat.Parquet,
            _ => throw RequestFault.Malformed(
                $"The Content-Type is {RequestFault.Shown(type.MediaType.Value!)}, {Expected}.", StatusCodes.Status415UnsupportedMediaType),
        };
    }

    /// <summary>Whether the answer is csv: as the request accepts it, else as it was sent.</summary>
    /// <exception cref="RequestFault">The request accepts neither csv nor lines of JSON.</exception>
    public static bool AnswersCsv(HttpRequest request, ReviewFileFormat sent)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted) || accepted.Count == 0)
            return sent == ReviewFileFormat.Csv;
        foreach (MediaTypeHeaderValue type in accepted.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1))
        {
            if (type.MatchesAllTypes)
                return sent == ReviewFileFormat.Csv;
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
