using SentimentML.Files;

namespace SentimentML.Reviews;

/// <summary>A review's parts, out of a file's current row.</summary>
/// <param name="records">Stands on the row.</param>
/// <param name="columns">Which columns are the parts.</param>
/// <param name="options">How the file is read.</param>
/// <param name="odd">What to make of values that are not stars; null where stars are not read.</param>
/// <param name="several">What to make of rows with several labels; null where they are an error.</param>
internal sealed class ReviewRow(RecordReader records, ReviewColumns columns, ReviewFileOptions options, OddStars? odd = null, SeveralLabels? several = null)
{
    private const string BetweenTitleAndBody = "\n\n";

    /// <summary>What numbers of stars are out of; null if they are stars, or there are none.</summary>
    private readonly int? _scale = columns.Stars < 0 ? null : columns.ScaleOf(options);

    /// <summary>The text, else title, blank line and body; a part that is missing or empty takes its blank line with it.</summary>
    public string Text()
    {
        string text = columns.Text >= 0
            ? OrMissing(records.Value(columns.Text), columns.Text, "the review has no text, expected a string.") : TitleAndBody();
        if (columns.File.LooksForMojibake && Mojibake.IsIn(text))
            columns.File.TellMojibake(records.LocalizedPlace);
        return text;
    }

    private string TitleAndBody()
    {
        string? body = records.Value(columns.Body);
        string? title = columns.Title >= 0 ? records.Value(columns.Title) : null;
        if (string.IsNullOrWhiteSpace(title))
            return OrMissing(body, columns.Body, "the review has neither body nor title, expected a string.");
        return string.IsNullOrEmpty(body) ? title : string.Concat(title, BetweenTitleAndBody, body);
    }

    public float Stars()
    {
        string? value = records.Value(columns.Stars);
        if (odd?.AreOptional == true && odd.AreLeftOut)
            return float.NaN;
        string text = columns.TextOf(records);
        if (StarText.IsMissing(value) || (SummaryRow.IsCalled(text) && odd?.IsSummary(records.Place) == true))
            return options.Strict ? throw records.Error(columns.Stars, $"no stars, expected {Expected()}. {WayOn}") : float.NaN;
        if (OddStars.TryRead(value!, options.StarsOffset, out double stars, out bool isConverted, _scale))
        {
            if (isConverted)
                odd?.RequireOneScale();
            return (float)stars;
        }
        return !options.Strict && (odd?.AreFew == true || string.IsNullOrWhiteSpace(text))
            ? float.NaN
            : throw records.Error(columns.Stars, $"{Quoted.Value(value!)} was found, expected {Expected()}. Correct it, name another column with the "
                + $"stars ({options.Names.Name(nameof(options.StarsColumn))}), or read this one as labels: "
                + $"{options.Names.Set(nameof(options.LabelColumn), records.Columns[columns.Stars])}.{odd?.ScaleHint(value!)}");
    }

    /// <summary>The label without surrounding white space, so that "positive " is not another label. A rejected label counts as missing.</summary>
    public string Label()
    {
        string? label = ReadLabel(out IReadOnlyList<string> labels, out string? fault);
        if (fault is not null && (labels.Count == 0 || options.Strict || several?.AreFew != true))
            throw records.Error(columns.Label, fault);
        if (string.IsNullOrEmpty(label = label is null ? null : LabelText.Visible(label)))
            return options.Strict ? throw records.Error(columns.Label, $"no label, expected a text. {WayOn}") : "";
        return options.MergeLabelCase ? label.ToLowerInvariant() : label;
    }

    /// <summary>The label, of several the only sentiment; null if there is none, or none is the only one.</summary>
    /// <param name="labels">The labels, if there are several.</param>
    public string? ReadLabel(out IReadOnlyList<string> labels) => ReadLabel(out labels, out _);

    private string? ReadLabel(out IReadOnlyList<string> labels, out string? fault)
    {
        (labels, fault) = ([], null);
        string? value = records.Value(columns.Label);
        if (columns.Verdict >= 0 && records.Value(columns.Verdict) is "reject" or "ignore")
            return null;
        string? label = columns.OfEachLabel is { } each ? each.Read(records, out fault, out labels)
            : MissingValue.IsMissing(value) ? null : LabelText.Read(value!, out fault, out labels);
        return labels.Count > 1 ? LabelText.OnlySentiment(labels) : label;
    }

    /// <summary>A column as the file has it; empty where the row has no value.</summary>
    public string Value(int column) => records.Value(column) ?? "";

    private string OrMissing(string? text, int column, string fault)
    {
        if (options.Strict && MissingValue.IsMissingText(text))
            throw records.Error(column, $"{fault} {WayOn}");
        return text ?? "";
    }

    private string WayOn => $"Give the row one or take it out; without {options.Names.Name(nameof(options.Strict))} such rows are left out and counted.";

    private string Expected() => _scale is { } most ? $"a number from 0 to {most}"
        : $"a whole number from {1L - options.StarsOffset} to {5L - options.StarsOffset}";
}
