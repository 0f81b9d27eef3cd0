namespace SentimentML.Tool.Output;

/// <summary>What readers of data files want known and what stops nothing: on standard error, each once, however often a file is opened.</summary>
internal static class Warnings
{
    private static readonly HashSet<string> Written = new(StringComparer.Ordinal);

    public static void Write(string message)
    {
        lock (Written)
        {
            if (Written.Add(message))
                Console.Error.WriteLine(message);
        }
    }
}
