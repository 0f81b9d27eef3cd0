using SentimentML.Tool.Data;
using SentimentML.Tool.Output;

namespace SentimentML.Tool.Evaluation;

/// <summary>A file's labelled rows, scored by a model: what the report is made from.</summary>
internal sealed class ScoredFile
{
    /// <summary>A column with more different values is no group: numbers of reviews, products, dates.</summary>
    private const int MaxGroups = 60;

    private readonly List<string> _texts = [];
    private readonly List<int> _labels = [];
    private readonly List<IReadOnlyList<double>> _logits = [];
    private readonly List<long> _numbers = [];
    private readonly List<float> _stars = [];
    private readonly IReadOnlyList<string> _labelNames;
    private readonly LabeledRows _file;
    private readonly GroupColumn[] _columns;

    private ScoredFile(IReadOnlyList<string> labelNames, LabeledRows file)
    {
        _labelNames = labelNames;
        _file = file;
        _columns = [.. file.Columns.Select(name => new GroupColumn(name, MaxGroups))];
    }

    /// <summary>How many rows have a label that the model does not know.</summary>
    private long LeftOut { get; set; }

    public EvaluationRows Rows => new()
    {
        Texts = _texts,
        Labels = _labels,
        Logits = _logits,
        LabelNames = _labelNames,
        RowNumbers = _numbers,
        RowsLeftOut = LeftOut,
        Stars = _file.HasStars ? _stars : null,
        Columns = _columns.Where(column => column.Groups > 1).ToDictionary(column => column.Name, column => column.Values),
    };

    /// <summary>Scores the rows whose label the model knows.</summary>
    /// <param name="classifier">The model.</param>
    /// <param name="data">The file.</param>
    /// <param name="places">The model's place for each of the file's labels; -1 for one that it does not have.</param>
    /// <param name="shown">Told of each row.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static ScoredFile Score(SentimentClassifier classifier, LabeledData data, int[] places, RowsShown shown, CancellationToken cancellation)
    {
        var scored = new ScoredFile(classifier.Labels, new LabeledRows(data));
        foreach ((LabeledRow row, SentimentPrediction prediction) in Predictions.Of(classifier, scored._file.Read().Where(Known), row => row.Text, cancellation))
        {
            scored.Add(row, places[row.Label], prediction);
            shown.Done();
        }
        return scored;

        bool Known(LabeledRow row)
        {
            if (places[row.Label] < 0)
                scored.LeftOut++;
            return places[row.Label] >= 0;
        }
    }

    private void Add(LabeledRow row, int label, SentimentPrediction prediction)
    {
        _texts.Add(row.Text);
        _labels.Add(label);
        _logits.Add([.. prediction.Logits.Select(logit => (double)logit)]);
        _numbers.Add(row.Number);
        _stars.Add(row.Stars);
        for (int i = 0; i < _columns.Length; i++)
            _columns[i].Add(row.Columns[i]);
    }
}
