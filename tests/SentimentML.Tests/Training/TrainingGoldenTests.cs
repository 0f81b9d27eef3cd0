using System.Text.Json;
using SentimentML.Encoders;
using SentimentML.Training;
using static TorchSharp.torch;

namespace SentimentML.Tests.Training;

/// <summary>The loop against transformers' Trainer, step by step (golden/tiny_training*.json).</summary>
public class TrainingGoldenTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("tiny_training.json")]
    [InlineData("tiny_training_label_smoothing.json")]
    [InlineData("tiny_training_warmup_accumulate.json")]
    public void Every_step_equals_the_reference(string file)
    {
        JsonElement golden = Goldens.Json(file);
        JsonElement rows = (file == "tiny_training.json" ? golden : Goldens.Json("tiny_training.json")).GetProperty("rows");
        Example[] train = [.. rows.EnumerateArray().Select(row => new Example(row.GetProperty("ids").Ints(), row.GetProperty("label").GetInt32()))];
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        var steps = new StepRecorder();
        new TrainingLoop(new ClassificationTask(network, train, null, CPU, Recipe(golden).LabelSmoothing), Recipe(golden), CPU, steps)
            .Run(TestContext.Current.CancellationToken);

        JsonElement[] expected = [.. golden.GetProperty("steps").EnumerateArray().Where(step => step.TryGetProperty("loss", out _))];
        Assert.Equal(expected.Length, steps.Steps.Count);
        for (int i = 0; i < expected.Length; i++)
        {
            TrainingStep step = steps.Steps[i];
            Goldens.NearRelative($"step {step.Step}, loss", expected[i].GetProperty("loss").GetDouble(), step.Loss, Tolerance);
            Goldens.NearRelative($"step {step.Step}, gradient norm", expected[i].GetProperty("grad_norm").GetDouble(), step.GradientNorm, Tolerance);
            Goldens.NearRelative($"step {step.Step}, learning rate", expected[i].GetProperty("learning_rate").GetDouble(), step.LearningRate, Tolerance,
                floor: 1e-12);
        }
        Goldens.Near("final logits", golden.GetProperty("final_logits_first8").Rows(), Goldens.Logits(network, [.. train.Take(8).Select(row => row.Tokens)]),
            Tolerance);
    }

    private static TrainingRecipe Recipe(JsonElement golden)
    {
        double Number(string name, double byDefault) => golden.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : byDefault;
        return new TrainingRecipe
        {
            Epochs = (int)Number("epochs", 0),
            BatchSize = (int)Number("batch_size", Number("micro_batch", 0)),
            LearningRate = Number("learning_rate", 0),
            WeightDecay = Number("weight_decay", 0),
            WarmupSteps = (int)Number("warmup_steps", 0),
            GradientAccumulation = (int)Number("gradient_accumulation_steps", 1),
            MaxGradientNorm = Number("max_grad_norm", 1),
            LabelSmoothing = Number("label_smoothing", 0),
            Shuffle = false,
            Seed = 42,
        };
    }

    private sealed class StepRecorder : ITrainingObserver
    {
        public List<TrainingStep> Steps { get; } = [];

        public void Stepped(TrainingStep step) => Steps.Add(step);

        public void Scored(int rows, int of)
        {
        }

        public void Evaluated(TrainingEvaluation evaluation, TimeSpan took)
        {
        }
    }
}
