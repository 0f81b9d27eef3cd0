namespace SentimentML.Reviews;

/// <summary>Rows that sum a table up, below it: what stands in them in place of a text.</summary>
internal static class SummaryRow
{
    private const int MaxLength = 40; // others are texts, and not looked up

    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "total", "totales", "totals", "total general", "grand total", "grand totals", "subtotal", "suma", "sumatoria", "sum", "media", "media total",
        "nota media", "promedio", "promedio general", "mediana", "mean", "average", "avg", "median", "desviación", "std", "count", "recuento",
    };

    public static bool IsCalled(string text) => text.Length <= MaxLength && Words.Contains(text.Trim().TrimEnd(':').TrimEnd());
}
