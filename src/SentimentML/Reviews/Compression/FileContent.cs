using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;

namespace SentimentML.Reviews;

/// <summary>A file's content, unpacked where it is compressed, whatever its name says of that.</summary>
internal sealed class FileContent : IDisposable
{
    // A compressed file in a zip archive; more layers are not made by accident.
    private const int MaxLayers = 2;

    private static readonly (string Extension, FileKind Kind)[] Extensions =
    [
        (".gz", FileKind.Gzip), (".bz2", FileKind.Bzip2), (".xz", FileKind.Xz), (".zst", FileKind.Zstandard), (".zip", FileKind.Zip),
    ];

    private readonly string _path;

    private FileContent(FileStream file, string path)
    {
        _path = path;
        Stream = file;
        Name = path;
    }

    /// <summary>The content; a <see cref="FileStream"/> if it is the file itself.</summary>
    public Stream Stream { get; private set; }

    /// <summary>The name, without the extensions of compressions, or of the file in an archive: its extension says what the content is.</summary>
    public string Name { get; private set; }

    public FileKind Kind { get; private set; }

    /// <summary>What the content is, in words.</summary>
    public string KindName { get; private set; } = "";

    /// <summary>What the file is compressed with; null if it is not.</summary>
    public string? Compression { get; private set; }

    /// <summary>A file's name without the extension of a compression.</summary>
    public static string NameInside(string name) => name[..^(ExtensionAt(name).Extension?.Length ?? 0)];

    /// <param name="file">The file at its start; owned.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="SentimentMLException">The file cannot be unpacked.</exception>
    public static FileContent Open(FileStream file, string path)
    {
        var content = new FileContent(file, path);
        try
        {
            for (int layer = 0; ; layer++)
            {
                content.Look();
                if (layer == MaxLayers || !content.Unpack())
                    return content;
            }
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>The content as a file that can be sought in: a compressed one is unpacked to a temporary one, which goes when it is closed.</summary>
    public FileStream ToFile()
    {
        if (Stream is FileStream file)
            return file;
        string path = Path.GetTempFileName();
        var unpacked = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            using (Stream)
                CopyTo(unpacked, new DriveInfo(path).AvailableFreeSpace / 2);
            unpacked.Position = 0;
            return unpacked;
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    public void Dispose() => Stream.Dispose();

    private static (string? Extension, FileKind Kind) ExtensionAt(string name) =>
        Extensions.FirstOrDefault(one => name.EndsWith(one.Extension, StringComparison.OrdinalIgnoreCase));

    private void CopyTo(FileStream target, long maxBytes)
    {
        var buffer = new byte[1 << 16];
        while (Stream.Read(buffer) is > 0 and int read)
        {
            if (target.Length + read > maxBytes)
                throw new SentimentMLException($"{_path}: the unpacked content has more than {maxBytes} bytes, half of what is free in {Path.GetTempPath()}. "
                    + "Unpack it to another disk, and give that file.");
            target.Write(buffer.AsSpan(0, read));
        }
    }

    private void Look()
    {
        var start = new byte[FileKinds.StartBytes];
        int length = Stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        (Kind, KindName) = FileKinds.Of(start.AsSpan(0, length));
        if (Stream is FileStream file)
            file.Position = 0;
        else
            Stream = new Preceded(start[..length], Stream);
        if (Kind != FileKind.Zip)
            return;
        FileStream archive = ToFile(); // its directory is at its end
        Stream = archive;
        if (ZipInput.IsExcel(archive, _path))
            (Kind, KindName) = (FileKind.Excel, "an Excel workbook");
    }

    private bool Unpack()
    {
        string name = Name;
        (string? extension, FileKind promised) = ExtensionAt(name);
        if (extension is not null && promised != Kind && Kind != FileKind.Empty)
            throw new SentimentMLException(
                $"{_path}: the name ends in {extension} and the content is not {extension[1..]}. Rename the file by what it holds, or compress it.");
        if (Kind == FileKind.Empty && extension is not null)
            Name = Name[..^extension.Length];
        Stream packed = Stream;
        Stream? unpacked = Kind switch
        {
            FileKind.Gzip => new GzipInput(packed, _path),
            FileKind.Bzip2 => new UnpackedInput(packed, file => BZip2Stream.Create(file, CompressionMode.Decompress, true), _path, "bzip2"),
            FileKind.Xz when packed is FileStream => new UnpackedInput(packed, file => new XzInput(file), _path, "xz"),
            FileKind.Zstandard => new UnpackedInput(packed, file => new ZstandardInput(file, _path), _path, "Zstandard"),
            FileKind.Zip when packed is FileStream file => ZipInput.Open(file, _path),
            _ => null,
        };
        if (unpacked is null)
            return false;
        Compression = Kind switch { FileKind.Gzip => "gzip", FileKind.Bzip2 => "bzip2", FileKind.Xz => "xz", FileKind.Zstandard => "zstd", _ => "zip" };
        Name = extension is null ? Name : Name[..^extension.Length];
        if (unpacked is ZipInput zip)
        {
            Name = Path.HasExtension(zip.EntryName) ? zip.EntryName : Name;
            unpacked = new UnpackedInput(zip, content => content, _path, "zip");
        }
        Stream = unpacked;
        return true;
    }
}
