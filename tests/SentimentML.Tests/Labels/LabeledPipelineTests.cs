using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using SentimentML.MLNetInternals;
using SentimentML.Tests.Reviews;

namespace SentimentML.Tests.Labels;

/// <summary>The mapping inside a whole pipeline: trained on a file with stars, asked about texts without.</summary>
public sealed class LabeledPipelineTests : IDisposable
{
    private readonly ReviewFolder _folder = new();
    private readonly MLContext _ml;
    private readonly IDataView _data;

    public LabeledPipelineTests()
    {
        _ml = _folder.ML;
        string[] words = ["malo roto", "malo caro", "regular", "bueno bonito", "bueno barato"];
        _data = _folder.Load("train.jsonl", string.Concat(Enumerable.Range(0, 200).Select(i =>
            $"{{\"text\": \"{words[i % 5]} número {(i * 31 % 17).ToString(CultureInfo.InvariantCulture)}\", \"stars\": \"{i % 5 + 1}\", \"kind\": "
                + $"\"k{i % 2}\"}}\n")));
    }

    [Fact]
    public void It_trains_evaluates_and_cross_validates()
    {
        var model = Pipeline().Fit(_data);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(_data));
        Assert.Equal(1, metrics.MicroAccuracy);
        Assert.Equal(160, metrics.ConfusionMatrix.Counts.Sum(row => row.Sum()));

        var folds = _ml.MulticlassClassification.CrossValidate(_data, Pipeline(), numberOfFolds: 3);
        Assert.Equal(160, folds.Sum(fold => fold.Metrics.ConfusionMatrix.Counts.Sum(row => row.Sum())));
    }

    [Fact]
    public void A_prediction_engine_needs_no_stars()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Question, Answer>(Pipeline().Fit(_data));
        Assert.Equal("negative", engine.Predict(new Question { Text = "malo roto" }).PredictedLabel);
        Assert.Equal("positive", engine.Predict(new Question { Text = "bueno bonito" }).PredictedLabel);
    }

    [Fact]
    public void A_prediction_engine_takes_stars_and_drops_nothing()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Rated, Answer>(Pipeline().Fit(_data));
        Assert.Equal((2u, "positive"), Ask(5));
        Assert.Equal((1u, "positive"), Ask(1));
        Assert.Equal((0u, "positive"), Ask(3));
        Assert.Equal((0u, "positive"), Ask(float.NaN));
        Assert.Throws<SentimentMLException>(() => Ask(7));

        (uint, string) Ask(float stars)
        {
            Answer answer = engine.Predict(new Rated { Text = "bueno bonito", Stars = stars });
            return (answer.Label, answer.PredictedLabel);
        }
    }

    [Fact]
    public void A_saved_pipeline_scores_a_file_without_stars()
    {
        ITransformer loaded = SaveAndLoad(Pipeline().Fit(_data));
        IDataView scored = loaded.Transform(_folder.Load("b.csv", "text,kind\nmalo roto,a\nbueno barato,b\nregular,c\n"));
        Assert.Equal(["negative", "positive"], ReviewFolder.Texts(scored, "PredictedLabel")[..2]);
        Assert.Equal(["a", "b", "c"], ReviewFolder.Texts(scored, "kind"));
    }

    [Theory]
    [InlineData(NeutralStars.Drop)]
    [InlineData(NeutralStars.Class)]
    public void A_loaded_mapping_maps_as_the_saved_one(NeutralStars neutral)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new { Nota = 1 }, new { Nota = 3 }, new { Nota = 5 }]);
        ITransformer mapping = _ml.Transforms.Conversion.MapStarsToSentiment("Clase", "Nota", neutral).Fit(data);
        Assert.Equal(mapping.Transform(data).GetColumn<uint>("Clase"), SaveAndLoad(mapping).Transform(data).GetColumn<uint>("Clase"));
    }

    [Fact]
    public async Task A_fresh_process_loads_the_pipeline_without_registering_anything()
    {
        string path = _folder.Path("model.zip");
        _ml.Model.Save(Pipeline().Fit(_data), _data.Schema, path);
        FreshProcess.Answer[] answers = await FreshProcess.Answers(path, ["malo roto", "bueno bonito"]);
        Assert.Equal(["negative", "positive"], answers.Select(answer => answer.Label));
    }

    [Fact]
    public void The_ML_NET_that_is_loaded_is_the_one_whose_internals_are_known() =>
        Assert.Equal(ModelFormat.MLNetVersion, ModelFormat.LoadedMLNet());

    private EstimatorChain<KeyToValueMappingTransformer> Pipeline() =>
        _ml.Transforms.Conversion.MapStarsToSentiment()
            .Append(_ml.Transforms.Text.FeaturizeText("Features", "Text"))
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy())
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    private ITransformer SaveAndLoad(ITransformer model)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, null, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Question
    {
        public string Text { get; set; } = "";
    }

    private sealed class Rated
    {
        public string Text { get; set; } = "";

        public float Stars { get; set; }
    }

    private sealed class Answer
    {
        public uint Label { get; set; }

        public string PredictedLabel { get; set; } = "";
    }
}
