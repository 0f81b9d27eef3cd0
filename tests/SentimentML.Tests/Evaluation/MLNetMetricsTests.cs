using Microsoft.ML;
using Microsoft.ML.Data;

namespace SentimentML.Tests.Evaluation;

/// <summary>The metrics against those of ML.NET's Evaluate, on the same rows, where both have the figure.</summary>
public class MLNetMetricsTests
{
    /// <summary>ML.NET's scores are single precision.</summary>
    private const double Tolerance = 1e-6;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Accuracy_recall_and_log_loss_are_those_of_the_multiclass_evaluator(int classes)
    {
        (int[] labels, double[][] probabilities) = Drawn(classes);
        SentimentMetrics ours = SentimentMetrics.FromProbabilities(labels, probabilities, Rows.Names(classes), 0);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Label)].ColumnType = schema[nameof(Row.PredictedLabel)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        schema[nameof(Row.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, classes);
        MLContext ml = new(0);
        MulticlassClassificationMetrics theirs = ml.MulticlassClassification.Evaluate(ml.Data.LoadFromEnumerable(labels.Select((label, row) => new Row
        {
            Label = (uint)label,
            PredictedLabel = (uint)Array.IndexOf(probabilities[row], probabilities[row].Max()),
            Score = Array.ConvertAll(probabilities[row], p => (float)p),
        }), schema));

        Assert.Equal(theirs.MicroAccuracy, ours.Accuracy.Value, Tolerance);
        Assert.Equal(theirs.MacroAccuracy, ours.Labels.Average(c => c.Recall.Value), Tolerance);
        Assert.Equal(theirs.LogLoss, ours.LogLoss.Value, Tolerance);
        Assert.Equal(theirs.ConfusionMatrix.PerClassPrecision, ours.Labels.Select(c => c.Precision.Value), (a, b) => Math.Abs(a - b) < Tolerance);
        Assert.Equal(theirs.ConfusionMatrix.Counts.SelectMany(row => row), ours.Confusion.SelectMany(row => row).Select(count => (double)count));
    }

    [Fact]
    public void The_area_under_the_curve_is_that_of_the_binary_evaluator()
    {
        // Rounded to single precision on both sides: two scores that only then become equal would be a tie for one side alone.
        (int[] labels, double[][] probabilities) = Drawn(2);
        float[] scores = [.. probabilities.Select(row => (float)row[1])];
        SentimentMetrics ours =
            SentimentMetrics.FromProbabilities(labels, [.. scores.Select(score => new double[] { 1 - (double)score, score })], ["no", "yes"], 0);
        MLContext ml = new(0);
        BinaryClassificationMetrics theirs = ml.BinaryClassification.EvaluateNonCalibrated(ml.Data.LoadFromEnumerable(
            labels.Select((label, row) => new BinaryRow { Label = label == 1, Score = scores[row] })));

        Assert.Equal(theirs.AreaUnderRocCurve, ours.RocAuc.Value, Tolerance);
    }

    private static (int[] Labels, double[][] Probabilities) Drawn(int classes)
    {
        (int[] labels, double[][] logits) = Rows.Drawn(500, classes);
        Calibration softmax = new(1);
        return (labels, [.. logits.Select(row => softmax.Apply(row))]);
    }

    /// <summary>ML.NET adds one to a key that it reads from a property.</summary>
    private sealed class Row
    {
        public uint Label { get; set; }

        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class BinaryRow
    {
        public bool Label { get; set; }

        public bool PredictedLabel { get; set; }

        public float Score { get; set; }
    }
}
