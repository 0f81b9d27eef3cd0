using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Reviews;

/// <summary>A file of reviews as data: each cursor opens the file again and reads it as a stream.</summary>
internal sealed class ReviewView : IDataView
{
    private readonly ReviewFile _file;
    private readonly ReviewFileOptions _options;
    private readonly ReviewColumns _columns;
    private readonly OddStars _oddStars;
    private readonly SeveralLabels _severalLabels;
    private readonly List<Source> _sources = [];

    /// <param name="path">The file.</param>
    /// <param name="options">How it is read; checked, and the reader's own.</param>
    /// <param name="warn">Takes what the caller should know.</param>
    public ReviewView(string path, ReviewFileOptions options, Action<string> warn)
    {
        _options = options;
        _file = new ReviewFile(path, options, warn);
        _columns = new ReviewColumns(_file, options, warn);
        _oddStars = new OddStars(_columns, options, warn);
        _severalLabels = new SeveralLabels(_columns, options, warn);
        Schema = BuildSchema();
    }

    /// <summary>The file: what was found out about it so far.</summary>
    public ReviewFile File => _file;

    /// <summary>Which of the file's columns are a review's parts.</summary>
    public ReviewColumns Columns => _columns;

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    /// <summary>Unknown until the file is read.</summary>
    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var active = new bool[Schema.Count];
        var needed = new bool[_file.Columns.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
        {
            active[Check(column)] = true;
            foreach (int source in _sources[column.Index].FileColumns)
                needed[source] = true;
        }
        RecordReader records = _file.Open(needed);
        return new Cursor(this, records, new ReviewRow(records, _columns, _options, _oddStars, _severalLabels), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private DataViewSchema BuildSchema()
    {
        var schema = new DataViewSchema.Builder();
        Add(ReviewColumns.TextName, row =>
            row.Text(), [.. _columns.Texts]);
        if (_columns.Stars >= 0)
        {
            schema.AddColumn(ReviewColumns.StarsName, NumberDataViewType.Single);
            _sources.Add(new Source(null, [_columns.Stars, .. _columns.Texts]));
        }
        if (_columns.Title >= 0)
            Add(ReviewColumns.TitleName, row => row.Value(_columns.Title), [_columns.Title]);
        if (_columns.Body >= 0)
            Add(ReviewColumns.BodyName, row => row.Value(_columns.Body), [_columns.Body]);
        if (_columns.Label >= 0)
            Add(ReviewColumns.LabelName, row => row.Label(), [.. _columns.Labels]);
        foreach (int other in _columns.Others)
            Add(_file.Columns[other], row => row.Value(other), [other]);
        return schema.ToSchema();

        void Add(string name, Func<ReviewRow, string> read, int[] fileColumns)
        {
            schema.AddColumn(name, TextDataViewType.Instance);
            _sources.Add(new Source(read, fileColumns));
        }
    }

    private int Check(DataViewSchema.Column column) =>
        column.Index < Schema.Count && Schema[column.Index].Name == column.Name && Schema[column.Index].Type.Equals(column.Type)
            ? column.Index
            : throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' ({column.Type}) is not one of this data's.");

    /// <summary>Where a column comes from: how its text is read (null for the stars, which are no text), and the file's columns that it needs.</summary>
    private sealed record Source(Func<ReviewRow, string>? Text, int[] FileColumns);

    private sealed class Cursor(ReviewView view, RecordReader records, ReviewRow row, bool[] active) : DataViewRowCursor
    {
        private readonly long _maxRows = view._options.MaxRows ?? long.MaxValue;
        private long _read;
        private bool _ended;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _ended ? -1 : _read - 1;

        public override long Batch => 0;

        public override bool MoveNext()
        {
            if (_ended)
                return false;
            if (_read < _maxRows && records.Read())
            {
                _read++;
                return true;
            }
            _ended = true;
            records.Dispose();
            return false;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => active[view.Check(column)];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            RequireRow();
            id = new DataViewRowId((ulong)Position, 0);
        };

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            int index = view.Check(column);
            if (!active[index])
                throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' was not among the columns asked for.");
            Delegate getter = view._sources[index].Text is { } read ? TextGetter(read) : StarsGetter();
            return getter as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' is read as {column.Type.RawType}, not as {typeof(TValue)}.");
        }

        private ValueGetter<ReadOnlyMemory<char>> TextGetter(Func<ReviewRow, string> read) => (ref ReadOnlyMemory<char> value) =>
        {
            RequireRow();
            value = read(row).AsMemory();
        };

        private ValueGetter<float> StarsGetter() => (ref float value) =>
        {
            RequireRow();
            value = row.Stars();
        };

        private void RequireRow()
        {
            if (Position < 0)
                throw new InvalidOperationException("The cursor stands on no row: call MoveNext first.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _ended = true;
                records.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
