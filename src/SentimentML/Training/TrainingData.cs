using Microsoft.ML;
using SentimentML.Labels;
using SentimentML.Numerics;
using SentimentML.Reviews;
using SentimentML.Tokenization;
using TextInput = SentimentML.Tokenization.TextInput;

namespace SentimentML.Training;

/// <summary>Rows to learn from or to be measured on, tokenized once.</summary>
/// <param name="Examples">The rows that have a label and a text.</param>
/// <param name="Cut">How many of them were longer than the most tokens allowed.</param>
/// <param name="Unlabeled">Rows left out because their label is missing, or is none of the training labels.</param>
/// <param name="WithoutText">Rows left out because they have a label and no text.</param>
internal sealed record TrainingData(IReadOnlyList<Example> Examples, int Cut, int Unlabeled, int WithoutText)
{
    private const int Window = 4096;

    /// <summary>Reads a view once.</summary>
    /// <param name="view">The data.</param>
    /// <param name="columns">Where texts, labels and weights are.</param>
    /// <param name="labels">The labels' names; a row's label is looked up by its name.</param>
    /// <param name="tokenize">Texts to ids; says whether the text was cut.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static TrainingData Read(
        IDataView view, TrainingColumns columns, IReadOnlyList<string> labels, Tokenize tokenize, CancellationToken cancellationToken)
    {
        var examples = new List<Example>();
        var leftOut = new LeftOut();
        int cut = 0;
        foreach (LabeledText[] window in Rows(view, columns, labels, leftOut, cancellationToken).Chunk(Window))
        {
            var tokens = new TokenRow[window.Length];
            ParallelRows.For(window.Length, i =>
            {
                tokens[i] = tokenize(window[i].Text, out bool wasCut);
                if (wasCut)
                    Interlocked.Increment(ref cut);
            }, cancellationToken);
            examples.AddRange(window.Zip(tokens, (row, ids) => new Example(ids, row.Label, row.Weight, row.Row)));
        }
        return new TrainingData(examples, cut, leftOut.Unlabeled, leftOut.WithoutText);
    }

    /// <summary>The rows that have a label and a text, checked.</summary>
    private static IEnumerable<LabeledText> Rows(
        IDataView view, TrainingColumns columns, IReadOnlyList<string> labels, LeftOut leftOut, CancellationToken cancellationToken)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(columns.In(view.Schema));
        ValueGetter<ReadOnlyMemory<char>> text = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema[columns.Text]);
        ValueGetter<ReadOnlyMemory<char>>? pair = columns.TextPair is { } p ? cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema[p]) : null;
        ValueGetter<float>? weight = columns.Weight is { } w ? cursor.GetGetter<float>(view.Schema[w]) : null;
        Func<int> label = LabelReader.Place(cursor, view.Schema[columns.Label], labels);
        while (cursor.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            int place = label();
            if (place < 0)
            {
                leftOut.Unlabeled++;
                continue;
            }
            string first = Text(text);
            string? second = pair is null ? null : Text(pair);
            if (MissingValue.IsMissingText(first) && MissingValue.IsMissingText(second))
            {
                leftOut.WithoutText++;
                continue;
            }
            float rowWeight = 1;
            weight?.Invoke(ref rowWeight);
            if (!(rowWeight >= 0 && float.IsFinite(rowWeight)))
                throw new SentimentMLException(FormattableString.Invariant(
                    $"Row {cursor.Position + 1} has the weight {rowWeight} in the column '{columns.Weight}', expected a number of 0 or more."));
            yield return new LabeledText(new TextInput(first, second), place, rowWeight, cursor.Position);
        }
    }

    private static string Text(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        ReadOnlyMemory<char> value = default;
        getter(ref value);
        return value.ToString();
    }

    private readonly record struct LabeledText(TextInput Text, int Label, float Weight, long Row);

    /// <summary>How many rows are not among <see cref="Rows"/>.</summary>
    private sealed class LeftOut
    {
        public int Unlabeled { get; set; }

        public int WithoutText { get; set; }
    }
}

/// <summary>Texts to ids, special ones included.</summary>
internal delegate TokenRow Tokenize(TextInput text, out bool cut);

/// <summary>The columns that a training reads.</summary>
internal sealed record TrainingColumns(string Text, string? TextPair, string Label, string? Weight)
{
    /// <exception cref="SentimentMLException">One of them is missing.</exception>
    public IEnumerable<DataViewSchema.Column> In(DataViewSchema schema) =>
        new[] { Text, TextPair, Label, Weight }.OfType<string>().Distinct().Select(name => schema.Require(name, "The data"));
}
