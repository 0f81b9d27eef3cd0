using System.Globalization;

namespace SentimentML.Benchmarks;

/// <summary>What <see cref="QuickRun"/> is asked for.</summary>
/// <param name="Rounds">How often everything is measured.</param>
/// <param name="OneCore">One thread each, in processor time.</param>
/// <param name="Chart">Where the rates are drawn; null for nowhere.</param>
internal sealed record QuickOptions(int Rounds, bool OneCore, string? Chart)
{
    public static QuickOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new QuickOptions(3, false, null);
        for (int at = 0; at < arguments.Length; at++)
        {
            options = arguments[at] switch
            {
                "--one-core" => options with { OneCore = true },
                "--chart" => options with { Chart = arguments[++at] },
                string rounds => options with { Rounds = int.Parse(rounds, CultureInfo.InvariantCulture) },
            };
        }
        return options;
    }
}
