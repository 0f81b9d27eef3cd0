using System.Security.Cryptography;
using System.Text;
using SentimentML.Files;

namespace SentimentML.Onnx;

/// <summary>Where graphs are kept that were written to be run here: a folder for each model, named by its content.</summary>
internal static class GraphCache
{
    /// <summary>Changes whenever another graph is written for the same model.</summary>
    private const string Format = "1";

    private const int PieceLength = 1 << 24;

    private static readonly string[] Extensions = [".json", ".txt", ".safetensors", ".bin"];

    /// <summary>The folder for a model; it may not exist yet.</summary>
    public static string FolderOf(SavedModel model) => Path.Combine(CacheFolder.Open("onnx"), KeyOf(model));

    private static string KeyOf(SavedModel model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Format + model.Network));
        foreach ((string name, MappedFile file) in FilesOf(model))
        {
            using (file)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"\0{name}\0"));
                hash.AppendData(DigestOf(file));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    private static IEnumerable<(string Name, MappedFile File)> FilesOf(SavedModel model) => model.IsZip
        ? [(Path.GetFileName(model.Location), MappedFile.Open(model.Location))]
        : model.Files.Names.Where(name => Extensions.Contains(Path.GetExtension(name))).Select(name => (name, model.Files.Map(name)));

    private static byte[] DigestOf(MappedFile file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long offset = 0; offset < file.Length; offset += PieceLength)
            hash.AppendData(file.Span(offset, Math.Min(PieceLength, file.Length - offset)));
        return hash.GetHashAndReset();
    }
}
