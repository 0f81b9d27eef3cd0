using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Evaluation;
using SentimentML.Numerics;
using SentimentML.Persistence;
using SentimentML.Tokenization;

namespace SentimentML.Pipeline;

/// <summary>A schema with the model's columns behind the input's, in ML.NET's own order: PredictedLabel, then Score.</summary>
internal sealed class ScoredSchema
{
    private readonly int _inputColumns;
    private readonly DataViewSchema.Column _text;
    private readonly DataViewSchema.Column? _pair;

    /// <exception cref="ArgumentException">A column of texts is missing or holds something else.</exception>
    public ScoredSchema(DataViewSchema input, ScoredColumns names, IReadOnlyList<string> labels)
    {
        _inputColumns = input.Count;
        _text = TextColumn(input, names.Text);
        _pair = names.TextPair is { } pair ? TextColumn(input, pair) : null;

        Schema = names.AddTo(input, labels);
    }

    public DataViewSchema Schema { get; }

    public IEnumerable<DataViewSchema.Column> TextColumns => _pair is { } pair ? [_text, pair] : [_text];

    private int PredictedLabelIndex => _inputColumns;

    public bool IsAdded(DataViewSchema.Column column) => column.Index >= _inputColumns;

    /// <summary>Reads what is to be classified from the current row.</summary>
    public Func<TextInput> TextReader(DataViewRow row)
    {
        ValueGetter<ReadOnlyMemory<char>> text = row.GetGetter<ReadOnlyMemory<char>>(_text);
        ValueGetter<ReadOnlyMemory<char>>? pair = _pair is { } column ? row.GetGetter<ReadOnlyMemory<char>>(column) : null;
        return () =>
        {
            ReadOnlyMemory<char> value = default;
            text(ref value);
            string first = value.ToString();
            if (pair is null)
                return new TextInput(first);
            pair(ref value);
            return new TextInput(first, value.ToString());
        };
    }

    /// <summary>The getter of an added column, from the current row's logits.</summary>
    public ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column, Func<float[]> logits, AnswerRule rule)
    {
        Delegate getter = column.Index == PredictedLabelIndex
            ? (ValueGetter<uint>)((ref uint key) => key = (uint)LabelChoice.Of(logits()) + 1)
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> score) =>
            {
                float[] values = rule.Scores(logits());
                VBufferEditor<float> editor = VBufferEditor.Create(ref score, values.Length);
                values.CopyTo(editor.Values);
                score = editor.Commit();
            });
        return getter as ValueGetter<TValue>
            ?? throw new ArgumentException($"The column {column.Name} holds {column.Type}, not {typeof(TValue)}.", nameof(column));
    }

    private static DataViewSchema.Column TextColumn(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name)
            ?? throw new ArgumentException($"The data has no column '{name}' to classify; it has {string.Join(", ", schema.Select(c => c.Name))}.");
        return column.Type is TextDataViewType ? column
            : throw new ArgumentException($"The column '{name}' holds {column.Type}, expected text.");
    }
}
