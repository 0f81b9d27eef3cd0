using Microsoft.ML;

namespace SentimentML.Labels;

/// <summary>The getters that a labelled row and a labelled cursor share: the input's own, and the label's.</summary>
internal sealed class LabeledGetters
{
    private readonly LabeledSchema _schema;
    private readonly DataViewRow _input;
    private readonly bool[] _active;
    private readonly Func<double>? _stars;

    public LabeledGetters(LabeledSchema schema, DataViewRow input, bool[] active)
    {
        _schema = schema;
        _input = input;
        _active = active;
        if (input.IsColumnActive(schema.Stars))
            _stars = StarsColumn.Getter(input, schema.Stars);
    }

    /// <summary>The label of the row that the input stands on.</summary>
    public uint Key() => _schema.Sentiments.Key(_stars!(), _schema.Stars.Name, _input.Position);

    public bool IsActive(DataViewSchema.Column column) => _active[_schema.Check(column)];

    public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column, ValueGetter<uint> label)
    {
        int index = _schema.Check(column);
        if (!_active[index])
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not among the columns asked for.");
        if (index != _schema.LabelIndex)
            return _input.GetGetter<TValue>(_schema.Input[index]);
        return label as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is a key read as {typeof(uint)}, not as {typeof(TValue)}.");
    }
}
