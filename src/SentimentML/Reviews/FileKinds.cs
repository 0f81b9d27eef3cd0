namespace SentimentML.Reviews;

/// <summary>What a file's first bytes say that it is.</summary>
internal enum FileKind
{
    Other,
    Empty,
    Gzip,
    Parquet,
    Zip,
    Bzip2,
    Xz,
    Zstandard,
}

/// <summary>Knows kinds of files that are taken for text or for each other.</summary>
internal static class FileKinds
{
    private static readonly (FileKind Kind, byte[] Start)[] Known =
    [
        (FileKind.Gzip, [0x1F, 0x8B]),
        (FileKind.Parquet, "PAR1"u8.ToArray()),
        (FileKind.Zip, "PK\u0003\u0004"u8.ToArray()),
        (FileKind.Bzip2, "BZh"u8.ToArray()),
        (FileKind.Xz, [0xFD, .. "7zXZ\0"u8]),
        (FileKind.Zstandard, [0x28, 0xB5, 0x2F, 0xFD]),
    ];

    /// <summary>Looks at the file's start and goes back to it.</summary>
    public static FileKind Read(FileStream file)
    {
        Span<byte> start = stackalloc byte[8];
        int length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (length == 0)
            return FileKind.Empty;
        foreach ((FileKind kind, byte[] known) in Known)
        {
            if (start[..length].StartsWith(known))
                return kind;
        }
        return FileKind.Other;
    }

    public static string Name(FileKind kind) => kind switch
    {
        FileKind.Empty => "empty",
        FileKind.Gzip => "gzip",
        FileKind.Parquet => "Parquet",
        FileKind.Zip => "a zip archive",
        FileKind.Bzip2 => "compressed with bzip2",
        FileKind.Xz => "compressed with xz",
        FileKind.Zstandard => "compressed with Zstandard",
        _ => "something else",
    };
}
