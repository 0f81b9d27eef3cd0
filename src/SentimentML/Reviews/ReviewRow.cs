using System.Globalization;

namespace SentimentML.Reviews;

/// <summary>A review's parts, out of a file's current row.</summary>
internal sealed class ReviewRow(RecordReader records, ReviewColumns columns, ReviewFileOptions options)
{
    private const string BetweenTitleAndBody = "\n\n";

    /// <summary>The text, else title, blank line and body; a part that is missing or empty takes its blank line with it.</summary>
    public string Text()
    {
        if (columns.Text >= 0)
            return records.Value(columns.Text) ?? throw records.Error(columns.Text, "the review has no text, expected a string.");
        string? body = records.Value(columns.Body);
        string? title = columns.Title >= 0 ? records.Value(columns.Title) : null;
        if (body is null && title is null)
            throw records.Error(columns.Body, "the review has neither body nor title, expected a string.");
        if (string.IsNullOrEmpty(title))
            return body ?? "";
        return string.IsNullOrEmpty(body) ? title : string.Concat(title, BetweenTitleAndBody, body);
    }

    public float Stars()
    {
        string? value = records.Value(columns.Stars);
        if (MissingValue.IsMissing(value))
        {
            return options.AllowUnlabeledRows
                ? float.NaN
                : throw records.Error(columns.Stars, $"no stars, expected {Expected()}. Give the row some or take it out; in code, AllowUnlabeledRows lets rows lack them.");
        }
        if (!TryParse(value!, out double stars)
            || stars + options.StarsOffset is not (1 or 2 or 3 or 4 or 5))
            throw records.Error(columns.Stars, $"'{Shorten(value!)}' was found, expected {Expected()}.");
        return (float)stars + options.StarsOffset;
    }

    /// <summary>The label, without white space at its ends: "positive " is no label of its own.</summary>
    public string Label()
    {
        string? value = records.Value(columns.Label);
        if (!MissingValue.IsMissing(value))
            return value!.Trim();
        return options.AllowUnlabeledRows
            ? ""
            : throw records.Error(columns.Label, "no label, expected a text. Give the row one or take it out; in code, AllowUnlabeledRows lets rows lack it.");
    }

    /// <summary>A column as the file has it; empty where the row has no value.</summary>
    public string Value(int column) => records.Value(column) ?? "";

    /// <summary>With a decimal point or a decimal comma.</summary>
    private static bool TryParse(string value, out double number) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        || (value.Count(','.Equals) == 1 && double.TryParse(value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out number));

    private string Expected() => $"a whole number from {1L - options.StarsOffset} to {5L - options.StarsOffset}";

    private static string Shorten(string value) => value.Length <= 40 ? value : value[..40] + "…";
}
