using System.Collections.Concurrent;
using SentimentML.Encoders;
using SentimentML.Evaluation;
using SentimentML.Torch;
using SentimentML.Training;
using static TorchSharp.torch;

namespace SentimentML.Tests.Training;

/// <summary>A batch's gradients by several threads.</summary>
public sealed class DataParallelTests : IDisposable
{
    private readonly SequenceClassifier _network = TinyRun.Network(0.1);

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData(2, null)]
    [InlineData(3, null)]
    [InlineData(2, 2)]
    public void The_gradients_of_the_parts_add_up_to_those_of_the_whole_batch(int threads, int? loraRank)
    {
        _network.eval();
        (float[] whole, int[][] one) = Gradients(1, Lengths(40), loraRank);
        (float[] parts, int[][] several) = Gradients(threads, Lengths(40), loraRank);
        Assert.Single(one);
        Assert.Equal(threads, several.Length);
        double distance = Math.Sqrt(whole.Zip(parts, (w, p) => (double)(w - p) * (w - p)).Sum()), norm = Math.Sqrt(whole.Sum(w => (double)w * w));
        Assert.True(distance < 1e-5 * norm, $"the gradients are {distance} apart, their norm is {norm}");
        Assert.True(norm > 0);
    }

    [Fact]
    public void Parts_have_like_numbers_of_tokens()
    {
        int[] lengths = [200, 8, 8, 60, 60, 60, 8, 8];
        (_, int[][] parts) = Gradients(2, lengths);
        Assert.Equal([204, 208], parts.Select(part => part.Sum(row => lengths[row])).Order());
    }

    [Theory]
    [InlineData(new[] { 20, 20, 20, 20 })] // few tokens
    [InlineData(new[] { 400, 20, 20, 20, 20, 20, 20 })] // one row has more tokens than all others
    public void A_batch_whose_parts_would_not_be_worth_it_stays_whole(int[] lengths) => Assert.Single(Gradients(2, lengths).Parts);

    [Fact]
    public void Dropout_is_another_in_each_part_and_step_and_the_same_in_a_repetition()
    {
        _network.train();
        float[] first = Gradients(2, Lengths(40)).Gradients, again = Gradients(2, Lengths(40)).Gradients;
        Assert.Equal(first, again);
        _network.eval();
        using var trained = new TrainedParameters(_network, TinyRun.Recipe);
        using var dropout = new DropoutSource(CPU);
        using var team = new ThreadTeam(2);
        var task = new RecordingTask(_network, Lengths(16), dropout);
        var parallel = new DataParallel(task, trained, dropout, team);
        for (int step = 0; step < 3; step++)
        {
            parallel.Begin(step);
            for (int piece = 0; piece < 2; piece++)
                parallel.Backward([.. Enumerable.Range(0, 16)], 32).Dispose();
        }
        Assert.Equal(12, task.Drawn.Count);
        Assert.Equal(12, task.Drawn.Distinct().Count());
    }

    [Fact]
    public void What_a_part_throws_reaches_the_caller_and_leaves_no_gradients()
    {
        using var trained = new TrainedParameters(_network, TinyRun.Recipe);
        using var dropout = new DropoutSource(CPU);
        using var team = new ThreadTeam(2);
        var task = new RecordingTask(_network, Lengths(40), dropout) { FailsAt = 3 };
        var parallel = new DataParallel(task, trained, dropout, team);
        parallel.Begin(1);
        Assert.Equal("row 3", Assert.Throws<InvalidDataException>(() => parallel.Backward([.. Enumerable.Range(0, 40)], 40)).Message);
        Assert.All(trained.All, parameter => Assert.Null(parameter.Parameter.grad));
    }

    private static int[] Lengths(int rows) => [.. Enumerable.Range(0, rows).Select(row => 10 + row * 7 % 41)];

    /// <returns>All gradients, one after the other, and the rows of each part.</returns>
    private (float[] Gradients, int[][] Parts) Gradients(int threads, int[] lengths, int? loraRank = null)
    {
        using var trained = new TrainedParameters(_network, TinyRun.Recipe with { LoraRank = loraRank });
        using var dropout = new DropoutSource(CPU);
        foreach (Dropout each in _network.modules().OfType<Dropout>())
            each.Source = dropout;
        using var team = new ThreadTeam(threads);
        var task = new RecordingTask(_network, lengths, dropout);
        var parallel = new DataParallel(task, trained, dropout, team);
        parallel.Begin(7);
        parallel.Backward([.. Enumerable.Range(0, lengths.Length)], lengths.Length).Dispose();
        return ([.. trained.All.SelectMany(each => each.Parameter.grad!.data<float>().ToArray())], [.. task.Parts]);
    }

    /// <summary>Made-up rows of given lengths; remembers what goes through the network together.</summary>
    private sealed class RecordingTask(SequenceClassifier network, int[] lengths, DropoutSource dropout) : ITrainingTask
    {
        private readonly ClassificationTask _task = new(network, Rows(lengths), null, CPU);

        public ConcurrentBag<int[]> Parts { get; } = [];

        /// <summary>The first of each part's random numbers.</summary>
        public ConcurrentBag<ulong> Drawn { get; } = [];

        public int? FailsAt { get; init; }

        public nn.Module Network => _task.Network;

        public IReadOnlyList<int> Lengths => _task.Lengths;

        public TrainedParameters Parameters(TrainingRecipe recipe) => _task.Parameters(recipe);

        public RunFingerprint Fingerprint(TrainingRecipe recipe) => _task.Fingerprint(recipe);

        public double Weight(int row) => _task.Weight(row);

        public long Number(int row) => _task.Number(row);

        public void ComputeIn(ScalarType? type) => _task.ComputeIn(type);

        public BatchLoss Loss(IReadOnlyList<int> rows, double groupWeight)
        {
            Parts.Add([.. rows]);
            Drawn.Add(dropout.NextSeed());
            if (FailsAt is { } row && rows.Contains(row))
                throw new InvalidDataException($"row {row}");
            return _task.Loss(rows, groupWeight);
        }

        public (ValidationMetrics Metrics, double[][] Logits)? Evaluate(
            ThreadTeam team, Action<int, int> scored, CancellationToken cancellationToken) => _task.Evaluate(team, scored, cancellationToken);

        private static Example[] Rows(int[] lengths)
        {
            var random = new Random(1);
            return [.. lengths.Select((length, row) =>
            {
                int[] ids = [0, .. Enumerable.Range(0, length - 2).Select(_ => random.Next(5, 2000)), 2];
                return new Example(ids, row % 2, Row: row);
            })];
        }
    }
}
