using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Labels;

/// <summary>The rows of a view that have a sentiment, with its label.</summary>
internal sealed class SentimentView(IDataView input, LabeledSchema schema) : IDataView
{
    public DataViewSchema Schema => schema.Output;

    public bool CanShuffle => input.CanShuffle;

    /// <summary>Unknown: the number of dropped rows is known only after reading all of them.</summary>
    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = schema.Active(columnsNeeded);
        return new Cursor(schema, input.GetRowCursor(schema.Dependencies(active, starsToo: true), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = schema.Active(columnsNeeded);
        DataViewRowCursor[] cursors = input.GetRowCursorSet(schema.Dependencies(active, starsToo: true), n, rand);
        return Array.ConvertAll(cursors, cursor => (DataViewRowCursor)new Cursor(schema, cursor, active));
    }

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly LabeledSchema _schema;
        private readonly DataViewRowCursor _input;
        private readonly LabeledGetters _getters;
        private long _position = -1;
        private uint _key;

        public Cursor(LabeledSchema schema, DataViewRowCursor input, bool[] active)
        {
            _schema = schema;
            _input = input;
            _getters = new LabeledGetters(schema, input, active);
        }

        public override DataViewSchema Schema => _schema.Output;

        public override long Position => _position;

        public override long Batch => _input.Batch;

        public override bool MoveNext()
        {
            while (_input.MoveNext())
            {
                _key = _getters.Key();
                if (_key == 0)
                    continue;
                _position++;
                return true;
            }
            _position = -1;
            return false;
        }

        /// <summary>The input's own, so that a row keeps its identity when the data is split.</summary>
        public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            _getters.Get<TValue>(column, (ref uint value) =>
                value = _position >= 0 ? _key : throw new InvalidOperationException("The cursor stands on no row."));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }
    }
}
