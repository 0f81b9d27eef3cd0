namespace SentimentML.Predictions;

/// <summary>Writes rows with their answers.</summary>
internal static class PredictionWriter
{
    /// <param name="stream">Where to; left open.</param>
    /// <param name="format">How.</param>
    /// <param name="fields">What of each row.</param>
    /// <param name="carried">The columns that come along, which a table has from its first row on; the rows of JSON lines have their own.</param>
    /// <param name="rows">The rows, read once.</param>
    public static void Write(Stream stream, PredictionFormat format, PredictionFields fields, CarriedColumns carried, IEnumerable<PredictedRow> rows)
    {
        if (format != PredictionFormat.JsonLines)
        {
            Table.Write(stream, format, fields.Columns(carried), rows.Select(fields.Values));
            return;
        }
        var lines = new JsonLines(stream);
        foreach (PredictedRow row in rows)
            lines.Write(json => fields.Write(json, row));
        lines.Flush();
    }
}
