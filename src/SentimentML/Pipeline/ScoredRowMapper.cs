using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Inference;
using SentimentML.Persistence;
using SentimentML.Tokenization;

namespace SentimentML.Pipeline;

/// <summary>Scores one row at a time, as a prediction engine asks for it.</summary>
internal sealed class ScoredRowMapper(DataViewSchema input, TextScorer scorer, ScoredColumns names) : IRowToRowMapper
{
    private readonly ScoredSchema _columns = new(input, names, scorer.Labels);

    public DataViewSchema InputSchema => input;

    public DataViewSchema OutputSchema => _columns.Schema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        DataViewSchema.Column[] depending = [.. dependingColumns];
        IEnumerable<DataViewSchema.Column> passed = depending.Where(c => !_columns.IsAdded(c)).Select(c => input[c.Index]);
        return depending.Any(_columns.IsAdded) ? passed.Concat(_columns.TextColumns).DistinctBy(c => c.Index) : passed;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new ScoredRow(input, _columns, scorer, [.. activeColumns]);

    private sealed class ScoredRow(DataViewRow row, ScoredSchema columns, TextScorer scorer, DataViewSchema.Column[] active) : DataViewRow
    {
        private readonly Func<TextInput>? _text = active.Any(columns.IsAdded) ? columns.TextReader(row) : null;
        private float[] _logits = [];
        private long _scored = -1;

        public override DataViewSchema Schema => columns.Schema;

        public override long Position => row.Position;

        public override long Batch => row.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Any(c => c.Index == column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.IsAdded(column)
            ? columns.Getter<TValue>(column, Logits, scorer.Rule)
            : row.GetGetter<TValue>(row.Schema[column.Index]);

        /// <summary>Both added columns of a row cost one pass through the network.</summary>
        private float[] Logits()
        {
            if (_scored != row.Position)
            {
                _logits = scorer.Logits(_text!());
                _scored = row.Position;
            }
            return _logits;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                row.Dispose();
            base.Dispose(disposing);
        }
    }
}
