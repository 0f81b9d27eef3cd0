using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Reviews;

/// <summary>Some of a view's rows, in its order.</summary>
/// <param name="input">The view.</param>
/// <param name="places">The places of the rows in the view, from 0, in ascending order.</param>
internal sealed class SelectedRows(IDataView input, IReadOnlyList<long> places) : IDataView
{
    /// <summary>Rows drawn at random, none twice, by selection sampling (Knuth, "The Art of Computer Programming", volume 2, algorithm S).</summary>
    public static SelectedRows Sample(IDataView input, int count, int seed)
    {
        long all = input.GetRowCount() ?? Count(input);
        var random = new Random(seed);
        var drawn = new List<long>();
        for (long row = 0; row < all && drawn.Count < count; row++)
            if (random.NextDouble() * (all - row) < count - drawn.Count)
                drawn.Add(row);
        return new SelectedRows(input, drawn);
    }

    public DataViewSchema Schema => input.Schema;

    /// <summary>Never: a place is one in the view's own order.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => places.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(input.GetRowCursor(columnsNeeded), places);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private static long Count(IDataView view)
    {
        long rows = 0;
        using DataViewRowCursor cursor = view.GetRowCursor([]);
        while (cursor.MoveNext())
            rows++;
        return rows;
    }

    private sealed class Cursor(DataViewRowCursor input, IReadOnlyList<long> places) : DataViewRowCursor
    {
        private int _next;

        public override DataViewSchema Schema => input.Schema;

        public override long Position => _next <= places.Count && _next > 0 ? _next - 1 : -1;

        public override long Batch => input.Batch;

        public override bool MoveNext()
        {
            while (_next < places.Count && input.MoveNext())
            {
                if (input.Position != places[_next])
                    continue;
                _next++;
                return true;
            }
            _next = int.MaxValue;
            return false;
        }

        /// <summary>The view's own, so that a row keeps its identity.</summary>
        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
