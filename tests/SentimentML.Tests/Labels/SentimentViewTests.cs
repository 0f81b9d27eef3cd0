using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Tests.Reviews;

namespace SentimentML.Tests.Labels;

public sealed class SentimentViewTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly IDataView _labeled;

    public SentimentViewTests()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1000).Select(i => new { Text = $"r{i}", Stars = i % 5 + 1 }));
        _labeled = _ml.Transforms.Conversion.MapStarsToSentiment().Fit(data).Transform(data);
    }

    [Fact]
    public void Positions_are_counted_anew_and_ids_stay_the_rows_own()
    {
        using DataViewRowCursor cursor = _labeled.GetRowCursor([_labeled.Schema["Text"]]);
        ValueGetter<ReadOnlyMemory<char>> getText = cursor.GetGetter<ReadOnlyMemory<char>>(_labeled.Schema["Text"]);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        ReadOnlyMemory<char> text = default;
        DataViewRowId id = default;
        Assert.Equal(-1, cursor.Position);
        for (int i = 0; i < 800; i++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(i, cursor.Position);
            getText(ref text);
            getId(ref id);
            Assert.Equal(id.Low, ulong.Parse(text.Span[1..], CultureInfo.InvariantCulture));
        }
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void Rows_are_dropped_whichever_columns_are_asked_for()
    {
        using DataViewRowCursor cursor = _labeled.GetRowCursor([]);
        int rows = 0;
        while (cursor.MoveNext())
            rows++;
        Assert.Equal(800, rows);
        Assert.Null(_labeled.GetRowCount());
    }

    [Fact]
    public void Only_columns_that_were_asked_for_have_getters()
    {
        using DataViewRowCursor cursor = _labeled.GetRowCursor([_labeled.Schema["Label"]]);
        Assert.True(cursor.IsColumnActive(_labeled.Schema["Label"]));
        Assert.False(cursor.IsColumnActive(_labeled.Schema["Stars"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<int>(_labeled.Schema["Stars"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(_labeled.Schema["Label"]));
        ValueGetter<uint> getter = cursor.GetGetter<uint>(_labeled.Schema["Label"]);
        uint label = 0;
        Assert.Throws<InvalidOperationException>(() => getter(ref label));
    }

    [Fact]
    public void Several_cursors_give_every_row_once()
    {
        DataViewRowCursor[] cursors = _labeled.GetRowCursorSet(_labeled.Schema, 3);
        var texts = new List<string>();
        foreach (DataViewRowCursor cursor in cursors)
        {
            using (cursor)
            {
                ValueGetter<ReadOnlyMemory<char>> getter = cursor.GetGetter<ReadOnlyMemory<char>>(_labeled.Schema["Text"]);
                ReadOnlyMemory<char> text = default;
                while (cursor.MoveNext())
                {
                    getter(ref text);
                    texts.Add(text.ToString());
                }
            }
        }
        Assert.Equal(ReviewFolder.Texts(_labeled).Order(), texts.Order());
    }

    [Fact]
    public void MLNets_own_operations_work_on_it()
    {
        string[] texts = ReviewFolder.Texts(_labeled);
        Assert.Equal(texts, ReviewFolder.Texts(_ml.Data.Cache(_labeled)));
        Assert.Equal(texts.Order(), ReviewFolder.Texts(_ml.Data.ShuffleRows(_labeled, seed: 2)).Order());
        var split = _ml.Data.TrainTestSplit(_labeled, 0.25, seed: 3);
        Assert.Equal(texts.Order(), ReviewFolder.Texts(split.TrainSet).Concat(ReviewFolder.Texts(split.TestSet)).Order());
    }
}
