using System.Text;
using System.Text.Json.Nodes;

namespace SentimentML.GpuCheck;

/// <summary>The results as a table in Markdown.</summary>
internal static class ResultTable
{
    public static string Of(JsonArray results)
    {
        var table = new StringBuilder("| check | result | figures |\n| --- | --- | --- |\n");
        foreach (JsonObject result in results.OfType<JsonObject>())
        {
            IEnumerable<string> figures = result.Where(figure => figure.Key is not ("check" or "passed")).Select(figure => $"{figure.Key} {figure.Value}");
            table.Append($"| {result["check"]} | {((bool?)result["passed"] switch { true => "passed", false => "failed", null => "not run" })} | "
                + $"{string.Join(", ", figures).Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ")} |\n");
        }
        return table.ToString();
    }
}
