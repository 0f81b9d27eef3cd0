namespace SentimentML.Documentation.Tests.Infrastructure;

/// <summary>Expectations that show all that was found, each on a line of its own.</summary>
internal static class Expect
{
    public static void None(IEnumerable<string> faults)
    {
        string[] found = [.. faults];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }
}
