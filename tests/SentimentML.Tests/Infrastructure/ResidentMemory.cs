using System.Globalization;

namespace SentimentML.Tests.Infrastructure;

/// <summary>This process's memory, as Linux counts it.</summary>
internal static class ResidentMemory
{
    /// <summary>MB at most since <see cref="ForgetPeak"/>.</summary>
    public static double Peak => Megabytes("VmHWM");

    public static void ForgetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static double Megabytes(string what)
    {
        string line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith(what, StringComparison.Ordinal));
        return double.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
