using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>Labels row by row: nothing is dropped, a row without a sentiment has the missing key.</summary>
internal sealed class SentimentMapper(LabeledSchema schema) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        schema.Dependencies(schema.Active(dependingColumns), starsToo: false);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new SentimentRow(schema, input, schema.Active(activeColumns));
}
