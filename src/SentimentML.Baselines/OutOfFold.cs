using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML;

/// <summary>What a model says of its own training rows when it has not seen them: honest material to fit a <see cref="StackedModel"/> on.</summary>
public static class OutOfFold
{
    private const string RowColumn = "__Row";

    /// <summary>Trains the model once for each fold on the other folds' rows and lets it score the fold's own.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="rows">The training rows; read twice for each fold, so cache what is slow to make.</param>
    /// <param name="estimator">The model; fitted, it must add the column "Score" with a probability for each class.</param>
    /// <param name="folds">How many folds, two or more. The default value is 5.</param>
    /// <param name="seed">Draws the folds. The default value is 0.</param>
    /// <returns>Logits (logarithms of the probabilities) in the order of the rows. *Shape:* (rows, classes)</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two folds.</exception>
    /// <exception cref="ArgumentException">There are so few rows that a fold has none.</exception>
    public static float[][] Logits(MLContext ml, IDataView rows, IEstimator<ITransformer> estimator, int folds = 5, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);

        var logits = new SortedDictionary<int, float[]>();
        foreach (DataOperationsCatalog.TrainTestData split in ml.Data.CrossValidationSplit(Numbered(ml, rows), folds, seed: seed))
        {
            ITransformer model = estimator.Fit(split.TrainSet);
            IDataView scored = model.Transform(split.TestSet);
            int before = logits.Count;
            foreach ((int row, float[] score) in scored.GetColumn<int>(RowColumn).Zip(scored.GetColumn<float[]>("Score")))
                logits.Add(row, StackedModel.Logits(score));
            (model as IDisposable)?.Dispose();
            if (logits.Count == before)
                throw new ArgumentException($"There are too few rows for {folds} folds: one has none. Take fewer folds.", nameof(rows));
        }
        return [.. logits.Values];
    }

    /// <summary>
    /// The rows with their number from 0, so that they are found again after the split. The cache asks for every row in order,
    /// where the split's filter would let the rows that it drops go uncounted.
    /// </summary>
    private static IDataView Numbered(MLContext ml, IDataView rows)
        => ml.Data.Cache(ml.Transforms.StatefulCustomMapping<Nothing, Number, Counter>(
            (_, number, counter) => number.Row = counter.Next++, counter => counter.Next = 0, contractName: null).Fit(rows).Transform(rows));

    private sealed class Nothing;

    private sealed class Number
    {
        [ColumnName(RowColumn)]
        public int Row { get; set; }
    }

    private sealed class Counter
    {
        public int Next { get; set; }
    }
}
