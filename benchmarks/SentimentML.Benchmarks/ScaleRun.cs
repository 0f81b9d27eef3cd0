using System.Globalization;
using System.Text;

namespace SentimentML.Benchmarks;

/// <summary>How long 100 million rows take on a cluster, by rows of a shard: what docs/scale.md shows.</summary>
internal static class ScaleRun
{
    private const long Rows = 100_000_000;
    private const int Seeds = 20;

    // tests/shard-costs.sh, beside other work on the machine: the ready model of SpanishSmall in int8, rows of 218 bytes.
    private const double RowsPerSecond = 96, StartSeconds = 2.3;

    private static readonly int[] ShardRows = [.. Enumerable.Range(10, 11).Select(power => 1 << power)];

    private static readonly ScaleCluster[] Clusters =
        [ScaleCluster.Steady(64), ScaleCluster.Preemptible(64), ScaleCluster.Steady(1024), ScaleCluster.Preemptible(1024)];

    /// <param name="chart">The SVG file to write; null for none.</param>
    public static void Run(string? chart)
    {
        Check();
        Console.WriteLine($"| rows of a shard | shards | minutes of a shard |{string.Concat(Clusters.Select(cluster => $" {cluster}: hours, efficiency |"))}");
        Console.WriteLine($"| --- | --- | --- |{string.Concat(Clusters.Select(_ => " --- |"))}");
        List<double>[] efficiencies = [.. Clusters.Select(_ => new List<double>())];
        foreach (int rows in ShardRows)
        {
            int tasks = (int)((Rows + rows - 1) / rows);
            var line = new StringBuilder().Append(CultureInfo.InvariantCulture, $"| {rows:N0} | {tasks:N0} | {rows / RowsPerSecond / 60:0.0} |");
            foreach ((ScaleCluster cluster, List<double> of) in Clusters.Zip(efficiencies))
            {
                double seconds = Enumerable.Range(0, Seeds).AsParallel().AsOrdered()
                    .Average(seed => new ScaleSimulation(cluster, tasks, StartSeconds, rows / RowsPerSecond, seed).Run());
                of.Add(Rows / RowsPerSecond / cluster.Cores / seconds); // every core computes rows all the time: 1
                line.Append(CultureInfo.InvariantCulture, $" {seconds / 3600:0.00}, {100 * of[^1]:0.0} % |");
            }
            Console.WriteLine(line);
        }
        if (chart is not null)
            ScaleChart.Write(chart, ShardRows, [.. Clusters.Zip(efficiencies, (cluster, of) => ($"{cluster}", (IReadOnlyList<double>)of))]);
    }

    /// <summary>Where it can be computed by hand, the simulation gives that: without failures and slow nodes, tasks go in rounds.</summary>
    private static void Check()
    {
        var cluster = new ScaleCluster("ideal", 64, double.PositiveInfinity, 0, 1);
        double simulated = new ScaleSimulation(cluster, 1000, StartSeconds, 60, seed: 0).Run();
        double byHand = Math.Ceiling(1000 / 64.0) * (cluster.SchedulerSeconds + StartSeconds + 60);
        if (Math.Abs(simulated - byHand) > 1e-6 * byHand)
            throw new InvalidOperationException($"1,000 tasks of a minute on 64 cores take {simulated} seconds, expected {byHand}.");
    }
}
