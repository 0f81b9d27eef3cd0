using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Inference;
using SentimentML.Persistence;
using SentimentML.Tokenization;

namespace SentimentML.Pipeline;

/// <summary>
/// A view with the columns that the model adds. Its cursor scores a window of rows ahead with a second cursor over the same
/// input, so that the network gets batches while the columns of the current row pass through untouched.
/// </summary>
internal sealed class ScoredView : IDataView
{
    private readonly IDataView _input;
    private readonly TextScorer _scorer;
    private readonly ScoredSchema _columns;

    public ScoredView(IDataView input, TextScorer scorer, ScoredColumns names)
    {
        _input = input;
        _scorer = scorer;
        _columns = new ScoredSchema(input.Schema, names, scorer.Labels);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema => _columns.Schema;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        DataViewSchema.Column[] passed = [.. needed.Where(c => !_columns.IsAdded(c)).Select(c => _input.Schema[c.Index])];
        bool scores = needed.Any(_columns.IsAdded);
        DataViewRowCursor row = _input.GetRowCursor(scores ? [.. passed.Union(_columns.TextColumns)] : passed);
        if (!scores)
            return new ScoredCursor(_columns, row, passed, null, null);
        DataViewRowCursor ahead = _input.GetRowCursor(_columns.TextColumns);
        return new ScoredCursor(_columns, row, passed, ahead, _scorer);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}

/// <summary>One pass over a <see cref="ScoredView"/>.</summary>
internal sealed class ScoredCursor : DataViewRowCursor
{
    private readonly ScoredSchema _columns;
    private readonly DataViewRowCursor _row;
    private readonly HashSet<int> _passed;
    private readonly DataViewRowCursor? _ahead;
    private readonly IEnumerator<float[]>? _logits;
    private readonly TextScorer? _scorer;
    private readonly ValueGetter<DataViewRowId>? _rowId;
    private readonly Func<TextInput>? _rowText;
    private readonly Queue<(DataViewRowId Id, TextInput Text)> _rowsAhead = [];

    public ScoredCursor(ScoredSchema columns, DataViewRowCursor row, IEnumerable<DataViewSchema.Column> passed, DataViewRowCursor? ahead, TextScorer? scorer)
    {
        _columns = columns;
        _row = row;
        _passed = [.. passed.Select(c => c.Index)];
        _ahead = ahead;
        if (ahead is not null && scorer is not null)
        {
            _scorer = scorer;
            _rowId = row.GetIdGetter();
            _rowText = columns.TextReader(row);
            _logits = new ScoringPipeline(scorer).Logits(TextsAhead(ahead)).GetEnumerator();
        }
    }

    public override DataViewSchema Schema => _columns.Schema;

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override bool MoveNext()
    {
        bool isRow = _row.MoveNext();
        if (_logits is null)
            return isRow;
        bool isScored = _logits.MoveNext();
        if (isRow != isScored || (isRow && !IsScoredRow()))
            throw new InvalidOperationException(
                "The data to score gives other rows, or in another order, each time it is read. Cache it first: mlContext.Data.Cache(data).");
        return isRow;
    }

    /// <summary>
    /// Whether the current row is the one that was read ahead. Ids alone do not say so: of LoadFromEnumerable they are the rows' numbers, whatever
    /// the rows are.
    /// </summary>
    private bool IsScoredRow()
    {
        DataViewRowId id = default;
        _rowId!(ref id);
        return _rowsAhead.Dequeue() is var scored && scored.Id.Equals(id) && scored.Text == _rowText!();
    }

    public override bool IsColumnActive(DataViewSchema.Column column) =>
        _columns.IsAdded(column) ? _logits is not null : _passed.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!_columns.IsAdded(column))
            return _row.GetGetter<TValue>(_row.Schema[column.Index]);
        if (_logits is null)
            throw new ArgumentException($"The column {column.Name} was not asked for when this cursor was made.", nameof(column));
        return _columns.Getter<TValue>(column, () => _logits.Current, _scorer!.Rule);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _logits?.Dispose();
            _ahead?.Dispose();
            _row.Dispose();
        }
        base.Dispose(disposing);
    }

    private IEnumerable<TextInput> TextsAhead(DataViewRowCursor ahead)
    {
        Func<TextInput> text = _columns.TextReader(ahead);
        ValueGetter<DataViewRowId> aheadId = ahead.GetIdGetter();
        while (ahead.MoveNext())
        {
            DataViewRowId id = default;
            aheadId(ref id);
            TextInput input = text();
            _rowsAhead.Enqueue((id, input));
            yield return input;
        }
    }
}
