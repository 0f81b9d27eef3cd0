namespace SentimentML.Tool.Evaluation;

/// <summary>A row with a label, as the evaluation needs it.</summary>
/// <param name="Number">Its place among the file's rows, from 1.</param>
/// <param name="Text">Its text.</param>
/// <param name="Label">The place of its label among the file's labels.</param>
/// <param name="Stars">Its stars; NaN where the file has none.</param>
/// <param name="Columns">The file's further columns, in the order of <see cref="LabeledRows.Columns"/>.</param>
internal sealed record LabeledRow(long Number, string Text, int Label, float Stars, string[] Columns);
