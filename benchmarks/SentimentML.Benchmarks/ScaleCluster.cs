using System.Globalization;

namespace SentimentML.Benchmarks;

/// <summary>What is assumed of a cluster.</summary>
/// <param name="Name">How it is called.</param>
/// <param name="Cores">Cores, each of which does one task at a time.</param>
/// <param name="HoursBetweenFailures">The mean time between two failures of a node; infinity for none.</param>
/// <param name="SlowShare">The share of nodes that are slow.</param>
/// <param name="SlowFactor">How many times longer a task takes there.</param>
internal sealed record ScaleCluster(string Name, int Cores, double HoursBetweenFailures, double SlowShare, double SlowFactor)
{
    public const int CoresOfNode = 16;

    /// <summary>Seconds from a core's becoming free to the begin of its next task.</summary>
    public double SchedulerSeconds => 2;

    /// <summary>Seconds until a lost task is in the queue again; Slurm's default.</summary>
    public double RequeueSeconds => 120;

    /// <summary>Seconds until a node that failed works again.</summary>
    public double DownSeconds => 600;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Cores:N0} cores, {Name}");

    /// <summary>Machines of one's own: a node fails once in 42 days, one in fifty is half as fast.</summary>
    public static ScaleCluster Steady(int cores) => new("steady", cores, 1000, 0.02, 2);

    /// <summary>Machines that are taken away when others pay more: a node fails twice a day, one in ten is half as fast.</summary>
    public static ScaleCluster Preemptible(int cores) => new("preemptible", cores, 12, 0.1, 2);
}
