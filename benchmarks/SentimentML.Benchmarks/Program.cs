using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using SentimentML.Benchmarks;

// --families [rounds]: every kind of encoder beside ONNX Runtime.
// --busy [rounds]: with another busy process on the machine, which is a part of --quick too.
// --cpu [rounds]: processor time of one worker beside ONNX Runtime with one thread; --cpu-own [rounds]: without ONNX Runtime.
// --start [rounds]: cold starts and peak memory beside ONNX Runtime's, which is a part of --quick too.
// --rows F.jsonl F.svg: draws what tests/few-rows.sh measured.
// --scale [F.svg]: simulates large scorings on clusters, for docs/scale.md.
// --quick [rounds] [--one-core] [--chart F.svg]: everything side by side in one process, as tables. Otherwise BenchmarkDotNet.
switch (args)
{
    case ["--quick", ..]:
        QuickRun.Run(QuickOptions.Parse(args.AsSpan(1)));
        break;
    case ["--busy", .. var rounds]:
        BusyRun.Run(rounds.Length == 0 ? 3 : int.Parse(rounds[0], CultureInfo.InvariantCulture));
        break;
    case ["--families", .. var rounds]:
        FamilyRun.Run(rounds.Length == 0 ? 3 : int.Parse(rounds[0], CultureInfo.InvariantCulture));
        break;
    case ["--cpu" or "--cpu-own", .. var rounds]:
        OneCoreRun.Run(rounds.Length == 0 ? 3 : int.Parse(rounds[0], CultureInfo.InvariantCulture), peers: args[0] == "--cpu");
        break;
    case ["--rows", var results, var chart]:
        RowsChart.Write(results, chart);
        break;
    case ["--scale", .. var chart]:
        ScaleRun.Run(chart.Length == 0 ? null : chart[0]);
        break;
    case ["--start", .. var rounds]:
        StartRun.Print(rounds.Length == 0 ? 5 : int.Parse(rounds[0], CultureInfo.InvariantCulture));
        break;
    case [StartRun.Command, var program, var precision, var folder]:
        StartRun.Give(program, Enum.Parse<SentimentML.InferencePrecision>(precision), folder);
        break;
    case [BusyNeighbour.Command, var seconds]:
        BusyNeighbour.Work(double.Parse(seconds, CultureInfo.InvariantCulture));
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(QuickRun).Assembly).Run(args, DefaultConfig.Instance
            .AddColumn(new RateColumn("reviews/s", work => Workload.Reviews), new RateColumn("tokens/s", work => work.Tokens), new BoundColumn()));
        break;
}
