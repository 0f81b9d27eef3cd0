using System.Globalization;
using System.Text.RegularExpressions;
using SentimentML.Files;

namespace SentimentML.Reviews;

/// <summary>
/// A column for each label, as people mark them by hand and as models' scores are written: "positivo", "negativo", "neutro" with 1 and 0, true and false or
/// an x; "prob_neg", "prob_neu", "prob_pos" with numbers from 0 to 1. They are recognized by the sentiments in their names and by their first values, so the
/// caller warns of what was found.
/// </summary>
internal sealed partial class LabelColumns
{
    private const int SampleRows = 100;

    /// <summary>What a name says that is a model's guess.</summary>
    private const string Predicted = "PRED";

    private static readonly HashSet<string> Marks = new(StringComparer.OrdinalIgnoreCase) { "x", "✓", "✔", "true", "verdadero", "yes", "sí", "si" };

    private static readonly HashSet<string> NoMarks = new(StringComparer.OrdinalIgnoreCase) { "false", "falso", "no" };

    private readonly (int Column, string Label)[] _labels;

    private LabelColumns((int Column, string Label)[] labels) => _labels = labels;

    /// <summary>The columns, in the file's order.</summary>
    public IEnumerable<int> Columns => _labels.Select(label => label.Column);

    /// <summary>The columns' names without what they have in common.</summary>
    public IEnumerable<string> Labels => _labels.Select(label => label.Label);

    /// <summary>The columns of labels; null if there are none, or several sets of them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">The columns that may be labels.</param>
    public static LabelColumns? Find(ReviewFile file, IReadOnlyCollection<int> columns)
    {
        columns = [.. columns.Where(column => !ColumnName.SaysCount(file.Columns[column]))];
        bool IsSentiment(int column) => SentimentMap.FromKnownNames([file.Columns[column]]) is not null;
        LabelColumns[] found = [.. columns.SelectMany(column => Readings(column, file.Columns[column])).GroupBy(reading => reading.Around)
            .Where(alike => alike.Count() > 1 && alike.DistinctBy(reading => reading.Sentiment).Count() == alike.Count())
            .Select(alike => new LabelColumns([.. alike.Select(reading => (reading.Column, reading.Label))]))
            .Where(labels => !columns.Except(labels.Columns).Any(IsSentiment) && labels.HoldMarks(file))]; // "muy_positivo" beside "positivo" is one more label
        return found is [var only] ? only : null;
    }

    /// <summary>The label of the reader's current row: the one that is marked, or has a number of at least a half; null if none is.</summary>
    /// <param name="records">Stands on the row.</param>
    /// <param name="fault">What is wrong with the row, and what to do; null if nothing is.</param>
    /// <exception cref="SentimentMLException">A value is no mark.</exception>
    /// <param name="several">The labels, if there are several.</param>
    public string? Read(RecordReader records, out string? fault, out IReadOnlyList<string> several) => LabelText.OfScores(
        _labels.Select(label => (label.Label, Score(records, label.Column) ?? throw NoMark(records, label.Column))), out fault, out several);

    /// <summary>The sentiments that a name says, each with what is around its word: a name such as "n_bad" says two.</summary>
    private static IEnumerable<(int Column, string Label, Sentiment Sentiment, string Around)> Readings(int column, string name)
    {
        foreach (Match word in Word().Matches(name))
        {
            string around = $"{name[..word.Index]}\0{name[(word.Index + word.Length)..]}".ToUpperInvariant();
            if (!Word().Matches(around).Any(other => other.Value == Predicted) && SentimentMap.FromKnownNames([word.Value]) is { } map)
                yield return (column, word.Value, map.ByLabel[word.Value], around);
        }
    }

    /// <summary>Whether the first rows hold nothing but marks or scores, and a row has a label.</summary>
    private bool HoldMarks(ReviewFile file)
    {
        bool[] needed = new bool[file.Columns.Count];
        foreach (int column in Columns)
            needed[column] = true;
        bool hasLabel = false;
        try
        {
            using RecordReader records = file.Open(needed);
            for (int row = 0; row < SampleRows && records.Read(); row++)
            {
                double?[] scores = [.. Columns.Select(column => Score(records, column))];
                if (scores.Contains(null))
                    return false; // texts or counts
                hasLabel |= scores.Any(score => score >= LabelText.Half);
            }
        }
        catch (SentimentMLException)
        {
            return false; // the reader of the row reports it
        }
        return hasLabel;
    }

    /// <summary>From 0 to 1; null for what is no mark.</summary>
    private static double? Score(RecordReader records, int column)
    {
        string? value = records.Value(column)?.Trim();
        if (MissingValue.IsMissing(value) || NoMarks.Contains(value!))
            return 0;
        if (Marks.Contains(value!))
            return 1;
        return double.TryParse(value!.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out double score) && score is >= 0 and <= 1
            ? score : null;
    }

    private static SentimentMLException NoMark(RecordReader records, int column) => records.Error(column,
        $"{Quoted.Value(records.Value(column)!)} was found, expected a mark (1 or 0, true or false, yes or no, x or nothing) or a number from 0 to 1, as the "
            + "column of each label has. Correct it, or name the column that holds the labels.");

    /// <summary>A word in a name: "is", "Positive" of "isPositive".</summary>
    [GeneratedRegex(@"\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+")]
    private static partial Regex Word();
}
