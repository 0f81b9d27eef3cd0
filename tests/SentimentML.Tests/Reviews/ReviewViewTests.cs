using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Reviews;

public sealed class ReviewViewTests : IDisposable
{
    private readonly ReviewFolder _folder = new();
    private readonly IDataView _data;

    public ReviewViewTests() =>
        _data = _folder.Load("a.csv", "text,stars,kind\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"reseña {i},{i % 5 + 1},k{i % 3}\n")));

    [Fact]
    public void It_is_read_many_times_and_by_several_cursors_at_once()
    {
        using DataViewRowCursor one = _data.GetRowCursor(_data.Schema);
        using DataViewRowCursor two = _data.GetRowCursor(_data.Schema);
        ValueGetter<ReadOnlyMemory<char>> first = one.GetGetter<ReadOnlyMemory<char>>(_data.Schema["Text"]);
        ValueGetter<ReadOnlyMemory<char>> second = two.GetGetter<ReadOnlyMemory<char>>(_data.Schema["Text"]);
        ReadOnlyMemory<char> a = default, b = default;
        for (int i = 0; i < 500; i++)
        {
            Assert.True(one.MoveNext());
            first(ref a);
            if (i % 2 == 0)
            {
                Assert.True(two.MoveNext());
                second(ref b);
                Assert.Equal($"reseña {i / 2}", b.ToString());
            }
            Assert.Equal($"reseña {i}", a.ToString());
        }
        Assert.False(one.MoveNext());
        Assert.Equal(500, ReviewFolder.Texts(_data).Length);
    }

    [Fact]
    public void Positions_and_ids_count_the_rows()
    {
        using DataViewRowCursor cursor = _data.GetRowCursor([]);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        DataViewRowId id = default;
        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => getId(ref id));
        for (int i = 0; i < 500; i++)
        {
            Assert.True(cursor.MoveNext());
            getId(ref id);
            Assert.Equal(i, cursor.Position);
            Assert.Equal((ulong)i, id.Low);
        }
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
    }

    [Fact]
    public void Only_columns_that_were_asked_for_have_getters()
    {
        using DataViewRowCursor cursor = _data.GetRowCursor([_data.Schema["Stars"]]);
        Assert.True(cursor.IsColumnActive(_data.Schema["Stars"]));
        Assert.False(cursor.IsColumnActive(_data.Schema["Text"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(_data.Schema["Text"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<double>(_data.Schema["Stars"]));
    }

    [Fact]
    public void A_cursor_that_is_done_or_disposed_holds_no_file()
    {
        string path = _folder.Path("a.csv");
        using (DataViewRowCursor cursor = _data.GetRowCursor(_data.Schema))
            Assert.True(cursor.MoveNext());
        Assert.Equal(500, ReviewFolder.Texts(_data).Length);
        // Opening for oneself alone fails while anyone in this process has the file.
        using var alone = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
    }

    [Fact]
    public void Its_rows_cannot_be_shuffled_or_counted_beforehand()
    {
        Assert.False(_data.CanShuffle);
        Assert.Null(_data.GetRowCount());
        Assert.Single(_data.GetRowCursorSet(_data.Schema, 4));
    }

    [Fact]
    public void MaxRows_are_read_from_the_start()
    {
        var few = _folder.ML.Data.LoadReviews(_folder.Path("a.csv"), new ReviewFileOptions { MaxRows = 3 });
        Assert.Equal(["reseña 0", "reseña 1", "reseña 2"], ReviewFolder.Texts(few));
    }

    [Fact]
    public void MLNets_own_operations_work_on_it()
    {
        DataOperationsCatalog catalog = _folder.ML.Data;
        string[] texts = ReviewFolder.Texts(_data);
        Assert.Equal(texts, ReviewFolder.Texts(catalog.Cache(_data)));
        Assert.Equal(texts[..7], ReviewFolder.Texts(catalog.TakeRows(_data, 7)));
        Assert.Equal(texts[490..], ReviewFolder.Texts(catalog.SkipRows(_data, 490)));
        Assert.Equal(200, ReviewFolder.Stars(catalog.FilterRowsByColumn(_data, "Stars", lowerBound: 4, upperBound: 5.5)).Length);
        Assert.Equal(500, _data.Preview(maxRows: 1000).RowView.Length);

        string[] shuffled = ReviewFolder.Texts(catalog.ShuffleRows(_data, seed: 3));
        Assert.NotEqual(texts, shuffled);
        Assert.Equal(texts.Order(), shuffled.Order());

        DataOperationsCatalog.TrainTestData split = catalog.TrainTestSplit(_data, testFraction: 0.2, seed: 5);
        string[] train = ReviewFolder.Texts(split.TrainSet), test = ReviewFolder.Texts(split.TestSet);
        Assert.InRange(test.Length, 60, 140);
        Assert.Equal(texts.Order(), train.Concat(test).Order());
    }

    [Fact]
    public void A_group_never_lies_in_two_parts_of_a_split()
    {
        var split = _folder.ML.Data.TrainTestSplit(_data, testFraction: 0.5, samplingKeyColumnName: "kind", seed: 1);
        Assert.Empty(ReviewFolder.Texts(split.TrainSet, "kind").Intersect(ReviewFolder.Texts(split.TestSet, "kind")));
    }

    public void Dispose() => _folder.Dispose();
}
