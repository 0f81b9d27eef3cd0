using System.Diagnostics;
using SentimentML.Encoders;
using SentimentML.Files;
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
        using SequenceClassifier network = FormulaWeights.Base();
        Example[] all = Reviews(2000);
        TrainingRecipe random = TinyRun.Recipe with { Epochs = 1, BatchSize = 16, LearningRate = 2e-5, GroupByLength = false };
        Kind[] kinds =
        [
            new("float32, random batches padded", random, Padded: true),
            new("float32, random batches", random, Padded: false),
            new("bfloat16, random batches padded", random with { Precision = TrainingPrecision.BFloat16 }, Padded: true),
            new("bfloat16, random batches", random with { Precision = TrainingPrecision.BFloat16 }, Padded: false),
            new("bfloat16, batches of like length", random with { Precision = TrainingPrecision.BFloat16, GroupByLength = true }, Padded: false),
        ];
        double single = 0, half = 0; // matrix products in float32 and in bfloat16, operations a second, the best that was seen
        for (int round = 0; round <= rounds; round++)
        {
            (single, half) = (Math.Max(single, MatrixProducts(ScalarType.Float32)), Math.Max(half, MatrixProducts(ScalarType.BFloat16)));
            foreach (Kind kind in kinds)
            {
                if (round == 1) // the first one warms up, where others follow
                    kind.Forget();
                kind.Measure(network, Sample(all, kind.Recipe, round));
                Console.WriteLine($"round {round}: {kind.Name}: {kind.Tokens / kind.Seconds:0} tokens/s up to here");
            }
        }
        double mean = all.Average(row => row.Tokens.Length);
        Console.WriteLine($"matrix products: {single / 1e9:0} GFLOP/s float32, {half / 1e9:0} bfloat16; rows of {mean:0.0} tokens, the mean length:");
        Kind first = kinds[0];
        foreach (Kind kind in kinds)
        {
            const double multiplications = 6.0 * 85_054_464; // for a token, forward and backward, linear layers alone
            double speed = kind.Tokens / kind.Seconds, ofProcessor = kind.Tokens / kind.ProcessorSeconds;
            double bound = kind.Recipe.BFloat16 ? half : single;
            Console.WriteLine($"{kind.Name}: {speed / mean:0.00} rows/s, {speed * first.Seconds / first.Tokens:0.00} x the first; per second of processor "
                + $"time {ofProcessor / mean:0.00}, {ofProcessor * first.ProcessorSeconds / first.Tokens:0.00} x; "
                + $"{multiplications * kind.WithPadding / kind.Seconds / bound:P0} of the bound by matrix products, {multiplications * speed / bound:P0} "
                + "where padding counts for nothing");
        }
    }

    /// <summary>A way to train, and what its steps have taken so far.</summary>
    private sealed record Kind(string Name, TrainingRecipe Recipe, bool Padded)
    {
        public double Seconds { get; private set; }

        public double ProcessorSeconds { get; private set; }

        public double Tokens { get; private set; }

        /// <summary>The tokens, with what the rows were filled up with.</summary>
        public double WithPadding { get; private set; }

        public void Forget() => Seconds = ProcessorSeconds = Tokens = WithPadding = 0;

        /// <summary>Trains on these rows in their order; the first batch warms up.</summary>
        public void Measure(SequenceClassifier network, Example[] rows)
        {
            TimeSpan processor = default;
            var run = new TinyRun
            {
                PadsBatches = Padded,
                AfterStep = step =>
                {
                    if (step is 1)
                        processor = Process.GetCurrentProcess().TotalProcessorTime;
                },
            };
            run.Fit(network, Recipe with { Shuffle = false }, train: rows);
            ProcessorSeconds += (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds;
            Seconds += run.Steps.Skip(1).Sum(step => step.Took.TotalSeconds);
            foreach (Example[] batch in rows.Chunk(Recipe.BatchSize).Skip(1))
            {
                double tokens = batch.Sum(row => row.Tokens.Length);
                Tokens += tokens;
                WithPadding += Padded ? batch.Length * batch.Max(row => row.Tokens.Length) : tokens;
            }
        }
    }

    /// <summary>
    /// A few of an epoch's batches that stand for all: sorted by their longest row, the middle of every so many, because
    /// padding differs much from batch to batch. One more comes first, to warm up.
    /// </summary>
    private static Example[] Sample(Example[] all, TrainingRecipe recipe, int epoch)
    {
        int[][] batches = [.. EpochPlan.Steps(recipe, [.. all.Select(row => row.Tokens.Length)], epoch).Select(step => step[0])
            .OrderBy(batch => batch.Max(row => all[row].Tokens.Length))];
        IEnumerable<int[]> sample = Enumerable.Range(0, Batches).Select(part => batches[(2 * part + 1) * batches.Length / (2 * Batches)]);
        return [.. sample.Prepend(batches[batches.Length / 2]).SelectMany(batch => batch).Select(row => all[row])];
    }

    private static Example[] Reviews(int count)
    {
        PretrainedTokenizer tokenizer = PretrainedTokenizer.Load(ModelFiles.InFolder(Shared.Path("tokenizers", "bne")));
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
