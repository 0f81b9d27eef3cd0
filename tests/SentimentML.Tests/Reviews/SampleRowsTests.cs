using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Reviews;

public class SampleRowsTests
{
    private static readonly MLContext Ml = new(seed: 5);

    private static readonly IDataView Rows = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 1000).Select(n => new Row { Number = n }));

    [Fact]
    public void Drawn_rows_keep_their_order_and_none_comes_twice()
    {
        int[] drawn = Numbers(Ml.Data.SampleRows(Rows, 100, seed: 1));
        Assert.Equal(100, drawn.Length);
        Assert.Equal(drawn.Distinct().Order(), drawn);
        Assert.InRange(drawn.Average(), 400, 600);
        Assert.Equal(drawn, Numbers(Ml.Data.SampleRows(Rows, 100, seed: 1)));
        Assert.NotEqual(drawn, Numbers(Ml.Data.SampleRows(Rows, 100, seed: 2)));
    }

    [Fact]
    public void Without_a_seed_the_contexts_is_taken() =>
        Assert.Equal(Numbers(Ml.Data.SampleRows(Rows, 10, seed: 5)), Numbers(Ml.Data.SampleRows(Rows, 10)));

    [Fact]
    public void Every_row_is_drawn_as_often_as_every_other()
    {
        int[] drawn = new int[20];
        IDataView few = Ml.Data.TakeRows(Rows, 20);
        for (int seed = 0; seed < 4000; seed++)
            foreach (int row in Numbers(Ml.Data.SampleRows(few, 5, seed)))
                drawn[row]++;
        Assert.All(drawn, count => Assert.InRange(count, 850, 1150)); // 1,000 expected, with a standard deviation of 27
    }

    [Fact]
    public void Data_with_fewer_rows_is_drawn_whole() => Assert.Equal(Enumerable.Range(0, 1000), Numbers(Ml.Data.SampleRows(Rows, 5000, seed: 1)));

    [Fact]
    public void A_draw_of_no_rows_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Ml.Data.SampleRows(Rows, 0));

    [Fact]
    public void A_drawn_view_can_be_shuffled_and_drawn_from_again()
    {
        IDataView drawn = Ml.Data.SampleRows(Rows, 100, seed: 1);
        Assert.Equal(Numbers(drawn).Order(), Numbers(Ml.Data.ShuffleRows(drawn, seed: 3)).Order());
        Assert.Subset(Numbers(drawn).ToHashSet(), Numbers(Ml.Data.SampleRows(drawn, 10, seed: 2)).ToHashSet());
    }

    private static int[] Numbers(IDataView view) => [.. view.GetColumn<int>(nameof(Row.Number))];

    private sealed class Row
    {
        public int Number { get; set; }
    }
}
