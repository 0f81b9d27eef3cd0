using System.Buffers.Binary;
using System.Text;

namespace SentimentML.Torch;

/// <summary>
/// The symbol versions that a 64-bit little-endian ELF library demands of the libraries it links to (section
/// .gnu.version_r; LSB Core, "Symbol Versioning").
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint SectionTypeVersionNeed = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 0x2;                        // VER_FLG_WEAK

    /// <summary>Marks the demand for a version as weak: the loader then accepts a library without the version.</summary>
    /// <param name="image">The library's bytes, changed in place.</param>
    /// <param name="version">The version's name, such as GLIBCXX_3.4.32.</param>
    /// <returns>True when the library makes that demand.</returns>
    public static bool MakeWeak(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image.StartsWith("\u007fELF\u0002\u0001"u8))
            return false;
        int sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[0x28..]));
        int sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3a..]);
        int sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3c..]);
        bool found = false;
        for (int i = 0; i < sectionCount; i++)
        {
            Span<byte> header = image[(sections + i * sectionSize)..];
            if (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) != SectionTypeVersionNeed)
                continue;
            int start = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..]));
            int stringsSection = checked((int)BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]));
            int strings = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[(sections + stringsSection * sectionSize + 0x18)..]));
            found |= MakeWeak(image, start, strings, Encoding.ASCII.GetBytes(version + '\0'));
        }
        return found;
    }

    private static bool MakeWeak(Span<byte> image, int need, int strings, ReadOnlySpan<byte> version)
    {
        bool found = false;
        while (true)
        {
            // Verneed: version (2), count of Vernaux (2), file name (4), offset of the first Vernaux (4), of the next Verneed (4).
            int count = BinaryPrimitives.ReadUInt16LittleEndian(image[(need + 2)..]);
            int entry = need + BinaryPrimitives.ReadInt32LittleEndian(image[(need + 8)..]);
            for (int i = 0; i < count; i++)
            {
                // Vernaux: hash (4), flags (2), other (2), name (4), offset of the next (4).
                int name = strings + BinaryPrimitives.ReadInt32LittleEndian(image[(entry + 8)..]);
                if (image[name..].StartsWith(version))
                {
                    ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(image[(entry + 4)..]);
                    BinaryPrimitives.WriteUInt16LittleEndian(image[(entry + 4)..], (ushort)(flags | Weak));
                    found = true;
                }
                entry += BinaryPrimitives.ReadInt32LittleEndian(image[(entry + 12)..]);
            }
            int next = BinaryPrimitives.ReadInt32LittleEndian(image[(need + 12)..]);
            if (next == 0)
                return found;
            need += next;
        }
    }
}
