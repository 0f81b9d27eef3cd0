using BenchmarkDotNet.Running;
using SentimentML.Benchmarks;

if (args is ["--quick", ..])
    QuickRun.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 3);
else
    BenchmarkSwitcher.FromAssembly(typeof(QuickRun).Assembly).Run(args);
