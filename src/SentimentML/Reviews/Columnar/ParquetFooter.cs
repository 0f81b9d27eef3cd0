using System.Buffers.Binary;
using System.Text;

namespace SentimentML.Reviews;

/// <summary>
/// Finds the columns of half-precision numbers in a Parquet file's footer (https://parquet.apache.org/docs/file-format, Thrift's compact
/// protocol). Parquet.Net refuses a whole file for one of them; without the mark that makes them numbers they are two bytes each, and
/// those it reads.
/// </summary>
internal ref struct ParquetFooter
{
    private const int MaxFooterBytes = 256 << 20;
    private const int MaxDepth = 32;

    private const int Stop = 0, BooleanTrue = 1, BooleanFalse = 2, Byte = 3, Int16 = 4, Int32 = 5, Int64 = 6, Double = 7, Binary = 8, List = 9, Set = 10,
        Map = 11, Struct = 12;

    // Fields of FileMetaData, SchemaElement and LogicalType in parquet.thrift.
    private const int SchemaField = 2, NameField = 4, LogicalTypeField = 10, Float16Field = 15;

    // In place of FLOAT16 (field 15 of the union): UNKNOWN (field 11), which has no value either.
    private const byte Unknown = 11 << 4 | Struct;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    private ParquetFooter(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The names of the columns of half-precision numbers, and the bytes of the file to change for them to be read as bytes.</summary>
    /// <param name="file">The file; left at its start.</param>
    /// <returns>Nothing for a footer that is no footer: what reads it says so.</returns>
    public static (HashSet<string> Names, Dictionary<long, byte> Changes) HalfColumns(FileStream file)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var changes = new Dictionary<long, byte>();
        Span<byte> end = stackalloc byte[8];
        try
        {
            if (file.Length < 12)
                return (names, changes);
            file.Position = file.Length - 8;
            file.ReadExactly(end);
            int length = BinaryPrimitives.ReadInt32LittleEndian(end);
            if (!end[4..].SequenceEqual("PAR1"u8) || length is < 0 or > MaxFooterBytes || length > file.Length - 12)
                return (names, changes);
            var footer = new byte[length];
            long start = file.Length - 8 - length;
            file.Position = start;
            file.ReadExactly(footer);
            if (footer.AsSpan().IndexOf((byte)(Float16Field << 4 | Struct)) >= 0)
                new ParquetFooter(footer).FindHalfColumns(start, names, changes);
        }
        catch (InvalidDataException)
        {
            names.Clear();
            changes.Clear();
        }
        finally
        {
            file.Position = 0;
        }
        return (names, changes);
    }

    /// <summary>Where the footer begins; the file's end if it has none.</summary>
    public static long Start(FileStream file)
    {
        Span<byte> end = stackalloc byte[8];
        if (file.Length < 12)
            return file.Length;
        file.Position = file.Length - 8;
        file.ReadExactly(end);
        return BinaryPrimitives.ReadInt32LittleEndian(end) is >= 0 and var length && length <= file.Length - 12 ? file.Length - 8 - length : file.Length;
    }

    private void FindHalfColumns(long start, HashSet<string> names, Dictionary<long, byte> changes)
    {
        for (int field = 0; ReadField(ref field, out int type);)
        {
            if (field != SchemaField || type != List)
            {
                Skip(type, 0);
                continue;
            }
            (int elementType, int count) = ReadListHeader();
            for (int i = 0; i < count && elementType == Struct; i++)
                ReadElement(start, names, changes);
            return;
        }
    }

    private void ReadElement(long start, HashSet<string> names, Dictionary<long, byte> changes)
    {
        string name = "";
        int half = -1;
        for (int field = 0; ReadField(ref field, out int type);)
        {
            if (field == NameField && type == Binary)
                name = Encoding.UTF8.GetString(ReadBytes());
            else if (field == LogicalTypeField && type == Struct)
                half = ReadLogicalType();
            else
                Skip(type, 0);
        }
        if (half < 0)
            return;
        names.Add(name);
        changes[start + half] = Unknown;
    }

    /// <summary>Where the union's field header is if it is FLOAT16; -1 for others.</summary>
    private int ReadLogicalType()
    {
        int half = -1, header = _position;
        for (int field = 0; ReadField(ref field, out int type); header = _position)
        {
            if (field == Float16Field && type == Struct && _bytes[header] == (Float16Field << 4 | Struct))
                half = header;
            Skip(type, 0);
        }
        return half;
    }

    private bool ReadField(ref int field, out int type)
    {
        byte header = ReadByte();
        type = header & 0x0F;
        if (type == Stop)
            return false;
        int delta = header >> 4;
        field = delta == 0 ? (int)ReadZigZag() : field + delta;
        return true;
    }

    private (int Type, int Count) ReadListHeader()
    {
        byte header = ReadByte();
        long count = header >> 4;
        if (count == 15)
            count = ReadVarint();
        return count <= _bytes.Length ? (header & 0x0F, (int)count) : throw new InvalidDataException();
    }

    private void Skip(int type, int depth)
    {
        if (depth > MaxDepth)
            throw new InvalidDataException();
        switch (type)
        {
            case BooleanTrue or BooleanFalse:
                break;
            case Byte:
                ReadByte();
                break;
            case Int16 or Int32 or Int64:
                ReadVarint();
                break;
            case Double:
                Advance(8);
                break;
            case Binary:
                ReadBytes();
                break;
            case List or Set:
                (int elementType, int count) = ReadListHeader();
                for (int i = 0; i < count; i++)
                    SkipElement(elementType, depth + 1);
                break;
            case Map:
                SkipMap(depth);
                break;
            case Struct:
                for (int field = 0; ReadField(ref field, out int inner);)
                    Skip(inner, depth + 1);
                break;
            default:
                throw new InvalidDataException();
        }
    }

    private void SkipMap(int depth)
    {
        long count = ReadVarint();
        if (count is < 0 || count > _bytes.Length)
            throw new InvalidDataException();
        byte types = count > 0 ? ReadByte() : (byte)0;
        for (long i = 0; i < count; i++)
        {
            SkipElement(types >> 4, depth + 1);
            SkipElement(types & 0x0F, depth + 1);
        }
    }

    // In a list a boolean takes a byte; in a struct it is in the field's header.
    private void SkipElement(int type, int depth)
    {
        if (type is BooleanTrue or BooleanFalse)
            ReadByte();
        else
            Skip(type, depth);
    }

    private ReadOnlySpan<byte> ReadBytes()
    {
        long length = ReadVarint();
        int start = _position;
        Advance(length);
        return _bytes[start.._position];
    }

    private long ReadZigZag()
    {
        long value = ReadVarint();
        return (long)((ulong)value >> 1) ^ -(value & 1);
    }

    private long ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)value;
        }
        throw new InvalidDataException();
    }

    private byte ReadByte() => _position < _bytes.Length ? _bytes[_position++] : throw new InvalidDataException();

    private void Advance(long count)
    {
        if (count < 0 || count > _bytes.Length - _position)
            throw new InvalidDataException();
        _position += (int)count;
    }
}
