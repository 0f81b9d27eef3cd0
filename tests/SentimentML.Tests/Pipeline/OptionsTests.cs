using Microsoft.ML;
using SentimentML.Pipeline;
using SentimentML.Training;

namespace SentimentML.Tests.Pipeline;

/// <summary>The trainer's options: checked together, and each of them reaching the training.</summary>
public sealed class OptionsTests : IDisposable
{
    private readonly MLContext _ml = TinyTask.Context();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_faults_are_named_in_one_message()
    {
        var options = new SentimentClassificationOptions
        {
            Backbone = TinyTask.Backbone,
            EvaluationSteps = 0,
            BestModelBy = (BestModelMetric)9,
            EarlyStoppingPatience = 0,
            Precision = (TrainingPrecision)9,
            FrozenLayers = -1,
            LayerLearningRateDecay = 1.5,
            LoraAlpha = 0,
            CheckpointFolder = " ",
            CheckpointSteps = 0,
            CheckpointInterval = TimeSpan.Zero,
            MaxCheckpoints = 0,
            OnCancellation = (CancellationOutcome)9,
        };
        Assert.Equal(
            "EvaluationSteps is 0, expected 1 or more. BestModelBy is 9, expected Accuracy, MacroF1 or Loss. EarlyStoppingPatience is 0, expected 1 or more. "
            + "ValidationSet is null, expected rows to validate on, for EarlyStoppingPatience. Precision is 9, expected Auto, Float32 or BFloat16. "
            + "FrozenLayers is -1, expected 0 or more. "
            + "LayerLearningRateDecay is 1.5, expected above 0 to 1. LoraAlpha is 0, expected a number above 0. LoraRank is null, expected a rank, for "
            + "LoraAlpha. "
            + "CheckpointFolder is empty, expected a folder. CheckpointSteps is 0, expected 1 or more. CheckpointInterval is 00:00:00, expected above 0 to "
            + "365 days. "
            + "MaxCheckpoints is 0, expected 1 or more. OnCancellation is 9, expected Throw or KeepBest. (Parameter 'options')", Message(options));
        Assert.StartsWith("LoraRank is 0, expected 1 or more. CheckpointFolder is null, expected a folder, for CheckpointSteps, CheckpointInterval and Resume.",
            Message(new SentimentClassificationOptions { Backbone = TinyTask.Backbone, LoraRank = 0, Resume = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_defaults_are_as_documented()
    {
        var options = new SentimentClassificationOptions();
        Assert.True(options is
        {
            EvaluationSteps: null, BestModelBy: BestModelMetric.Accuracy, EarlyStoppingPatience: null, GroupByLength: null, Precision: TrainingPrecision.Auto,
                ClassWeights: null,
            FrozenLayers: null, LayerLearningRateDecay: 1, LoraRank: null, LoraAlpha: null, CheckpointFolder: null, CheckpointSteps: null,
            CheckpointInterval: null, MaxCheckpoints: 2,
            Resume: false, GradientCheckpointing: false, HalveBatchWhenOutOfMemory: false, OnCancellation: CancellationOutcome.Throw,
        });
    }

    /// <summary>Every property of the recipe but the number of rows, which the data gives, and the column of weights, which change the rows.</summary>
    public static TheoryData<string> OptionsThatChangeTheModel =>
    [
        .. typeof(TrainingRecipe).GetProperties().Select(p => p.Name).Where(name => name != nameof(TrainingRecipe.Rows)),
        nameof(SentimentClassificationOptions.ExampleWeightColumnName),
    ];

    [Theory]
    [MemberData(nameof(OptionsThatChangeTheModel))]
    public void An_option_changes_the_trained_model(string name)
    {
        SentimentClassificationOptions plain = TinyTask.Options(), set = TinyTask.Options();
        (plain.Epochs, set.Epochs, plain.Precision, set.Precision) = (1, 1, TrainingPrecision.Float32, TrainingPrecision.Float32);
        if (name is nameof(set.EvaluationSteps) or nameof(set.BestModelBy) or nameof(set.EarlyStoppingPatience))
        {
            plain.ValidationSet = set.ValidationSet = TinyTask.View(_ml, 20);
            plain.Epochs = set.Epochs = 4;
        }
        switch (name)
        {
            case nameof(set.Seed): set.Seed = 8; break;
            case nameof(set.Epochs): set.Epochs = 2; break;
            case nameof(set.LearningRate): set.LearningRate = 1e-3; break;
            case nameof(set.ExampleWeightColumnName): set.ExampleWeightColumnName = "Stars"; break;
            case nameof(set.Precision): set.Precision = TrainingPrecision.BFloat16; break;
            case nameof(set.GroupByLength): set.GroupByLength = true; break;
            case nameof(set.Shuffle): set.Shuffle = false; break;
            case nameof(set.ClassWeights): set.ClassWeights = ClassWeights.Of(new Dictionary<string, double> { ["positive"] = 5 }); break;
            case nameof(set.FrozenLayers): set.FrozenLayers = 1; break;
            case nameof(set.LayerLearningRateDecay): set.LayerLearningRateDecay = 0.7; break;
            case nameof(set.LoraRank): set.LoraRank = 2; break;
            case nameof(set.LoraTargets): (plain.LoraRank, set.LoraRank, set.LoraTargets) = (2, 2, LoraTargets.AllMatrices); break;
            case nameof(set.HiddenDropout): set.HiddenDropout = 0.3; break;
            case nameof(set.WeightAverageDecay): set.WeightAverageDecay = 0.5; break;
            // The tiny classifier's own labels are sentiments: its head is kept instead of a new one.
            case nameof(set.StartFrom):
                (plain.Backbone, set.Backbone) =
                    (Backbone.FromFolder(Shared.Golden("tiny_classifier_3")), Backbone.FromFolder(Shared.Golden("tiny_classifier_3")));
                set.StartFrom = TrainingStart.SentimentModel;
                break;
            case nameof(set.LoraAlpha): (plain.LoraRank, set.LoraRank, set.LoraAlpha) = (2, 2, 32); break;
            case nameof(set.MaxTokens): set.MaxTokens = 5; break;
            case nameof(set.LabelSmoothing): set.LabelSmoothing = 0.2; break;
            case nameof(set.WarmupSteps): set.WarmupSteps = 3; break;
            case nameof(set.GradientAccumulation): set.GradientAccumulation = 2; break;
            case nameof(set.MaxGradientNorm): set.MaxGradientNorm = 1e-3; break;
            case nameof(set.WeightDecay): set.WeightDecay = 0.9; break;
            case nameof(set.BatchSize): set.BatchSize = 4; break;
            // Every row is right before the last epoch: of equal accuracies the earliest is kept, and the loss goes on falling.
            case nameof(set.EvaluationSteps): set.EvaluationSteps = 1; break;
            case nameof(set.BestModelBy): set.BestModelBy = BestModelMetric.Loss; break;
            // The first step of a warm-up has the learning rate 0: the evaluation after it is no better than the one before.
            case nameof(set.EarlyStoppingPatience):
                (plain.EvaluationSteps, plain.WarmupSteps) = (set.EvaluationSteps, set.WarmupSteps) = (1, 5);
                set.EarlyStoppingPatience = 1;
                break;
            default: Assert.Fail($"{name} is in the recipe and has no case here: what value of it gives another model?"); break;
        }
        Assert.Equal(Score(plain), Score(plain));
        Assert.NotEqual(Score(plain), Score(set));
    }

    [Fact]
    public void How_the_trained_model_answers_is_in_its_record()
    {
        SentimentClassificationOptions options = TinyTask.Options(TinyTask.View(_ml, 20));
        using SentimentClassificationTransformer plain = Fit(options);
        Assert.Equal(((InferencePrecision?)null, (bool?)null), (plain.Record.InferencePrecision, plain.Record.CalibratedScores));
        (options.InferencePrecision, options.CalibratedScores) = (InferencePrecision.Float32, true);
        using SentimentClassificationTransformer set = Fit(options);
        Assert.Equal((InferencePrecision.Float32, true), (set.Record.InferencePrecision, set.Record.CalibratedScores));
    }

    [Fact]
    public void Evaluations_come_as_often_as_asked_and_stop_when_nothing_gets_better()
    {
        SentimentClassificationOptions options = TinyTask.Options(TinyTask.View(_ml, 20));
        (options.EvaluationSteps, options.EarlyStoppingPatience, options.LearningRate, options.BestModelBy) = (2, 2, 1e-30, BestModelMetric.Loss);
        using SentimentClassificationTransformer model = Fit(options);
        Assert.Equal([0, 2, 4, 6], model.Evaluations.Select(e => e.Step));
        Assert.Equal(BestModelMetric.Loss, model.Record.Training!.BestModelBy);
    }

    [Fact]
    public void What_says_how_a_run_is_conducted_reaches_it()
    {
        Assert.Equal(new RunSettings(), TrainingRun.Settings(new SentimentClassificationOptions()));
        Assert.Equal(
            new RunSettings { Checkpoints = new CheckpointPlan("kept", 3, TimeSpan.FromMinutes(2.5), 4, Resume: true),
                OnCancellation = CancellationOutcome.KeepBest, GradientCheckpointing = true, HalveBatchWhenOutOfMemory = true },
            TrainingRun.Settings(new SentimentClassificationOptions
            {
                CheckpointFolder = "kept", CheckpointSteps = 3, CheckpointInterval = TimeSpan.FromMinutes(2.5), MaxCheckpoints = 4, Resume = true,
                OnCancellation = CancellationOutcome.KeepBest, GradientCheckpointing = true, HalveBatchWhenOutOfMemory = true,
            }));
    }

    [Fact]
    public void A_run_is_resumed_through_the_options()
    {
        SentimentClassificationOptions options = TinyTask.Options();
        (options.CheckpointFolder, options.CheckpointSteps, options.CheckpointInterval, options.MaxCheckpoints) = (_folder.Path, 3, TimeSpan.FromHours(10), 1);
        float whole = Score(options);
        Assert.EndsWith("checkpoint-0003-step-9", Assert.Single(Directory.GetDirectories(_folder.Path)), StringComparison.Ordinal);
        options.Resume = true;
        int steps = 0;
        options.Progress = new Reported<TrainingProgress>(p => steps += p is { Stage: TrainingStage.Training } ? 1 : 0);
        Assert.Equal(whole, Score(options));
        Assert.Equal(1, steps);
        options.LearningRate = 1e-3;
        Assert.Contains("is of another run", Assert.Throws<SentimentMLException>(() => Score(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_fit_gives_the_best_model_so_far_where_that_was_chosen()
    {
        using var stop = new CancellationTokenSource();
        SentimentClassificationOptions options = TinyTask.Options();
        (options.CancellationToken, options.OnCancellation) = (stop.Token, CancellationOutcome.KeepBest);
        options.Progress = new Reported<TrainingProgress>(p =>
        {
            if (p.Step == 4)
                stop.Cancel();
        });
        using SentimentClassificationTransformer model = Fit(options);
        Assert.Equal(4, model.History!.Steps.Count);
    }

    [Fact]
    public void More_frozen_layers_than_there_are_is_refused()
    {
        SentimentClassificationOptions options = TinyTask.Options();
        options.FrozenLayers = 4;
        Assert.Contains("has 3 layers", Assert.Throws<SentimentMLException>(() => Fit(options)).Message, StringComparison.Ordinal);
    }

    private string Message(SentimentClassificationOptions options) =>
        Assert.Throws<ArgumentException>(() => _ml.MulticlassClassification.Trainers.SentimentClassification(options)).Message;

    private SentimentClassificationTransformer Fit(SentimentClassificationOptions options)
    {
        IDataView view = TinyTask.View(_ml);
        return _ml.MulticlassClassification.Trainers.SentimentClassification(options)
            .Fit(_ml.Transforms.Conversion.MapStarsToSentiment().Fit(view).Transform(view));
    }

    private float Score(SentimentClassificationOptions options)
    {
        using SentimentClassificationTransformer model = Fit(options);
        return model.Model.Scorer.Logits(new SentimentML.Tokenization.TextInput("Muy bueno, pero se rompió"))[0];
    }
}
