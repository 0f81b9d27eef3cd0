using System.Globalization;
using Microsoft.ML;
using SentimentML.Labels;
using SentimentML.Reviews;

namespace SentimentML.Pipeline;

/// <summary>The rows of a view, dealt to the folds of a cross-validation so that each fold has the labels in the same shares.</summary>
internal sealed class StratifiedFolds
{
    private readonly IDataView _view;
    private readonly long[] _rows;
    private readonly int[] _foldOf;

    /// <param name="view">The data.</param>
    /// <param name="labelColumn">The column of labels.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SentimentMLException">A label has fewer rows than there are folds.</exception>
    public StratifiedFolds(IDataView view, string labelColumn, int folds, int seed, CancellationToken cancellationToken)
    {
        DataViewSchema.Column column = view.Schema.Require(labelColumn, "The training data");
        IReadOnlyList<string> names = LabelNames.Of(column, view);
        var rows = new List<long>();
        var labels = new List<int>();
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        Func<int> label = LabelReader.Place(cursor, column, names);
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (label() is not (>= 0 and var place))
                continue;
            rows.Add(cursor.Position);
            labels.Add(place);
        }
        if (rows.Count == 0)
            throw new SentimentMLException("No training row has a label, expected rows of every label for each fold.");
        foreach ((int place, int count) in labels.CountBy(place => place))
        {
            if (count < folds)
            {
                throw new SentimentMLException(string.Create(CultureInfo.InvariantCulture,
                    $"The label '{names[place]}' has {count} rows, expected at least {folds}: each of the {folds} folds needs a row of every label. Take "
                        + $"fewer folds, or leave that label out."));
            }
        }
        _view = view;
        _rows = [.. rows];
        _foldOf = Deal(labels, folds, seed);
    }

    /// <summary>The rows that the model of a fold is trained on.</summary>
    public SelectedRows Train(int fold) => Select(row => _foldOf[row] != fold);

    /// <summary>The rows that the model of a fold is measured on.</summary>
    public SelectedRows Test(int fold) => Select(row => _foldOf[row] == fold);

    /// <summary>
    /// Deals each label's rows, in an order drawn by the seed, to one fold after the other; the next label is dealt on from where the
    /// one before ended, so that the folds are of one size.
    /// </summary>
    /// <param name="labels">Each row's label.</param>
    /// <param name="folds">How many folds.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <returns>Each row's fold, from 0.</returns>
    internal static int[] Deal(IReadOnlyList<int> labels, int folds, int seed)
    {
        var random = new Random(seed);
        int[] foldOf = new int[labels.Count];
        int dealt = 0;
        foreach (IGrouping<int, int> label in Enumerable.Range(0, labels.Count).GroupBy(row => labels[row]).OrderBy(label => label.Key))
        {
            int[] rows = [.. label];
            random.Shuffle(rows);
            foreach (int row in rows)
                foldOf[row] = dealt++ % folds;
        }
        return foldOf;
    }

    private SelectedRows Select(Func<int, bool> isWanted) => new(_view, [.. Enumerable.Range(0, _rows.Length).Where(isWanted).Select(row => _rows[row])]);
}
