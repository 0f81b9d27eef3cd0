using SentimentML.Files;
using SentimentML.Predictions;

namespace SentimentML.Tool.Output;

/// <summary>Where JSON lines are written to.</summary>
internal static class JsonLinesOutput
{
    /// <summary>Writes lines to a file, which appears when all are written, or to standard output.</summary>
    public static void WriteAll(string? path, Action<JsonLines> rows)
    {
        if (path is null)
        {
            using Stream output = Console.OpenStandardOutput();
            WriteAll(output, rows);
            return;
        }
        using WholeFile file = OutputFile.Create(path);
        WriteAll(file.Stream, rows);
        file.Complete();
    }

    private static void WriteAll(Stream stream, Action<JsonLines> rows)
    {
        var lines = new JsonLines(stream);
        rows(lines);
        lines.Flush();
    }
}
