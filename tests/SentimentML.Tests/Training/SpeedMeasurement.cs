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
        for (int round = 0; round <= rounds; round++) // the first one warms up
        {
            double single = MatrixProducts(ScalarType.Float32), half = MatrixProducts(ScalarType.BFloat16);
            Console.WriteLine($"round {round}: matrix products {single / 1e9:0} GFLOP/s float32, {half / 1e9:0} bfloat16");
            foreach ((string name, TrainingRecipe recipe, bool padded) in kinds)
            {
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
                processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
                double seconds = run.Steps.Skip(1).Sum(step => step.Took.TotalSeconds);
                double tokens = rows.Skip(16).Sum(row => row.Tokens.Length);
                double counted = tokens / all.Average(row => row.Tokens.Length); // rows of the mean length: the samples differ
                double multiplications = 6.0 * 85_054_464 * tokens; // forward and backward, linear layers alone
                Console.WriteLine($"round {round}: {name}: {counted / seconds:0.00} rows/s, {counted / processor.TotalSeconds:0.00} rows per second of processor time, {multiplications / seconds / (recipe.BFloat16 ? half : single):P0} of the bound by matrix products without padding");
            }
        }
    }

    /// <summary>Every so many batches of an epoch, as the loop would form them; the first one is for warming up.</summary>
    private static Example[] Sample(Example[] all, TrainingRecipe recipe, int epoch)
    {
        int[][][] steps = EpochPlan.Steps(recipe, [.. all.Select(row => row.Tokens.Length)], epoch);
        int[][] sample = [.. steps.Skip(7).Where((_, i) => i % 16 == 0).Take(Batches + 1).Select(step => step[0])];
        return [.. sample.SelectMany(batch => batch).Select(row => all[row])];
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
        for (int i = 0; i < 12; i++)
        {
            long started = Stopwatch.GetTimestamp();
            using Tensor y = nn.functional.linear(x, w);
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return 2.0 * 512 * 768 * 3072 / best;
    }
}
