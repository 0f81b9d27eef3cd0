using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Training;
using static TorchSharp.torch;

namespace SentimentML.Tests.Training;

/// <summary>The loop on the tiny golden network and made-up rows of very different lengths; remembers what the run reports.</summary>
internal sealed class TinyRun : ITrainingObserver
{
    public static readonly TrainingRecipe Recipe = new()
    {
        Epochs = 2,
        BatchSize = 8,
        LearningRate = 2e-3,
        WeightDecay = 0.01,
        WarmupSteps = 2,
        GradientAccumulation = 1,
        MaxGradientNorm = 1,
        LabelSmoothing = 0,
        Shuffle = true,
        GroupByLength = true,
        Seed = 5,
    };

    public List<TrainingStep> Steps { get; } = [];

    public List<TrainingEvaluation> Evaluations { get; } = [];

    public List<string> Notes { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>Pad every row to its batch's longest, as on a GPU: slower, with the same gradients.</summary>
    public bool PadsBatches { get; init; }

    /// <summary>Called after each step with its number, to disturb the run.</summary>
    public Action<int>? AfterStep { get; init; }

    /// <summary>Called before the first step, to put other values in place.</summary>
    public Action<TrainedParameters>? BeforeStart { get; init; }

    /// <summary>Rows of 4 to 40 tokens; the label says whether the second token is below 1,000.</summary>
    public static Example[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(row =>
        {
            int[] ids = [0, .. Enumerable.Range(0, random.Next(2, 39)).Select(_ => random.Next(5, 2000)), 2];
            return new Example(ids, ids[1] < 1000 ? 1 : 0, Row: row);
        })];
    }

    /// <summary>The golden classifier; with dropout, so that every source of randomness counts.</summary>
    public static SequenceClassifier Network(double dropout = 0.1)
    {
        ModelFiles files = ModelFiles.InFolder(Shared.Golden("tiny_classifier"));
        var network = new SequenceClassifier(
            EncoderConfig.Read(files) with { HiddenDropout = dropout, AttentionDropout = dropout, ClassifierDropout = dropout });
        using Checkpoint checkpoint = Checkpoint.Open(files);
        CheckpointLoading.Load(checkpoint, Pretrained.Destinations(network), network.Config.Architecture.Names);
        return network;
    }

    /// <summary>Trains a fresh network and gives all of its weights, one after the other.</summary>
    public float[] Fit(TrainingRecipe? recipe = null, RunSettings? settings = null, Example[]? train = null, Example[]? validation = null, double dropout = 0.1,
        CancellationToken? token = null)
    {
        using SequenceClassifier network = Network(dropout);
        History = Fit(network, recipe, settings, train, validation, token);
        return Weights(network);
    }

    public TrainingHistory? History { get; private set; }

    public TrainingHistory Fit(
        SequenceClassifier network, TrainingRecipe? recipe = null, RunSettings? settings = null, Example[]? train = null, Example[]? validation = null,
        CancellationToken? token = null) =>
        new TrainingLoop(new ClassificationTask(network, train ?? Rows(60), validation, CPU, (recipe ?? Recipe).LabelSmoothing, PadsBatches),
            recipe ?? Recipe, CPU, this, settings).Run(token ?? TestContext.Current.CancellationToken);

    public static float[] Weights(nn.Module network)
    {
        using var _ = no_grad();
        return [.. network.named_parameters().SelectMany((p) => p.parameter.data<float>().ToArray())];
    }

    public static Dictionary<string, float[]> ByName(nn.Module network)
    {
        using var _ = no_grad();
        return network.named_parameters().ToDictionary(p => p.name, p => p.parameter.data<float>().ToArray());
    }

    public void Started(TrainedParameters trained) => BeforeStart?.Invoke(trained);

    public void Stepped(TrainingStep step)
    {
        Steps.Add(step);
        AfterStep?.Invoke(step.Step);
    }

    public void Scored(int rows, int of)
    {
    }

    public void Evaluated(TrainingEvaluation evaluation, TimeSpan took) => Evaluations.Add(evaluation);

    public void Noted(FormattableString spanish, FormattableString english) => Notes.Add(FormattableString.Invariant(english));

    public void Warned(string message) => Warnings.Add(message);
}
