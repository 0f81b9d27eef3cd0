using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Files;

namespace SentimentML.Tests.Backbones.Checkpoints;

/// <summary>A folder of its own for one test, filled with checkpoints made by hand.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sentimentml-checkpoint-").FullName;

    public ModelFiles Files => ModelFiles.InFolder(Path);

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public CheckpointFolder With(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return this;
    }

    /// <summary>A safetensors file with this header, as it is, and so many zero bytes of data.</summary>
    public CheckpointFolder WithSafetensors(string header, int dataLength, string name = Checkpoint.Safetensors) =>
        With(name, Safetensors(Encoding.UTF8.GetBytes(header), new byte[dataLength]));

    /// <summary>An archive as torch.save writes it.</summary>
    public CheckpointFolder WithTorchZip(byte[] pickle, params (string Name, byte[] Content)[] others) =>
        With(Checkpoint.PyTorch, Zip([("data.pkl", pickle), .. others]));

    public SentimentMLException OpenFails() => Assert.Throws<ModelFileException>(() => Checkpoint.Open(Files).Dispose());

    public static byte[] Safetensors(byte[] header, byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    public static byte[] Zip(IEnumerable<(string Name, byte[] Content)> entries, CompressionLevel level = CompressionLevel.NoCompression)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = zip.CreateEntry("any name/" + name, level).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
