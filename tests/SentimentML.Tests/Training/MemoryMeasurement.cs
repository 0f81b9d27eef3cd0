using System.Globalization;
using SentimentML.Encoders;
using SentimentML.Training;

namespace SentimentML.Tests.Training;

/// <summary>
/// The memory that a step of a network of roberta-base's size takes beside the weights, their gradients and the optimizer's state, with all that the
/// gradients need kept and with layers computed again. One way a process; tests/training-memory.sh runs them.
/// </summary>
public sealed class MemoryMeasurement
{
    private const int Rows = 8;

    [Fact(Explicit = true)]
    public void Memory_of_a_step()
    {
        int tokens = int.Parse(Environment.GetEnvironmentVariable("TOKENS")!, CultureInfo.InvariantCulture);
        bool checkpointing = Environment.GetEnvironmentVariable("CHECKPOINTING") == "on", halves = Environment.GetEnvironmentVariable("PRECISION") == "bf16";
        using SequenceClassifier network = FormulaWeights.Base();
        double few = 0;
        var run = new TinyRun
        {
            AfterStep = step =>
            {
                if (step == 2) // both of few tokens: the second one's peak is what lasts, gradients and the optimizer's state too
                    few = ResidentMemory.Peak;
                ResidentMemory.ForgetPeak();
            },
        };
        Example[] rows = [.. Enumerable.Repeat(Row(8), 2 * Rows), .. Enumerable.Repeat(Row(tokens), 2 * Rows)];
        run.Fit(network, TinyRun.Recipe with
        {
            Epochs = 1, BatchSize = Rows, Shuffle = false, GroupByLength = false, Precision = halves ? TrainingPrecision.BFloat16 : TrainingPrecision.Float32,
        }, new RunSettings { GradientCheckpointing = checkpointing }, rows);
        double peak = ResidentMemory.Peak, seconds = run.Steps.Skip(2).Min(step => step.Took.TotalSeconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"memory: {(halves ? "bfloat16" : "float32")}, {Rows} rows of {tokens} tokens, layers {(checkpointing ? "computed again" : "kept")}: peak "
            + $"{peak:N0} MB, {few:N0} MB with rows of 8 tokens, {(peak - few) / Rows:N0} MB a row; {seconds:0.0} s a step"));
    }

    private static Example Row(int tokens) => new(new[] { 0 }.Concat(Enumerable.Range(5, tokens - 2)).Append(2).ToArray(), 1);
}
