using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.MLNetInternals;
using SentimentML.Tests.Reviews;

namespace SentimentML.Tests.Labels;

public sealed class StarsToSentimentTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void One_and_two_are_negative_four_and_five_positive_and_three_is_dropped()
    {
        IDataView labeled = Label(Rows(1, 2, 3, 4, 5, 3, 1));
        Assert.Equal(["r0", "r1", "r3", "r4", "r6"], ReviewFolder.Texts(labeled));
        Assert.Equal([1u, 1u, 2u, 2u, 1u], labeled.GetColumn<uint>("Label"));
        Assert.Equal(["negative", "negative", "positive", "positive", "negative"], Names(labeled));
    }

    [Fact]
    public void Three_can_be_a_class_between()
    {
        IDataView labeled = Label(Rows(1, 3, 5), NeutralStars.Class);
        Assert.Equal([1u, 2u, 3u], labeled.GetColumn<uint>("Label"));
        Assert.Equal(["negative", "neutral", "positive"], Names(labeled));
    }

    [Theory]
    [InlineData(NeutralStars.Drop)]
    [InlineData(NeutralStars.Class)]
    public void A_row_without_stars_has_no_label_and_is_dropped(NeutralStars neutral) =>
        Assert.Equal(["r0", "r2"], ReviewFolder.Texts(Label(Rows(5, float.NaN, 1), neutral)));

    [Theory]
    [InlineData(7f, "7")]
    [InlineData(0f, "0")]
    [InlineData(-1f, "-1")]
    [InlineData(4.5f, "4.5")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void Stars_that_are_none_are_told_by_row(float stars, string shown)
    {
        var error = Assert.Throws<SentimentMLException>(() => ReviewFolder.Texts(Label(Rows(5, 3, stars))));
        Assert.Equal($"Row 3: column 'Stars' holds {shown}, expected a whole number from 1 to 5. Other scales become stars when a file is "
            + "loaded and its scale or an offset is stated, or by a CustomMapping.", error.Message);
    }

    [Fact]
    public void Stars_may_be_of_any_number_type()
    {
        AssertMaps(new { Stars = 4d }, new { Stars = 3d });
        AssertMaps(new { Stars = 4f }, new { Stars = 3f });
        AssertMaps(new { Stars = (sbyte)4 }, new { Stars = (sbyte)3 });
        AssertMaps(new { Stars = (byte)4 }, new { Stars = (byte)3 });
        AssertMaps(new { Stars = (short)4 }, new { Stars = (short)3 });
        AssertMaps(new { Stars = (ushort)4 }, new { Stars = (ushort)3 });
        AssertMaps(new { Stars = 4 }, new { Stars = 3 });
        AssertMaps(new { Stars = 4u }, new { Stars = 3u });
        AssertMaps(new { Stars = 4L }, new { Stars = 3L });
        AssertMaps(new { Stars = 4UL }, new { Stars = 3UL });
    }

    [Fact]
    public void The_columns_names_can_be_others()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new { Nota = 5 }, new { Nota = 3 }]);
        IDataView labeled = _ml.Transforms.Conversion.MapStarsToSentiment("Clase", "Nota").Fit(data).Transform(data);
        Assert.Equal([2u], labeled.GetColumn<uint>("Clase"));
    }

    [Fact]
    public void A_label_in_the_data_is_replaced()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new { Stars = 5, Label = "x" }]);
        IDataView labeled = Label(data);
        Assert.Equal([2u], labeled.GetColumn<uint>("Label"));
        Assert.IsType<KeyDataViewType>(labeled.Schema["Label"].Type);
    }

    [Fact]
    public void Fitting_without_stars_tells_the_columns_there_are()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new { Text = "x", Rating = 5 }]);
        IEstimator<ITransformer> estimator = _ml.Transforms.Conversion.MapStarsToSentiment();
        const string Expected =
            "The data has no column 'Stars' with the reviews' stars. Its columns are: Text, Rating. Name the one with the stars as inputColumnName.";
        Assert.Equal(Expected, Assert.Throws<SentimentMLException>(() => estimator.Fit(data)).Message);
        Assert.Equal(Expected, Assert.Throws<SentimentMLException>(() => estimator.Append(_ml.Transforms.CopyColumns("A", "Text")).Fit(data)).Message);
    }

    [Fact]
    public void Stars_that_are_no_numbers_are_told_by_type()
    {
        var text = Assert.Throws<SentimentMLException>(() => Label(_ml.Data.LoadFromEnumerable([new { Stars = "5" }])));
        Assert.Equal("Column 'Stars' is of type String; one number a row was expected, the stars from 1 to 5. Convert it first "
            + "(ml.Transforms.Conversion.ConvertType).", text.Message);
        var vector = Assert.Throws<SentimentMLException>(() => Label(_ml.Data.LoadFromEnumerable([new Vector()])));
        Assert.StartsWith("Column 'Stars' is of type vector of Single;", vector.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_without_stars_passes_through()
    {
        ITransformer model = _ml.Transforms.Conversion.MapStarsToSentiment().Fit(Rows(1, 5));
        IDataView scored = model.Transform(_ml.Data.LoadFromEnumerable([new { Text = "a" }, new { Text = "b" }]));
        Assert.Equal(["Text"], ReviewFolder.Columns(scored));
        Assert.Equal(["a", "b"], ReviewFolder.Texts(scored));
    }

    [Theory]
    [InlineData(NeutralStars.Drop)]
    [InlineData(NeutralStars.Class)]
    public void Estimator_and_transformer_promise_the_same_columns(NeutralStars neutral)
    {
        IDataView data = Rows(1, 5);
        IEstimator<ITransformer> estimator = _ml.Transforms.Conversion.MapStarsToSentiment(neutral: neutral);
        SchemaShape promised = estimator.GetOutputSchema(SchemaShapes.Of(data.Schema));
        ITransformer model = estimator.Fit(data);
        Assert.Equal(Describe(SchemaShapes.Of(model.GetOutputSchema(data.Schema))), Describe(promised));
        Assert.Equal(Describe(SchemaShapes.Of(model.Transform(data).Schema)), Describe(promised));
        Assert.Contains("Label UInt32 Scalar key [KeyValues String Vector]", Describe(promised));
    }

    [Fact]
    public void Its_names_serve_MapKeyToValue()
    {
        IDataView data = Rows(1, 3, 5);
        IDataView named = _ml.Transforms.Conversion.MapStarsToSentiment()
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "Label")).Fit(data).Transform(data);
        Assert.Equal(["negative", "positive"], ReviewFolder.Texts(named, "Name"));
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentException>(() => _ml.Transforms.Conversion.MapStarsToSentiment(""));
        Assert.Throws<ArgumentException>(() => _ml.Transforms.Conversion.MapStarsToSentiment("Label", " "));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapStarsToSentiment(neutral: (NeutralStars)2));
    }

    private IDataView Rows(params float[] stars) => _ml.Data.LoadFromEnumerable(stars.Select((value, i) => new { Text = $"r{i}", Stars = value }));

    private IDataView Label(IDataView data, NeutralStars neutral = NeutralStars.Drop) =>
        _ml.Transforms.Conversion.MapStarsToSentiment(neutral: neutral).Fit(data).Transform(data);

    private string[] Names(IDataView labeled) =>
        ReviewFolder.Texts(_ml.Transforms.Conversion.MapKeyToValue("Name", "Label").Fit(labeled).Transform(labeled), "Name");

    private void AssertMaps<T>(T four, T three)
        where T : class => Assert.Equal([2u], Label(_ml.Data.LoadFromEnumerable([three, four, three])).GetColumn<uint>("Label"));

    private static string[] Describe(SchemaShape shape) =>
        [.. shape.Select(column =>
            $"{column.Name} {column.ItemType} {column.Kind}{(column.IsKey ? " key" : "")} "
            + $"[{string.Join(", ", column.Annotations.Select(a => $"{a.Name} {a.ItemType} {a.Kind}"))}]")];

    private sealed class Vector
    {
        [VectorType(2)]
        public float[] Stars { get; set; } = [1, 2];
    }
}
