using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Baselines;

/// <summary>2,000 reviews to train on, 4,000 others to test on, as every figure of the project.</summary>
public class RealTaskTests
{
    [Theory]
    [InlineData(42)]
    [InlineData(43)]
    public void The_ngram_pipeline_reaches_what_a_small_model_must_beat(int draw)
    {
        LabelledText[] pool = [.. LabelledText.Reviews("dataset_es_test.json.gz")];
        // The file is sorted by stars.
        new Random(draw).Shuffle(pool);
        var ml = new MLContext(seed: 42);
        ITransformer model = ClassicBaselines.Ngrams(ml).Build().Fit(LabelledText.View(ml, pool[..2000]));

        IDataView dev = LabelledText.View(ml, LabelledText.Reviews("dataset_es_dev.json.gz"));
        MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(dev));

        Assert.True(metrics.MicroAccuracy >= 0.880, $"accuracy {metrics.MicroAccuracy}\n{metrics.ConfusionMatrix.GetFormattedConfusionTable()}");
    }
}
