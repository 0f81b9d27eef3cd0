using System.Text.Json;
using SentimentML.Encoders;
using SentimentML.Tokenization;
using SentimentML.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Tests.Training;

/// <summary>LoRA against peft (golden/tiny_lora.json): the start, every step, the end, and the end merged.</summary>
public class LoraGoldenTests
{
    private const double Tolerance = 1e-4;

    [Fact]
    public void Every_step_equals_the_reference()
    {
        JsonElement golden = Goldens.Json("tiny_lora.json");
        TokenRow[] ids = [.. Goldens.Json("tiny_forward.json").GetProperty("ids").IdRows().Take(8)];
        Example[] train = [.. Goldens.Json("tiny_training.json").GetProperty("rows").EnumerateArray().Take(48)
            .Select(row => new Example(row.GetProperty("ids").Ints(), row.GetProperty("label").GetInt32()))];
        using SequenceClassifier network = Goldens.Classifier("tiny_classifier");
        JsonElement[] expected = [.. golden.GetProperty("steps").EnumerateArray()];
        var run = new TinyRun
        {
            BeforeStart = trained => PutStart(golden, trained, network, ids),
            AfterStep = step =>
            {
                if (step == expected.Length)
                    NearLogits("logits after", golden, "logits_after", network, ids);
            },
        };
        run.Fit(network, Recipe(golden), train: train);

        Assert.Equal(expected.Length, run.Steps.Count);
        foreach ((JsonElement e, TrainingStep step) in expected.Zip(run.Steps))
        {
            Goldens.NearRelative($"step {step.Step}, loss", e.GetProperty("loss").GetDouble(), step.Loss, Tolerance);
            Goldens.NearRelative($"step {step.Step}, gradient norm", e.GetProperty("grad_norm").GetDouble(), step.GradientNorm, Tolerance);
            Goldens.NearRelative($"step {step.Step}, learning rate", e.GetProperty("learning_rate").GetDouble(), step.LearningRate, Tolerance, floor: 1e-12);
        }
        NearLogits("logits after merging", golden, "logits_after_merging", network, ids);
        Assert.All(network.modules().OfType<SentimentML.Encoders.Linear>(), linear => Assert.Null(linear.Adapter));
    }

    [Fact]
    public void Nothing_is_added_at_the_start_and_only_thin_matrices_and_the_head_are_trained()
    {
        using SequenceClassifier network = TinyRun.Network(0);
        Dictionary<string, float[]> before = TinyRun.ByName(network);
        TrainingRecipe recipe = TinyRun.Recipe with { LoraRank = 2, LoraAlpha = 4, EvaluationSteps = 100, Epochs = 1 };
        var run = new TinyRun();
        run.Fit(network, recipe, validation: TinyRun.Rows(20, 2));
        var plain = new TinyRun();
        plain.Fit(TinyRun.Recipe with { Epochs = 1, EvaluationSteps = 100 }, validation: TinyRun.Rows(20, 2), dropout: 0);
        Assert.Equal(plain.Evaluations[0], run.Evaluations[0]);
        Dictionary<string, float[]> after = TinyRun.ByName(network);
        Assert.Equal(before.Keys, after.Keys);
        foreach (string name in before.Keys)
        {
            bool trained = name.StartsWith("classifier", StringComparison.Ordinal) || name.EndsWith("query.weight", StringComparison.Ordinal)
                || name.EndsWith("value.weight", StringComparison.Ordinal);
            Assert.True(trained != before[name].SequenceEqual(after[name]), $"{name} {(trained ? "stayed" : "moved")}");
        }
    }

    private static TrainingRecipe Recipe(JsonElement golden) => TinyRun.Recipe with
    {
        Epochs = 2,
        BatchSize = 16,
        LearningRate = 2e-3,
        WarmupSteps = 0,
        WeightDecay = 0,
        Shuffle = false,
        LoraRank = golden.GetProperty("r").GetInt32(),
        LoraAlpha = golden.GetProperty("alpha").GetDouble(),
    };

    private static void PutStart(JsonElement golden, TrainedParameters trained, SequenceClassifier network, TokenRow[] ids)
    {
        Dictionary<string, JsonElement> start = golden.GetProperty("start").EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        (string Name, Parameter Parameter)[] adapters = [.. trained.Named.Where(p => p.Name.Contains("lora", StringComparison.Ordinal))];
        Assert.Equal(start.Keys.Order(StringComparer.Ordinal), adapters.Select(p => p.Name).Order(StringComparer.Ordinal));
        using (no_grad())
        {
            foreach ((string name, Parameter parameter) in adapters)
                parameter.copy_(tensor(start[name].GetProperty("values").Doubles().Select(x => (float)x).ToArray(), parameter.shape));
        }
        network.eval();
        NearLogits("logits at the start", golden, "logits_first8_of_tiny_forward_at_start", network, ids);
    }

    private static void NearLogits(string what, JsonElement golden, string name, SequenceClassifier network, TokenRow[] ids)
    {
        network.eval();
        Goldens.Near(what, golden.GetProperty(name).Rows(), Goldens.Logits(network, ids), Tolerance);
    }
}
