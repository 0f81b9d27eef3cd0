using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using SentimentML.Benchmarks;

// --quick [rounds] [--one-core] [--chart F.svg]: everything side by side in one process, as tables. Otherwise BenchmarkDotNet.
switch (args)
{
    case ["--quick", ..]:
        QuickRun.Run(QuickOptions.Parse(args.AsSpan(1)));
        break;
    case [FirstAnswer.Command, var folder]:
        FirstAnswer.Give(folder);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(QuickRun).Assembly).Run(args, DefaultConfig.Instance
            .AddColumn(new RateColumn("reviews/s", work => Workload.Reviews), new RateColumn("tokens/s", work => work.Tokens), new BoundColumn()));
        break;
}
