using SentimentML.Files;
using SentimentML.Wording;

namespace SentimentML.Reviews;

/// <summary>
/// Rows with several labels. The first such row triggers one pass over the whole column. If only one of a row's labels says a sentiment, as beside a topic,
/// that is the row's; if only a few rows have several, they count as rows without a label; a warning says so. If many have, the column has more than one
/// label a text, and is no column for this task.
/// </summary>
internal sealed class SeveralLabels
{
    private const double MaxShare = 0.1;

    private readonly Lazy<bool> _areFew;

    /// <param name="columns">The file's columns.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    public SeveralLabels(ReviewColumns columns, ReviewFileOptions options, Action<string> warn) => _areFew = new(() => Look(columns, options, warn));

    /// <summary>Whether rows with several labels are read: only a few have more than one sentiment.</summary>
    public bool AreFew => _areFew.Value;

    private static bool Look(ReviewColumns columns, ReviewFileOptions options, Action<string> warn)
    {
        ReviewFile file = columns.File;
        string name = file.Columns[columns.Label];
        long rows = 0, several = 0, withOne = 0;
        string first = "", firstWithOne = "";
        try
        {
            using RecordReader records = file.Open(columns.Needed(columns.Labels));
            var row = new ReviewRow(records, columns, options);
            while (rows < (options.MaxRows ?? long.MaxValue) && records.Read())
            {
                rows++;
                if (row.ReadLabel(out IReadOnlyList<string> labels) is null && labels.Count > 1 && several++ == 0)
                    first = $"{records.LocalizedPlace}: {string.Join(", ", labels.Take(5))}";
                else if (labels.Count > 1 && LabelText.OnlySentiment(labels) is { } one && withOne++ == 0)
                    firstWithOne = $"{records.LocalizedPlace}: {Quoted.Value(one)} {Localized.Say("de", "of")} {string.Join(", ", labels.Take(5))}";
            }
        }
        catch (SentimentMLException)
        {
            return false; // the cursor that reads the row reports it
        }
        bool areFew = several <= rows * MaxShare || options.LeavesOutSeveralLabels;
        if (areFew && several > 0)
            warn(Localized.Say(
                $"{file.Path}: {several} de {rows} filas tienen varias etiquetas en la columna '{name}' ({first}); cuentan como filas sin etiqueta.",
                $"{file.Path}: {several} of {rows} rows have several labels in column '{name}' ({first}); they count as rows without a label."));
        if (areFew && withOne > 0)
            warn(Localized.Say(
                $"{file.Path}: {withOne} de {rows} filas tienen otras etiquetas en la columna '{name}' junto a un sentimiento, y solo este cuenta "
                    + $"({firstWithOne}).",
                $"{file.Path}: {withOne} of {rows} rows have other labels in column '{name}' beside a sentiment, which is read alone ({firstWithOne})."));
        return areFew;
    }
}
