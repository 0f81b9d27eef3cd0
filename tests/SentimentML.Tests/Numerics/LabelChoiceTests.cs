using Microsoft.ML;
using SentimentML.Evaluation;
using SentimentML.Numerics;
using SentimentML.Persistence;
using SentimentML.Pipeline;

namespace SentimentML.Tests.Numerics;

/// <summary>Every face of the library answers with the label of the largest logit, though the probabilities may be equal.</summary>
public sealed class LabelChoiceTests
{
    /// <summary>4 units in the last place apart: at temperature 2 both probabilities are 0.5 in float32.</summary>
    private static readonly float[] Near = [0.3f, BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(0.3f) + 4)];

    [Fact]
    public void Probabilities_may_be_equal_where_logits_are_not()
    {
        float[] probabilities = Softmax.Of(Near, temperature: 2);
        Assert.Equal(probabilities[0], probabilities[1]);
        Assert.Equal(1, LabelChoice.Of(Near));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1.5)]
    [InlineData(2)]
    [InlineData(100)]
    public void A_prediction_has_the_label_of_the_largest_logit_at_any_temperature(double temperature)
    {
        var prediction = new SentimentPrediction(new AnswerRule(["negative", "positive"], Temperature: temperature), Near);
        Assert.Equal((1, "positive"), (prediction.LabelIndex, prediction.Label));
    }

    [Fact]
    public void The_column_PredictedLabel_the_evaluation_and_the_validation_agree_with_it()
    {
        IDataView input = new MLContext().Data.LoadFromEnumerable([new { Text = "a" }]);
        var columns = new ScoredSchema(input.Schema, new ScoredColumns("Text", null, "PredictedLabel", "Score"), ["negative", "positive"]);
        uint key = 0;
        columns.Getter<uint>(columns.Schema["PredictedLabel"], () => Near, new AnswerRule(["negative", "positive"], Temperature: 2))(ref key);
        Assert.Equal(2u, key);

        double[][] logits = [Array.ConvertAll(Near, logit => (double)logit)];
        Assert.Equal([1], ScoredRows.FromLogits([1], logits, ["negative", "positive"]).Predictions);
        Assert.Equal(1, new ValidationMetrics(logits, [1], 2).Accuracy);
    }

    [Fact]
    public void The_first_of_equal_logits_is_chosen() => Assert.Equal(1, LabelChoice.Of([1.0, 2, 2]));
}
