using SentimentML.Encoders;
using SentimentML.Training;

namespace SentimentML.Tests.Training;

/// <summary>What of the network is trained, how fast, for how long, and what is kept.</summary>
public class ControlTests
{
    private static Example[] Validation { get; } = TinyRun.Rows(30, 2);

    [Fact]
    public void Frozen_layers_and_embeddings_stay_as_they_are()
    {
        Dictionary<string, bool> moved = Moved(TinyRun.Recipe with { FrozenLayers = 2 });
        Assert.All(moved, m => Assert.True(
            m.Value != (m.Key.Contains("embeddings", StringComparison.Ordinal) || m.Key.Contains("layer.0.", StringComparison.Ordinal)
                || m.Key.Contains("layer.1.", StringComparison.Ordinal)),
            $"{m.Key} {(m.Value ? "moved" : "stayed")}"));
        Assert.All(Moved(TinyRun.Recipe with { FrozenLayers = 0 }), m => Assert.Equal(!m.Key.Contains("embeddings", StringComparison.Ordinal), m.Value));
    }

    [Fact]
    public void Layer_wise_decay_lowers_the_rate_from_the_head_to_the_embeddings()
    {
        using SequenceClassifier network = TinyRun.Network();
        using var trained = new TrainedParameters(network, TinyRun.Recipe with { LayerLearningRateDecay = 0.5 });
        Assert.Equal(1, ScaleOf(trained, "classifier.dense.weight"));
        Assert.Equal(0.5, ScaleOf(trained, "roberta.encoder.layer.2.output.dense.bias"));
        Assert.Equal(0.125, ScaleOf(trained, "roberta.encoder.layer.0.attention.self.query.weight"));
        Assert.Equal(0.0625, ScaleOf(trained, "roberta.embeddings.word_embeddings.weight"));
        Assert.NotEqual(new TinyRun().Fit(), new TinyRun().Fit(TinyRun.Recipe with { LayerLearningRateDecay = 0.5 }));
    }

    private static double ScaleOf(TrainedParameters trained, string name) => trained.All.Single(parameter => parameter.Name == name).LearningRateScale;

    [Fact]
    public void Evaluations_come_every_so_many_steps_and_at_the_end()
    {
        var run = new TinyRun();
        run.Fit(TinyRun.Recipe with { EvaluationSteps = 6 }, validation: Validation);
        Assert.Equal([0, 6, 12, 16], run.Evaluations.Select(e => e.Step));
        Assert.Equal([0, 0.75, 1.5, 2], run.Evaluations.Select(e => e.Epoch));
    }

    [Theory]
    [InlineData(BestModelMetric.Accuracy)]
    [InlineData(BestModelMetric.MacroF1)]
    [InlineData(BestModelMetric.Loss)]
    public void The_weights_of_the_best_evaluation_are_kept(BestModelMetric metric)
    {
        double Score(TrainingEvaluation e) => metric switch { BestModelMetric.Accuracy => e.Accuracy, BestModelMetric.MacroF1 => e.MacroF1, _ => -e.Loss };
        TrainingRecipe recipe = TinyRun.Recipe with { EvaluationSteps = 1, BestModelBy = metric, LearningRate = 8e-3 };
        using SequenceClassifier network = TinyRun.Network();
        TrainingHistory history = new TinyRun().Fit(network, recipe, validation: Validation);
        TrainingEvaluation best = history.Evaluations.Skip(1).MaxBy(Score)!;
        Assert.NotEqual(history.Evaluations[^1], best); // else the test would say nothing
        // The kept network, trained no further, has the best evaluation's figures.
        var again = new TinyRun();
        again.Fit(network, recipe with { Epochs = 1, LearningRate = 1e-30 }, validation: Validation);
        Assert.Equal(Score(best), Score(again.Evaluations[0]), 6);
    }

    [Fact]
    public void The_run_ends_after_so_many_evaluations_that_were_no_better()
    {
        var run = new TinyRun();
        // At this rate nothing changes, so that no evaluation is better than the first.
        run.Fit(TinyRun.Recipe with { EvaluationSteps = 2, EarlyStoppingPatience = 3, LearningRate = 1e-30 }, validation: Validation);
        Assert.Equal([0, 2, 4, 6, 8], run.Evaluations.Select(e => e.Step));
        Assert.Equal(8, run.Steps.Count);
        Assert.Equal(TrainingEnd.StoppedEarly, run.History!.End);
        Assert.Contains(run.Notes, note => note.StartsWith("Stopped early", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cancelled_run_throws_or_keeps_the_best_weights_as_chosen()
    {
        TrainingRecipe recipe = TinyRun.Recipe with { EvaluationSteps = 4 };
        using var stop = new CancellationTokenSource();
        TinyRun run = CancelledAfterSix(stop);
        Assert.Throws<OperationCanceledException>(() => run.Fit(recipe, validation: Validation, token: stop.Token));

        using var again = new CancellationTokenSource();
        TinyRun kept = CancelledAfterSix(again);
        float[] weights = kept.Fit(recipe, new RunSettings { OnCancellation = CancellationOutcome.KeepBest }, validation: Validation, token: again.Token);
        Assert.Equal(TrainingEnd.Cancelled, kept.History!.End);
        Assert.Equal(6, kept.Steps.Count);
        Assert.Equal([0, 4], kept.Evaluations.Select(e => e.Step));
        Assert.Equal(StateAfter(recipe, 4), weights);
    }

    [Fact]
    public void Cancelled_before_the_first_step_there_is_no_model_to_keep()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => new TinyRun().Fit(settings: new RunSettings { OnCancellation = CancellationOutcome.KeepBest }, token: stop.Token));
    }

    [Fact]
    public void Balanced_class_weights_are_those_of_scikit_learn()
    {
        // compute_class_weight("balanced", classes=[0, 1, 2], y=[0]*10 + [1]*30 + [2]*20)
        Assert.Equal([2.0, 60.0 / 90, 1.0], ClassWeights.Balanced.For(["a", "b", "c"], [10, 30, 20]));
        Assert.Equal([1.0, 3.0], ClassWeights.Of(new Dictionary<string, double> { ["b"] = 3 }).For(["a", "b"], [1, 1]));
    }

    [Fact]
    public void A_class_weight_for_a_label_that_is_not_there_is_refused()
    {
        var weights = ClassWeights.Of(new Dictionary<string, double> { ["positivo"] = 2 });
        SentimentMLException refused = Assert.Throws<SentimentMLException>(() => weights.For(["negative", "positive"], [1, 1]));
        Assert.Equal("ClassWeights names 'positivo'; the training labels are 'negative', 'positive'.", refused.Message);
        Assert.Throws<ArgumentException>(() => ClassWeights.Of(new Dictionary<string, double> { ["a"] = -1 }));
    }

    [Fact]
    public void A_step_weighs_its_rows()
    {
        Example[] rows = TinyRun.Rows(8);
        TrainingRecipe one = TinyRun.Recipe with { Epochs = 1 };
        TinyRun even = new(), weighted = new(), alone = new();
        even.Fit(one, train: rows, dropout: 0);
        weighted.Fit(one, train: [.. rows.Select((row, i) => row with { Weight = i == 0 ? 1 : 0 })], dropout: 0);
        alone.Fit(one, train: rows[..1], dropout: 0);
        Assert.NotEqual(even.Steps[0].Loss, weighted.Steps[0].Loss, 3);
        Assert.Equal(alone.Steps[0].Loss, weighted.Steps[0].Loss, 5);
    }

    [Fact]
    public void A_batch_whose_rows_weigh_nothing_has_no_loss()
    {
        var run = new TinyRun();
        run.Fit(TinyRun.Recipe with { Epochs = 1, BatchSize = 4, Shuffle = false },
            train: [.. TinyRun.Rows(8).Select((row, i) => row with { Weight = i < 4 ? 0 : 1 })], dropout: 0);
        Assert.Equal((0, 0), (run.Steps[0].Loss, run.Steps[0].GradientNorm));
        Assert.True(run.Steps[1].Loss > 0.1, $"the loss of the rows that count is {run.Steps[1].Loss}");
    }

    private static TinyRun CancelledAfterSix(CancellationTokenSource stop) => new()
    {
        AfterStep = step =>
        {
            if (step == 6)
                stop.Cancel();
        },
    };

    private static Dictionary<string, bool> Moved(TrainingRecipe recipe)
    {
        using SequenceClassifier network = TinyRun.Network();
        Dictionary<string, float[]> before = TinyRun.ByName(network);
        new TinyRun().Fit(network, recipe);
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad));
        return TinyRun.ByName(network).ToDictionary(p => p.Key, p => !p.Value.SequenceEqual(before[p.Key]));
    }

    private static float[] StateAfter(TrainingRecipe recipe, int steps)
    {
        using SequenceClassifier network = TinyRun.Network();
        float[]? weights = null;
        var run = new TinyRun
        {
            AfterStep = step =>
            {
                if (step == steps)
                    weights = TinyRun.Weights(network);
            },
        };
        run.Fit(network, recipe, validation: Validation);
        return weights!;
    }
}
