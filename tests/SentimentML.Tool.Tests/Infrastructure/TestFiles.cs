namespace SentimentML.Tool.Tests.Infrastructure;

/// <summary>What the tests run on: a backbone of 100,000 parameters and the samples' reviews.</summary>
internal static class TestFiles
{
    public static string TinyBackbone { get; } = Path.Combine(AppContext.BaseDirectory, "golden", "tiny_mlm");

    public static string TinyClassifier { get; } = Path.Combine(AppContext.BaseDirectory, "golden", "tiny_classifier");

    public static string Train { get; } = Path.Combine(AppContext.BaseDirectory, "data", "train.jsonl");

    public static string Validation { get; } = Path.Combine(AppContext.BaseDirectory, "data", "validation.jsonl");

    /// <summary>The arguments that train the tiny backbone on a file in one epoch, into the folder "model".</summary>
    public static string[] TrainTiny(string file) => ["train", "--train", file, "--backbone", TinyBackbone, "--output", "model", "--epochs", "1"];

    /// <summary>The first lines of a file.</summary>
    public static string Head(string path, int lines) => string.Concat(File.ReadLines(path).Take(lines).Select(line => line + "\n"));
}
