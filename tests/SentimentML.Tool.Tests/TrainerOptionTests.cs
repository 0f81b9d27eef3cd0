using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using SentimentML.Tool.Commands;

namespace SentimentML.Tool.Tests;

/// <summary>What the options of train become: each reaches the trainer's, and none that is not given changes a default.</summary>
public sealed class TrainerOptionTests
{
    private const string AllOptions = """
        --epochs 3 --batch-size 5 --learning-rate 1e-4 --weight-decay 0.02 --warmup-steps 7 --gradient-accumulation 4 --max-gradient-norm 0.5
        --label-smoothing 0.1 --class-weights balanced --frozen-layers 2 --layer-decay 0.9 --lora-rank 8 --lora-alpha 24 --lora-targets all --dropout 0.2 --weight-average 0.9 --max-tokens 99
        --evaluation-steps 20 --best-by macro-f1 --early-stopping 6 --no-shuffle --length-groups on --precision bf16 --seed 11 --device cuda:1 --backbone mini --start sentiment --tweets
        --checkpoint-folder kept --checkpoint-steps 30 --checkpoint-minutes 2.5 --max-checkpoints 9 --resume --gradient-checkpointing --halve-batch --on-cancel best
        --inference-precision int8 --calibrated
        """;

    /// <summary>Options of train that are none of the trainer's: the files, which rows of them, and what is written and printed.</summary>
    private static readonly string[] OptionsOfTheToolAlone =
    [
        "--train", "--validation", "--text-column", "--title-column", "--body-column", "--stars-column", "--stars-offset", "--stars-scale", "--label-column",
        "--merge-label-case", "--strict",
        "--neutral-class", "--max-rows", "--format", "--encoding", "--delimiter", "--quote", "--no-header", "--sheet",
        "--output", "--save-adapter", "--save-weights", "--folds", "--results", "--plan", "--log", "--learning-curve", "--json",
    ];

    /// <summary>Options of the trainer that train does not offer, each with the reason.</summary>
    private static readonly Dictionary<string, string> NotOffered = new(StringComparer.Ordinal)
    {
        [nameof(SentimentClassificationOptions.TextColumnName)] = "the tool reads a file into columns of its own: --text-column names the file's",
        [nameof(SentimentClassificationOptions.LabelColumnName)] = "the same: --label-column and --stars-column",
        [nameof(SentimentClassificationOptions.TextPairColumnName)] = "the tool's files have one text a row",
        [nameof(SentimentClassificationOptions.ExampleWeightColumnName)] = "the tool's files have no weights",
        [nameof(SentimentClassificationOptions.ScoreColumnName)] = "a column of the ML.NET output, which the tool does not show",
        [nameof(SentimentClassificationOptions.PredictedLabelColumnName)] = "the same",
        [nameof(SentimentClassificationOptions.ValidationSet)] = "--validation: a file, read after the command line",
        [nameof(SentimentClassificationOptions.Progress)] = "the tool's screen",
        [nameof(SentimentClassificationOptions.CancellationToken)] = "Ctrl+C",
    };

    [Fact]
    public void Every_option_reaches_the_trainer()
    {
        SentimentClassificationOptions given = Parsed(AllOptions);
        Assert.Equal((3, 5, 1e-4, 0.02, 7, 4, 0.5),
            (given.Epochs!.Value, given.BatchSize, given.LearningRate!.Value, given.WeightDecay, given.WarmupSteps!.Value, given.GradientAccumulation,
                given.MaxGradientNorm));
        Assert.Equal((0.1, ClassWeights.Balanced, 2, 0.9, 8, 24.0, 99),
            (given.LabelSmoothing, given.ClassWeights!, given.FrozenLayers!.Value, given.LayerLearningRateDecay, given.LoraRank!.Value, given.LoraAlpha!.Value,
                given.MaxTokens!.Value));
        Assert.Equal((20, BestModelMetric.MacroF1, 6, false, true, TrainingPrecision.BFloat16, 11),
            (given.EvaluationSteps!.Value, given.BestModelBy, given.EarlyStoppingPatience!.Value, given.Shuffle, given.GroupByLength!.Value, given.Precision,
                given.Seed!.Value));
        Assert.Equal((TorchDevice.Cuda(1), "kept", 30, TimeSpan.FromMinutes(2.5), 9, true),
            (given.Device, given.CheckpointFolder!, given.CheckpointSteps!.Value, given.CheckpointInterval!.Value, given.MaxCheckpoints, given.Resume));
        Assert.Equal((true, true, CancellationOutcome.KeepBest),
            (given.GradientCheckpointing, given.HalveBatchWhenOutOfMemory, given.OnCancellation));
        Assert.Equal((SpanishMini.Backbone, InferencePrecision.Int8, true), (given.Backbone, given.InferencePrecision, given.CalibratedScores));
        Assert.Equal((LoraTargets.AllMatrices, 0.2, 0.9, TrainingStart.SentimentModel, new TweetPreprocessingOptions()),
            (given.LoraTargets, given.HiddenDropout!.Value, given.WeightAverageDecay!.Value, given.StartFrom, given.Preprocessing!.Options));
    }

    [Fact]
    public void Every_property_of_the_trainers_options_is_offered_or_not_for_a_reason()
    {
        SentimentClassificationOptions given = Parsed(AllOptions), byDefault = Parsed("");
        PropertyInfo[] properties = typeof(SentimentClassificationOptions).GetProperties();
        IEnumerable<string> changed = properties.Where(p => !Equals(p.GetValue(given), p.GetValue(byDefault))).Select(p => p.Name);
        Assert.Equal(properties.Select(p => p.Name).Where(name => !NotOffered.ContainsKey(name)), changed);
        Assert.Empty(NotOffered.Keys.Except(properties.Select(p => p.Name)));
    }

    [Fact]
    public void Every_option_of_train_is_tried_here_or_the_tools_alone() =>
        Assert.Equal(
            new TrainCommand().Options.Select(option => option.Name).Order(StringComparer.Ordinal),
            Words(AllOptions).Where(word => word.StartsWith("--", StringComparison.Ordinal)).Concat(OptionsOfTheToolAlone).Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_not_given_is_the_librarys_default()
    {
        SentimentClassificationOptions given = Parsed(""), byDefault = new() { Seed = 42 };
        foreach (PropertyInfo property in typeof(SentimentClassificationOptions).GetProperties())
            Assert.True(Equals(property.GetValue(byDefault), property.GetValue(given)),
                $"{property.Name} is {property.GetValue(given)}, expected {property.GetValue(byDefault)}");
    }

    [Theory]
    [InlineData("negative=2,positive=0.5", 2, 0.5)]
    [InlineData("positive=3", 1, 3)]
    [InlineData("balanced", 2, 2.0 / 3)]
    public void Class_weights_are_given_by_name(string text, double negative, double positive) =>
        Assert.Equal([negative, positive], Parsed($"--class-weights {text}").ClassWeights!.For(["negative", "positive"], [1, 3]));

    [Fact]
    public void Class_weights_can_be_none() => Assert.Null(Parsed("--class-weights none").ClassWeights);

    [Fact]
    public void Every_option_is_in_the_readme()
    {
        string readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tool-readme.md"));
        foreach (Option option in new SentimentMLCommand().Subcommands.OfType<TrainCommand>()
            .Single().Options.Concat(new SentimentMLCommand().Subcommands.OfType<SearchCommand>().Single().Options))
            Assert.True(Regex.IsMatch(readme, $@"(?<![\w-]){option.Name}(?![\w-])"), $"{option.Name} is not in the tool's README");
    }

    private static SentimentClassificationOptions Parsed(string more)
    {
        var command = new TrainCommand();
        ParseResult arguments = command.Parse(["--train", "t.csv", "--validation", "v.csv", "--output", "m", .. Words(more)]);
        Assert.Empty(arguments.Errors);
        return command.TrainerOptions(arguments);
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
