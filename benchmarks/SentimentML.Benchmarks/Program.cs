using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using SentimentML.Benchmarks;

// --quick [rounds] [--one-core]: everything side by side in one process, as one table. Otherwise BenchmarkDotNet.
if (args is ["--quick", ..])
{
    string? rounds = args.Skip(1).FirstOrDefault(arg => arg != "--one-core");
    QuickRun.Run(rounds is null ? 3 : int.Parse(rounds, CultureInfo.InvariantCulture), args.Contains("--one-core"));
}
else
{
    BenchmarkSwitcher.FromAssembly(typeof(QuickRun).Assembly).Run(args, DefaultConfig.Instance
        .AddColumn(new RateColumn("reviews/s", work => Workload.Reviews), new RateColumn("tokens/s", work => work.Tokens), new BoundColumn()));
}
