using Microsoft.ML;
using Microsoft.ML.Data;
using SentimentML.Labels;

namespace SentimentML.Tests.Pipeline;

/// <summary>Labels of every type that ML.NET makes keys of: trained, saved, loaded, evaluated, and given back as they were.</summary>
public sealed class LabelTypeTests : IDisposable
{
    private static readonly DateTime Day = new(2026, 11, 26, 10, 30, 0, DateTimeKind.Unspecified);

    private readonly MLContext _ml = TinyTask.Context();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Booleans() => GoThroughALife(false, true, ["False", "True"], isFolded: true);

    [Fact]
    public void Integers() => GoThroughALife(-1, 1, ["-1", "1"]);

    [Fact]
    public void Bytes() => GoThroughALife((byte)7, (byte)200, ["7", "200"]);

    [Fact]
    public void Signed_bytes() => GoThroughALife((sbyte)-7, (sbyte)7, ["-7", "7"]);

    [Fact]
    public void Short_integers() => GoThroughALife((short)-300, (short)300, ["-300", "300"]);

    [Fact]
    public void Unsigned_short_integers() => GoThroughALife((ushort)1, ushort.MaxValue, ["1", "65535"]);

    [Fact]
    public void Long_integers() => GoThroughALife(1L << 40, long.MinValue, ["1099511627776", "-9223372036854775808"]);

    [Fact]
    public void Unsigned_long_integers() => GoThroughALife(1ul, ulong.MaxValue, ["1", "18446744073709551615"]);

    [Fact]
    public void Unsigned_integers() => GoThroughALife(0u, uint.MaxValue, ["0", "4294967295"]);

    [Fact]
    public void Floats() => GoThroughALife(0.1f, 1.5f, ["0.1", "1.5"], isFolded: true);

    [Fact]
    public void Doubles() => GoThroughALife(0.1, 1e300, ["0.1", "1E+300"]);

    [Fact]
    public void Times() => GoThroughALife(TimeSpan.FromTicks(1), TimeSpan.FromDays(2), ["00:00:00.0000001", "2.00:00:00"]);

    [Fact]
    public void Dates() => GoThroughALife(Day, Day.AddTicks(1), ["2026-11-26T10:30:00.0000000", "2026-11-26T10:30:00.0000001"]);

    [Fact]
    public void Dates_with_offsets() =>
        GoThroughALife(new DateTimeOffset(Day, TimeSpan.Zero), new DateTimeOffset(Day, TimeSpan.FromHours(-5)),
            ["2026-11-26T10:30:00.0000000+00:00", "2026-11-26T10:30:00.0000000-05:00"]);

    [Fact]
    public void Texts() => GoThroughALife("malo", "bueno", ["malo", "bueno"]);

    [Fact]
    public void Bare_keys()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Keyed { Text = Text(i), Label = i % 2 == 0 ? 0u : 4u }));
        using SentimentClassificationTransformer trained = Train(data, out ITransformer chain);
        Assert.Equal(["0", "4"], trained.Labels.Order());
        IDataView answers = Reloaded(chain).Transform(data);
        var type = Assert.IsType<KeyDataViewType>(answers.Schema["PredictedLabel"].Type);
        Assert.Equal((typeof(uint), 5ul), (type.RawType, type.Count));
        // ML.NET gives a key to a class as it is in memory, one more than it takes from a class.
        Assert.All(_ml.Data.CreateEnumerable<KeyedAnswer>(answers, reuseRowObject: false), answer => Assert.Contains(answer.PredictedLabel, (uint[])[1, 5]));
    }

    [Fact]
    public void Keys_that_stand_for_no_values_are_refused_with_a_way_on()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Keyed { Text = Text(i), Label = (uint)i % 2 }));
        string message = Assert.Throws<SentimentMLException>(() => _ml.MulticlassClassification.Trainers.SentimentClassification(Options()).Fit(data)).Message;
        Assert.Equal("The keys of the label column 'Label' stand for no values (annotation KeyValues), expected a text, number, boolean, time or key for "
            + "each. Either no row has a label, or the key was made without names. Map stars with MapStarsToSentiment, other labels with MapValueToKey.",
            message);
    }

    /// <summary>ML.NET's key of no rows has no values.</summary>
    [Fact]
    public void Data_without_rows_is_told_as_such()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(new List<Row<string>>());
        var chain = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.MulticlassClassification.Trainers.SentimentClassification(Options()));
        Assert.Contains("The training data has no rows", Assert.Throws<SentimentMLException>(() => chain.Fit(data)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Guid")]
    [InlineData("Key UInt32 0")]
    [InlineData("Key Byte 256")]
    [InlineData("Key Int32 5")]
    [InlineData("Key UInt32 -1")]
    public void A_type_that_does_not_exist_is_not_found(string name) => Assert.Null(LabelType.Named(name));

    [Theory]
    [InlineData("Boolean", "malo")]
    [InlineData("Int32", "9999999999")]
    [InlineData("Key Byte 5", "300")]
    [InlineData("DateTime", "ayer")]
    public void A_name_that_is_no_value_of_the_type_is_refused(string type, string name) =>
        Assert.Throws<FormatException>(() => LabelType.Named(type)!.KeyValuesOf([name]));

    private void GoThroughALife<T>(T bad, T good, string[] names, bool isFolded = false)
    {
        IDataView data = Rows(bad, good);
        using SentimentClassificationTransformer trained = Train(data, out ITransformer chain);
        Assert.Equal(names.Order(), trained.Labels.Order());

        ITransformer loaded = Reloaded(chain);
        foreach (ITransformer model in (ITransformer[])[chain, loaded])
        {
            T[] answers = [.. model.Transform(data).GetColumn<T>("PredictedLabel")];
            Assert.Equal(40, answers.Length);
            Assert.All(answers, answer => Assert.True(Equals(answer, bad) || Equals(answer, good), $"{answer} is neither {bad} nor {good}"));
        }
        Assert.Equal(chain.Transform(data).GetColumn<T>("PredictedLabel"), loaded.Transform(data).GetColumn<T>("PredictedLabel"));

        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(trained.Transform(keys));
        Assert.Equal(40, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));
        Assert.Equal(40, trained.ScoreLabeled(keys).Texts.Count);
        Assert.Equal(40, trained.ScoreLabeled(data).Texts.Count); // the values themselves, without a mapping
        Assert.Equal(metrics.MicroAccuracy, SentimentEvaluation.Of(trained.ScoreLabeled(data)).Metrics.Accuracy.Value, 1e-9);

        if (isFolded)
            CrossValidate(keys);

        trained.SaveFolder(_folder.At("model"));
        using SentimentClassifier classifier = SentimentClassifier.Load(_folder.At("model"), TorchDevice.Cpu);
        Assert.Equal(trained.Labels, classifier.Labels);
    }

    private void CrossValidate(IDataView keys)
    {
        var folds = _ml.MulticlassClassification.Trainers.SentimentClassification(Options()).CrossValidate(keys, 2).ToArray();
        Assert.Equal(40, folds.Sum(fold => fold.Metrics.RowCount));
        var own = _ml.MulticlassClassification.CrossValidate(keys, _ml.MulticlassClassification.Trainers.SentimentClassification(Options()), numberOfFolds: 2);
        Assert.Equal(40, own.Sum(fold => fold.Metrics.ConfusionMatrix.Counts.Sum(row => row.Sum())));
    }

    private IDataView Rows<T>(T bad, T good) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row<T> { Text = Text(i), Label = i % 2 == 0 ? bad : good }));

    private SentimentClassificationTransformer Train(IDataView data, out ITransformer chain)
    {
        var fitted = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.MulticlassClassification.Trainers.SentimentClassification(Options(data))) // the validation set comes as it was loaded
            .Fit(data);
        chain = fitted.Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(fitted.Transform(data)));
        return fitted.LastTransformer;
    }

    private ITransformer Reloaded(ITransformer model)
    {
        string path = _folder.At("model.zip");
        _ml.Model.Save(model, null, path);
        return new MLContext().Model.Load(path, out _);
    }

    private static SentimentClassificationOptions Options(IDataView? validation = null)
    {
        SentimentClassificationOptions options = TinyTask.Options(validation);
        options.Epochs = 1;
        return options;
    }

    private static string Text(int i) => i % 2 == 0 ? $"muy malo {i}" : $"muy bueno {i}";

    private sealed class Row<T>
    {
        public string Text { get; set; } = "";

        public T Label { get; set; } = default!;
    }

    private sealed class Keyed
    {
        public string Text { get; set; } = "";

        [KeyType(5)]
        public uint Label { get; set; }
    }

    private sealed class KeyedAnswer
    {
        [KeyType(5)]
        public uint PredictedLabel { get; set; }
    }
}
