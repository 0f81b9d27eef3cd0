using System.Diagnostics;
using SentimentML.Backbones;
using SentimentML.Roberta;
using SentimentML.Tests.Infrastructure;
using SentimentML.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Training;

/// <summary>
/// How fast a network of roberta-base's size is trained on real reviews (rows of their mean length), in interleaved rounds of one process, beside the
/// bound of plain matrix products. On a busy machine the processor time, which others' work does not lengthen, says more
/// than the clock. Minutes of work: tests/training-speed.sh runs it.
/// </summary>
public sealed class SpeedMeasurement
{
    private static readonly int Batches = int.Parse(Environment.GetEnvironmentVariable("BATCHES") ?? "4", System.Globalization.CultureInfo.InvariantCulture);

    [Fact(Explicit = true)]
    public void Rows_a_second_by_precision_and_batches()
    {
        int rounds = int.Parse(Environment.GetEnvironmentVariable("ROUNDS") ?? "2", System.Globalization.CultureInfo.InvariantCulture);
        using RobertaForSequenceClassification network = FormulaWeights.Base();
        Example[] all = Reviews(2000);
        TrainingRecipe random = TinyRun.Recipe with { Epochs = 1, BatchSize = 16, LearningRate = 2e-5, GroupByLength = false };
        (string Name, TrainingRecipe Recipe, bool Padded)[] kinds =
        [
            ("float32, random batches padded", random, true),
            ("float32, random batches", random, false),
            ("bfloat16, random batches padded", random with { BFloat16 = true }, true),
            ("bfloat16, random batches", random with { BFloat16 = true }, false),
            ("bfloat16, batches of like length", random with { BFloat16 = true, GroupByLength = true }, false),
        ];
        double[] seconds = new double[kinds.Length], processorSeconds = new double[kinds.Length], tokens = new double[kinds.Length], withPadding = new double[kinds.Length];
        double[] bounds = new double[2]; // operations a second in float32 and in bfloat16, the best that was seen
        for (int round = 0; round <= rounds; round++) // the first one warms up, where others follow
        {
            if (round == 1)
                Array.ForEach([seconds, processorSeconds, tokens, withPadding], Array.Clear);
            bounds = [Math.Max(bounds[0], MatrixProducts(ScalarType.Float32)), Math.Max(bounds[1], MatrixProducts(ScalarType.BFloat16))];
            for (int kind = 0; kind < kinds.Length; kind++)
            {
                (string name, TrainingRecipe recipe, bool padded) = kinds[kind];
                Example[] rows = Sample(all, recipe, round);
                TimeSpan processor = default;
                var run = new TinyRun
                {
                    AfterStep = step =>
                    {
                        if (step is 1)
                            processor = Process.GetCurrentProcess().TotalProcessorTime;
                    },
                };
                run.Fit(network, recipe with { Shuffle = false }, new RunSettings { PadsBatches = padded }, rows);
                processorSeconds[kind] += (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds;
                seconds[kind] += run.Steps.Skip(1).Sum(step => step.Took.TotalSeconds);
                tokens[kind] += rows.Skip(16).Sum(row => row.Tokens.Length);
                withPadding[kind] += rows.Skip(16).Chunk(16).Sum(batch => padded ? 16 * batch.Max(row => row.Tokens.Length) : batch.Sum(row => row.Tokens.Length));
                Console.WriteLine($"round {round}: {name}: {Speed(kind, seconds):0.00} rows/s up to here");
            }
        }
        Console.WriteLine($"matrix products: {bounds[0] / 1e9:0} GFLOP/s float32, {bounds[1] / 1e9:0} bfloat16");
        for (int kind = 0; kind < kinds.Length; kind++)
        {
            const double multiplications = 6.0 * 85_054_464; // for a token, forward and backward, linear layers alone
            double Share(double[] computed) => multiplications * computed[kind] / seconds[kind] / bounds[kinds[kind].Recipe.BFloat16 ? 1 : 0];
            Console.WriteLine($"{kinds[kind].Name}: {Speed(kind, seconds):0.00} rows/s, {Speed(kind, seconds) / Speed(0, seconds):0.00} x the first; per second of processor time {Speed(kind, processorSeconds):0.00}, {Speed(kind, processorSeconds) / Speed(0, processorSeconds):0.00} x; {Share(withPadding):P0} of the bound by matrix products, {Share(tokens):P0} where padding counts for nothing");
        }

        double Speed(int kind, double[] time) => tokens[kind] / all.Average(row => row.Tokens.Length) / time[kind]; // rows of the mean length: the samples differ
    }

    /// <summary>
    /// A few of an epoch's batches that stand for all: sorted by their longest row, the middle of every so many, because
    /// padding differs much from batch to batch. One more comes first, to warm up.
    /// </summary>
    private static Example[] Sample(Example[] all, TrainingRecipe recipe, int epoch)
    {
        int[][] batches = [.. EpochPlan.Steps(recipe, [.. all.Select(row => row.Tokens.Length)], epoch).Select(step => step[0]).OrderBy(batch => batch.Max(row => all[row].Tokens.Length))];
        IEnumerable<int[]> sample = Enumerable.Range(0, Batches).Select(part => batches[(2 * part + 1) * batches.Length / (2 * Batches)]);
        return [.. sample.Prepend(batches[batches.Length / 2]).SelectMany(batch => batch).Select(row => all[row])];
    }

    private static Example[] Reviews(int count)
    {
        RobertaTokenizer tokenizer = RobertaTokenizer.Load(ModelFiles.InFolder(Shared.Path("tokenizers", "bne")));
        return [.. RealReviews.Texts("dataset_es_dev.json.gz").Take(count).Select((text, i) => new Example(tokenizer.EncodeToIds(text, null, 512), i % 2))];
    }

    /// <summary>Operations a second of the largest product of the network, 512 tokens.</summary>
    private static double MatrixProducts(ScalarType type)
    {
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn(512, 768).to(type), w = randn(3072, 768).to(type);
        double best = double.MaxValue;
        for (int i = 0; i < 50; i++)
        {
            long started = Stopwatch.GetTimestamp();
            using Tensor y = nn.functional.linear(x, w);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return 2.0 * 512 * 768 * 3072 / best;
    }
}
