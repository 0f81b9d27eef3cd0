using System.Text.Json;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Tokenization;
using SentimentML.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>Networks of every kind against transformers (golden/families), fed the goldens' ids.</summary>
public class FamilyTests
{
    private const double Exact = 1e-5, Tolerance = 1e-4;

    public static TheoryData<string> All => Families.Data;

    [Theory]
    [MemberData(nameof(All))]
    public void Logits_and_hidden_states_equal_the_reference(string family)
    {
        JsonElement golden = Families.Json(family, "forward.json");
        TokenRow[] rows = Families.Rows(golden.GetProperty("ids"));
        using SequenceClassifier network = Families.Classifier(family);
        Goldens.Near("logits of a padded batch", golden.GetProperty("logits_padded_batch").Rows(), Goldens.Logits(network, rows), Exact);
        Goldens.Near("logits of single rows", golden.GetProperty("logits_single").Rows(), [.. rows.Select(row => Goldens.Logits(network, [row])[0])], Exact);

        using var _ = no_grad();
        JsonElement[][] expected = [.. golden.GetProperty("hidden_states").EnumerateArray().Select(layer => layer.EnumerateArray().ToArray())];
        for (int row = 0; row < rows.Length; row++)
        {
            using DisposeScope scope = NewDisposeScope();
            using TokenBatch batch = TokenBatch.Padded([rows[row]], network.Config, CPU);
            var states = new List<Tensor> { network.Encoder.Embeddings.forward(batch) };
            foreach (EncoderLayer layer in network.Encoder.Layers)
                states.Add(layer.forward(states[^1], batch));
            if (network.Encoder.FinalNorm is { } norm)
                states[^1] = norm.forward(states[^1]);
            Assert.Equal(expected.Length, states.Count);
            for (int layer = 0; layer < expected.Length; layer++)
            {
                JsonElement state = expected[layer][row];
                Goldens.Near($"row {row}, layer {layer}, first token", state.GetProperty("first").Doubles(), Vector(states[layer], 0), Tolerance);
                Goldens.Near($"row {row}, layer {layer}, last token", state.GetProperty("last").Doubles(), Vector(states[layer], rows[row].Length - 1),
                    Tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_equal_the_reference_padded_and_packed(string family) => ReferenceGradients.CheckFamily(family);

    [Theory]
    [MemberData(nameof(All))]
    public void Masked_language_modelling_equals_the_reference(string family)
    {
        JsonElement golden = Families.Json(family, "mlm.json");
        TokenRow[] rows = [.. golden.GetProperty("ids").IdRows().Zip(golden.GetProperty("attention").EnumerateArray(),
            (row, attention) => new TokenRow(row.Ids[..attention.Ints().Sum()]))];
        EncoderConfig config = Families.Config(family, "mlm");
        using MaskedLanguageModel network = Families.LanguageModel(family);
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.Padded(rows, config, CPU);
        Tensor scores = network.forward(batch); // [rows, length, vocabulary]
        long[] labels = [.. golden.GetProperty("labels").EnumerateArray().SelectMany(row => row.Ints().Take((int)scores.shape[1]))
            .Select(label => (long)label)];
        Tensor loss = nn.functional.cross_entropy(scores.view(-1, scores.shape[2]), tensor(labels), ignore_index: -100);
        loss.backward();
        Goldens.NearRelative("loss", golden.GetProperty("loss").GetDouble(), loss.ToDouble(), Exact);
        double[] logSums = [.. scores[0].logsumexp(-1).data<float>().ToArray().Select(x => (double)x)];
        Goldens.Near("log of the sum of exponentials, row 0", golden.GetProperty("logsumexp_row0").Doubles()[..rows[0].Length], logSums, Tolerance);
        ReferenceGradients.Check(
            golden.GetProperty("gradients"), network, new() { [config.Architecture.Names.Decoder + ".weight"] = network.Encoder.Embeddings.Words.Weight });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_training_step_equals_the_reference(string family)
    {
        JsonElement golden = Families.Json(family, "training.json");
        int[] labels = golden.GetProperty("labels").Ints();
        Example[] train = [.. golden.GetProperty("ids").IdRows().Select((row, i) => new Example(row, labels[i]))];
        var recipe = new TrainingRecipe
        {
            Epochs = golden.GetProperty("epochs").GetInt32(),
            BatchSize = golden.GetProperty("batch_size").GetInt32(),
            LearningRate = golden.GetProperty("learning_rate").GetDouble(),
            WeightDecay = golden.GetProperty("weight_decay").GetDouble(),
            WarmupSteps = golden.GetProperty("warmup_steps").GetInt32(),
            GradientAccumulation = 1,
            MaxGradientNorm = golden.GetProperty("max_grad_norm").GetDouble(),
            LabelSmoothing = 0,
            Shuffle = false,
            Seed = 1,
        };
        using SequenceClassifier network = Families.Classifier(family);
        var run = new TinyRunSteps();
        new TrainingLoop(new ClassificationTask(network, train, null, CPU), recipe, CPU, run).Run(TestContext.Current.CancellationToken);
        JsonElement[] expected = [.. golden.GetProperty("steps").EnumerateArray()];
        Assert.Equal(expected.Length, run.Steps.Count);
        foreach ((JsonElement e, TrainingStep step) in expected.Zip(run.Steps))
        {
            Goldens.NearRelative($"step {step.Step}, loss", e.GetProperty("loss").GetDouble(), step.Loss, Tolerance);
            Goldens.NearRelative($"step {step.Step}, gradient norm", e.GetProperty("grad_norm").GetDouble(), step.GradientNorm, Tolerance);
            Goldens.NearRelative($"step {step.Step}, learning rate", e.GetProperty("learning_rate").GetDouble(), step.LearningRate, Tolerance, floor: 1e-12);
        }
        network.eval();
        Goldens.Near("final logits", golden.GetProperty("final_logits_first8").Rows(), Goldens.Logits(network, [.. train.Take(8).Select(row => row.Tokens)]),
            Tolerance);
    }

    [Fact]
    public void Rotary_positions_with_an_odd_head_size_are_rejected()
    {
        using var folder = new TemporaryFolder();
        folder.With("config.json", """{ "model_type": "modernbert", "vocab_size": 60000, "hidden_size": 12, "num_attention_heads": 4 }""");
        var e = Assert.Throws<ModelFileException>(() => EncoderConfig.Read(ModelFiles.InFolder(folder.Path)));
        Assert.Contains("expected an even number", e.Message, StringComparison.Ordinal);
    }

    private static double[] Vector(Tensor state, int token) => [.. state[0, token].contiguous().data<float>().ToArray().Select(x => (double)x)];

    private sealed class TinyRunSteps : ITrainingObserver
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
