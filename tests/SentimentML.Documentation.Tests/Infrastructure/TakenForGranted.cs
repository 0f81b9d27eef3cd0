namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>
/// What the packages' own pages take for granted: they show a few lines, and their readers know an MLContext and their own data. Comments, as
/// the guides have them, would be shown as text by package registries.
/// </summary>
internal static class TakenForGranted
{
    public static string On(string page) => Path.GetFileName(Path.GetDirectoryName(page)) switch
    {
        "SentimentML" => "using Microsoft.ML;\nusing SentimentML;\n",
        "SentimentML.AspNetCore" => "using SentimentML;\nusing OpenTelemetry.Metrics;\nusing OpenTelemetry.Trace;\n",
        "SentimentML.Baselines" => """
            using Microsoft.ML;
            using SentimentML;
            IDataView train = null!, validation = null!;
            double[][] ngramLogits = [], transformerLogits = [], ngramLogitsOfNewRows = [], transformerLogitsOfNewRows = [];
            int[] labels = [];

            """,
        "SentimentML.Reporting" => "using SentimentML;\nstring[] texts = [];\nint[] labels = [];\ndouble[][] logits = [];\n",
        "SentimentML.SpanishMini" or "SentimentML.SpanishSmall" => "using Microsoft.ML;\nusing SentimentML;\n",
        "SentimentML.Onnx" => "using SentimentML;\n",
        _ => "",
    };

    /// <summary>What one block needs beside: objects that the block before it made.</summary>
    public static string Before(string code) =>
        (code.Contains("var ml", StringComparison.Ordinal) || !code.Contains("ml.", StringComparison.Ordinal)
            && !code.Contains("(ml,", StringComparison.Ordinal) ? "" : "var ml = new MLContext();\n")
        + (code.Contains("builder.", StringComparison.Ordinal) && !code.Contains("var builder", StringComparison.Ordinal)
            ? "var builder = WebApplication.CreateBuilder(args);\n" : "")
        + (code.Contains("app.", StringComparison.Ordinal) && !code.Contains("var app", StringComparison.Ordinal)
            ? "var app = WebApplication.CreateBuilder(args).Build();\n" : "");
}
