using SentimentML.Evaluation;
using SentimentML.Numerics;

namespace SentimentML;

/// <summary>Rows whose label is known, with a model's scores of them: what a <see cref="SentimentEvaluation"/> is computed from.</summary>
public sealed class EvaluationRows
{
    private IReadOnlyList<int>? _predictions;

    /// <summary>The texts. *Shape:* (rows)</summary>
    public required IReadOnlyList<string> Texts { get; init; }

    /// <summary>The true label of each row, from 0. *Shape:* (rows)</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>The model's scores before the softmax. *Shape:* (rows, labels)</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Logits { get; init; }

    /// <summary>The labels' names, in the order of the logits. *Shape:* (labels)</summary>
    public required IReadOnlyList<string> LabelNames { get; init; }

    /// <summary>The number by which a person finds each row again, such as its place in a file from 1. The default value is null: 1, 2, 3, …</summary>
    public IReadOnlyList<long>? RowNumbers { get; init; }

    /// <summary>The stars of each row. The default value is null: none are known.</summary>
    public IReadOnlyList<float>? Stars { get; init; }

    /// <summary>Further columns to group by, a value a row. The default value is none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string?>> Columns { get; init; } = new Dictionary<string, IReadOnlyList<string?>>();

    /// <summary>The number of rows that were left out because the model does not have their label. The default value is 0.</summary>
    public long RowsLeftOut { get; init; }

    /// <summary>Some of the labels of those rows.</summary>
    internal IReadOnlyCollection<string> LabelsLeftOut { get; init; } = [];

    /// <summary>The number of rows that were left out because they have no label and no stars. The default value is 0.</summary>
    public long RowsWithoutLabel { get; init; }

    /// <summary>The number of rows that were left out because they have a label and no text. The default value is 0.</summary>
    public long RowsWithoutText { get; init; }

    /// <summary>
    /// The predicted label of each row, from 0. The default value is the label with the highest score, the first of equals; another is
    /// given if the label was decided among finer ones, as that of five stars is, whose scores were then added up. *Shape:* (rows)
    /// </summary>
    public IReadOnlyList<int> Predictions
    {
        get => _predictions ??= [.. Logits.Select(row => LabelChoice.Of([.. row]))];
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            GivenPredictions = _predictions = value;
        }
    }

    /// <summary>The predicted labels if they were given; null if they follow from the scores.</summary>
    internal IReadOnlyList<int>? GivenPredictions { get; private init; }

    /// <summary>Rows from a classifier's predictions.</summary>
    /// <param name="texts">The texts. *Shape:* (rows)</param>
    /// <param name="labels">The true label of each row, from 0, in the order of the predictions' labels. *Shape:* (rows)</param>
    /// <param name="predictions">The predictions of the texts. *Shape:* (rows)</param>
    /// <exception cref="ArgumentException">There are no predictions.</exception>
    public static EvaluationRows Of(IReadOnlyList<string> texts, IReadOnlyList<int> labels, IReadOnlyList<SentimentPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (predictions.Count == 0)
            throw new ArgumentException("There are no predictions, expected at least one.", nameof(predictions));
        return new EvaluationRows { Texts = texts, Labels = labels, Logits = predictions.Logits(), LabelNames = predictions[0].Labels };
    }
}
