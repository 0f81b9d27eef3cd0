using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Labels;

/// <summary>What another process does with a saved model: it uses ML.NET alone. <see cref="LabeledPipelineTests"/> starts it.</summary>
public sealed class FreshProcess
{
    internal const string ModelVariable = "SENTIMENTML_TEST_MODEL";

    [Fact(Explicit = true)]
    public void A_saved_pipeline_is_loaded()
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(Environment.GetEnvironmentVariable(ModelVariable)!, out _);
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable([new { Text = "malo roto" }, new { Text = "bueno bonito" }]));
        Assert.Equal(["negative", "positive"], scored.GetColumn<string>("PredictedLabel"));
    }
}
