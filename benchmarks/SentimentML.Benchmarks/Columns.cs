using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace SentimentML.Benchmarks;

/// <summary>A benchmark that goes over the whole workload once an operation: it gets the columns of rates.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WholeWorkloadAttribute : Attribute
{
    /// <summary>Work without a network.</summary>
    public WholeWorkloadAttribute()
    {
    }

    /// <param name="precision">The network's.</param>
    public WholeWorkloadAttribute(InferencePrecision precision) => Precision = precision;

    /// <summary>Whose matmul bound it is held against; null for none.</summary>
    public InferencePrecision? Precision { get; }
}

/// <summary>The workload's reviews or tokens in a second.</summary>
internal sealed class RateColumn(string name, Func<Workload, double> count) : WorkloadColumn(name)
{
    protected override string Value(double seconds, InferencePrecision? precision) =>
        (count(Workload.Instance) / seconds).ToString("0.0", CultureInfo.InvariantCulture);
}

/// <summary>The linear layers' operations in a second, as a share of what the matrix kernels give by themselves on this machine.</summary>
internal sealed class BoundColumn() : WorkloadColumn("of the matmul bound")
{
    private static readonly Dictionary<InferencePrecision, double> Bounds = [];

    protected override string Value(double seconds, InferencePrecision? of)
    {
        if (of is not { } precision)
            return "-";
        if (!Bounds.TryGetValue(precision, out double bound))
        {
            using var matmul = new MatmulBound();
            Bounds[precision] = bound = matmul.Measure(precision, action =>
            {
                long start = Stopwatch.GetTimestamp();
                action();
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            });
        }
        return (Workload.Instance.Operations / seconds / bound).ToString("0 %", CultureInfo.InvariantCulture);
    }
}

/// <summary>A column of benchmarks that carry <see cref="WholeWorkloadAttribute"/>.</summary>
internal abstract class WorkloadColumn(string name) : IColumn
{
    public string Id => name;
    public string ColumnName => name;
    public bool AlwaysShow => false;
    public ColumnCategory Category => ColumnCategory.Custom;
    public int PriorityInCategory => 0;
    public bool IsNumeric => true;
    public UnitType UnitType => UnitType.Dimensionless;
    public string Legend => name;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(each => Attribute(each) is not null);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        Attribute(benchmarkCase) is { } attribute && summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? Value(statistics.Mean / 1e9, attribute.Precision) : "-";

    protected abstract string Value(double seconds, InferencePrecision? precision);

    private static WholeWorkloadAttribute? Attribute(BenchmarkCase each) =>
        (WholeWorkloadAttribute?)System.Attribute.GetCustomAttribute(each.Descriptor.WorkloadMethod, typeof(WholeWorkloadAttribute));
}
