namespace SentimentML.Reviews;

/// <summary>
/// The columns that this library writes beside a text as a model's answer, and the names that columns of the same name have there. In such a file they are
/// no gold labels: a model would be measured by its own answers.
/// </summary>
internal static class PredictionColumns
{
    public const string Label = "label", Score = "score", Unsure = "unsure", Probabilities = "probabilities", Sentiment = "sentiment", Labels = "labels",
        Logits = "logits", MissingText = "missing_text";

    /// <summary>What stands before a label in the name of a table's column.</summary>
    public const string Probability = "probability_", Logit = "logit_";

    /// <summary>What stands before the name of an input's column that the answer has too.</summary>
    public const string Input = "input_";

    private static readonly string[] Names = [Label, Score, Unsure, Probabilities, Sentiment, Labels, Logits, MissingText];

    /// <summary>Whether columns are those of such a file: a label with its score and the probabilities of all labels.</summary>
    public static bool AreIn(IEnumerable<string> columns) => AreIn([.. columns], before: "");

    /// <summary>The columns of such a file that are an answer; of a file that was classified twice both.</summary>
    public static IEnumerable<string> Of(IReadOnlyCollection<string> columns) => AreIn(columns, Input)
        ? columns.Where(column => IsAnswer(column, "") || IsAnswer(column, Input)) : columns.Where(column => IsAnswer(column, ""));

    /// <summary>A column's name before the file was classified.</summary>
    public static string NameBefore(string column) => column.StartsWith(Input, StringComparison.Ordinal) ? column[Input.Length..] : column;

    private static bool AreIn(IReadOnlyCollection<string> columns, string before) =>
        columns.Contains(before + Label) && columns.Contains(before + Score) && columns.Any(column => IsProbability(column, before));

    private static bool IsAnswer(string column, string before) => Names.Contains(FirstOf(column, before)) || IsProbability(column, before)
        || column.StartsWith(before + Logit, StringComparison.Ordinal);

    private static bool IsProbability(string column, string before) =>
        column.StartsWith(before + Probability, StringComparison.Ordinal) || FirstOf(column, before) == Probabilities;

    /// <summary>The first name of a path; empty if it does not begin so.</summary>
    private static string FirstOf(string column, string before) =>
        column.StartsWith(before, StringComparison.Ordinal) ? ColumnName.PathOf(column[before.Length..])[0] : "";
}
