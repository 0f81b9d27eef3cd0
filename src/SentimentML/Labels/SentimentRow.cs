using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>One row with its label, where nothing is dropped.</summary>
internal sealed class SentimentRow : DataViewRow
{
    private readonly LabeledSchema _schema;
    private readonly DataViewRow _input;
    private readonly LabeledGetters _getters;

    public SentimentRow(LabeledSchema schema, DataViewRow input, bool[] active)
    {
        _schema = schema;
        _input = input;
        _getters = new LabeledGetters(schema, input, active);
    }

    public override DataViewSchema Schema => _schema.Output;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        _getters.Get<TValue>(column, (ref uint value) => value = _getters.Key());

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }
}
