using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using SentimentML.Labels;
using SentimentML.Pipeline.Results;
using SentimentML.Reviews;

namespace SentimentML.Pipeline;

/// <summary>The folds of one cross-validation, each trained and measured when it is asked for, unless a folder has its result.</summary>
internal sealed class FoldRun
{
    private readonly IHostEnvironment _environment;
    private readonly SentimentClassificationOptions _options;
    private readonly int _seed, _count;
    private readonly StratifiedFolds _folds;
    private readonly ResultsFolder? _results;

    /// <exception cref="SentimentMLException">A label has fewer rows than there are folds, or the results are of other work.</exception>
    public FoldRun(IHostEnvironment environment, SentimentClassificationOptions options, int seed, IDataView input, int count, string? resultsFolder)
    {
        _environment = environment;
        _options = options;
        _seed = seed;
        _count = count;
        _folds = new StratifiedFolds(input, options.LabelColumnName, count, seed, options.CancellationToken);
        if (resultsFolder is null)
            return;
        IReadOnlyList<string> labels = LabelNames.Of(input.Schema.Require(options.LabelColumnName, "The training data"));
        string work = string.Create(CultureInfo.InvariantCulture, $"a cross-validation with {count} folds");
        _results = new ResultsFolder(resultsFolder, ResultsFingerprint.Of(environment, options, seed, StartingPoint.Of(options, labels), work, input, labels));
    }

    /// <summary>A fold, from 1.</summary>
    public CrossValidationFold Run(int fold)
    {
        if (Known(fold) is { } known)
            return known;
        SentimentClassificationOptions options = _options.Copy();
        if (_options.CheckpointFolder is { } checkpoints)
            options.CheckpointFolder = Path.Combine(checkpoints, string.Create(CultureInfo.InvariantCulture, $"fold-{fold}-of-{_count}"));
        SelectedRows train = _folds.Train(fold - 1);
        using var run = new TrainingRun(_environment, options, _seed);
        using SentimentClassificationTransformer model = run.Fit(train);
        EvaluationRows rows = model.ScoreLabeled(_folds.Test(fold - 1), new LabeledRowsOptions
        {
            TextColumnName = _options.TextColumnName,
            TextPairColumnName = _options.TextPairColumnName,
            LabelColumnName = _options.LabelColumnName,
            CancellationToken = _options.CancellationToken,
        });
        int trainRows = (int)train.GetRowCount()!;
        _results?.Add(NameOf(fold), new FoldResult(trainRows, rows), ResultsJson.Default.StoredResultFoldResult);
        return new CrossValidationFold(fold, trainRows, rows);
    }

    /// <summary>A fold, from 1, if the folder has its result; null if it has none, or one that is damaged.</summary>
    public CrossValidationFold? Known(int fold)
    {
        try
        {
            FoldResult? known = _results?.Find(NameOf(fold), ResultsJson.Default.StoredResultFoldResult);
            return known is null ? null : new CrossValidationFold(fold, known.TrainRows, known.Rows);
        }
        catch (ArgumentException) // rows and scores that do not belong together
        {
            return null;
        }
    }

    private static string NameOf(int fold) => string.Create(CultureInfo.InvariantCulture, $"fold-{fold:000}");
}
