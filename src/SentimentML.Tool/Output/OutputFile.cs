using SentimentML.Files;

namespace SentimentML.Tool.Output;

/// <summary>A file that the user named for results. It appears whole, when it is completed.</summary>
internal static class OutputFile
{
    /// <exception cref="SentimentMLException">The file cannot be written there.</exception>
    public static WholeFile Create(string path)
    {
        try
        {
            return new WholeFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"{Path.GetFullPath(path)} cannot be written: {e.Message} Check the folder, write permission and free space.", e);
        }
    }
}
