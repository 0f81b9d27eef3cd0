using System.Security.Cryptography;
using System.Text;
using SentimentML.Files;

namespace SentimentML.Onnx;

/// <summary>Where graphs are kept that were written to be run here: a folder for each model, named by its content.</summary>
internal static class GraphCache
{
    /// <summary>Changes whenever another graph is written for the same model.</summary>
    private const string Format = "1";

    private static readonly string[] Extensions = [".json", ".txt", ".safetensors", ".bin"];

    /// <summary>The folder for the model at a path; it may not exist yet.</summary>
    /// <param name="modelPath">A folder or a zip.</param>
    /// <param name="network">The network's folder in a zip; null for a folder.</param>
    public static string FolderOf(string modelPath, string? network) => Path.Combine(CacheFolder.Open("onnx"), KeyOf(modelPath, network));

    private static string KeyOf(string modelPath, string? network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Format + network));
        try
        {
            foreach (string file in FilesOf(modelPath))
            {
                using FileStream content = File.OpenRead(file);
                hash.AppendData(Encoding.UTF8.GetBytes($"\0{Path.GetFileName(file)}\0"));
                hash.AppendData(SHA256.HashData(content));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException($"The model at {Path.GetFullPath(modelPath)} cannot be read: {e.Message} Expected a model folder, or a zip that ml.Model.Save wrote.", e);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private static IEnumerable<string> FilesOf(string modelPath) => Directory.Exists(modelPath)
        ? Directory.EnumerateFiles(modelPath).Where(file => Extensions.Contains(Path.GetExtension(file))).Order(StringComparer.Ordinal)
        : [modelPath];
}
