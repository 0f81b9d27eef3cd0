using System.Buffers.Binary;

namespace SentimentML.Reviews;

/// <summary>What an Arrow message says of itself.</summary>
/// <param name="IsRows">Whether it is a batch of rows.</param>
/// <param name="Categories">The id of the categories that it has; null for other messages.</param>
/// <param name="BodyLength">The bytes that follow its metadata.</param>
internal readonly record struct ArrowMessage(bool IsRows, long? Categories, long BodyLength);

/// <summary>
/// Checks an Arrow message's metadata (https://arrow.apache.org/docs/format/Columnar.html, in FlatBuffers) before Apache.Arrow reads it, which
/// follows fields into fields without an end, and makes arrays as long as a count says.
/// </summary>
internal ref struct ArrowMetadata
{
    private const int MaxDepth = 64;
    private const int MaxFields = 1 << 17;
    private const long MaxTextBytes = 64 << 20;

    // Values of MessageHeader and Type, and places in tables, of Message.fbs, Schema.fbs and File.fbs.
    private const byte Schema = 1, DictionaryBatch = 2, RecordBatch = 3;
    private const byte Timestamp = 10, Union = 14;
    private const int MessageHeaderType = 1, MessageHeader = 2, MessageBodyLength = 3;
    private const int SchemaEndianness = 0, SchemaFields = 1, SchemaCustom = 2;
    private const int FieldName = 0, FieldTypeType = 2, FieldType = 3, FieldChildren = 5, FieldCustom = 6;
    private const int TypeZoneOrIds = 1;
    private const int BatchNodes = 1, BatchBuffers = 2, BatchVariadicCounts = 4;
    private const int DictionaryId = 0, DictionaryData = 1;
    private const int FooterRecordBatches = 3;
    private const int BlockBytes = 24, NodeBytes = 16, BufferBytes = 16;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _fields;
    private long _textBytes;

    private ArrowMetadata(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <exception cref="InvalidDataException">It is damaged, or says what no writer does.</exception>
    public static ArrowMessage Check(ReadOnlySpan<byte> bytes) => new ArrowMetadata(bytes).CheckMessage();

    /// <summary>The batches of rows that a file's footer names.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static int BatchesIn(ReadOnlySpan<byte> footer)
    {
        var metadata = new ArrowMetadata(footer);
        return metadata.Vector(metadata.Indirect(0), FooterRecordBatches, BlockBytes).Count;
    }

    private ArrowMessage CheckMessage()
    {
        int message = Indirect(0);
        byte kind = Place(message, MessageHeaderType) is > 0 and var kindPlace ? At(kindPlace, 1)[0] : (byte)0;
        int header = Place(message, MessageHeader) is > 0 and var headerPlace ? Indirect(headerPlace) : throw Damaged();
        long bodyLength = Place(message, MessageBodyLength) is > 0 and var lengthPlace ? BinaryPrimitives.ReadInt64LittleEndian(At(lengthPlace, 8)) : 0;
        switch (kind)
        {
            case Schema:
                CheckSchema(header);
                if (bodyLength != 0) // Apache.Arrow would take it for the next message
                    throw Damaged();
                return new ArrowMessage(IsRows: false, null, bodyLength);
            case RecordBatch:
                CheckBatch(header);
                return new ArrowMessage(IsRows: true, null, bodyLength);
            case DictionaryBatch:
                CheckBatch(Place(header, DictionaryData) is > 0 and var data ? Indirect(data) : throw Damaged());
                long id = Place(header, DictionaryId) is > 0 and var idPlace ? BinaryPrimitives.ReadInt64LittleEndian(At(idPlace, 8)) : 0;
                return new ArrowMessage(IsRows: false, id, bodyLength);
            default:
                throw new InvalidDataException("It has something else than a table.");
        }
    }

    private void CheckSchema(int schema)
    {
        if (Place(schema, SchemaEndianness) is > 0 and var endianness && BinaryPrimitives.ReadInt16LittleEndian(At(endianness, 2)) != 0)
            throw new InvalidDataException("Its numbers are big-endian, expected little-endian ones.");
        CountCustom(schema, SchemaCustom);
        CheckFields(schema, SchemaFields, 0);
    }

    private void CheckFields(int parent, int place, int depth)
    {
        (int start, int count) = Vector(parent, place, 4);
        _fields += count;
        if (depth > MaxDepth || _fields > MaxFields)
            throw new InvalidDataException($"It has fields of more than {MaxDepth} levels, or more than {MaxFields} of them.");
        for (int i = 0; i < count; i++)
        {
            int field = Indirect(start + (4 * i));
            CountText(field, FieldName, 1);
            CountCustom(field, FieldCustom);
            byte type = Place(field, FieldTypeType) is > 0 and var typePlace ? At(typePlace, 1)[0] : (byte)0;
            if (type is Timestamp or Union && Place(field, FieldType) is > 0 and var details)
                CountText(Indirect(details), TypeZoneOrIds, type == Union ? 4 : 1);
            CheckFields(field, FieldChildren, depth + 1);
        }
    }

    private void CheckBatch(int batch)
    {
        Vector(batch, BatchNodes, NodeBytes);
        int buffers = Vector(batch, BatchBuffers, BufferBytes).Count;
        (int start, int count) = Vector(batch, BatchVariadicCounts, 8);
        for (int i = 0; i < count; i++)
            if (BinaryPrimitives.ReadInt64LittleEndian(At(start + (8 * i), 8)) is var variadic && (variadic < 0 || variadic > buffers))
                throw Damaged();
    }

    private void CountCustom(int table, int place)
    {
        (int start, int count) = Vector(table, place, 4);
        for (int i = 0; i < count; i++)
        {
            int pair = Indirect(start + (4 * i));
            CountText(pair, 0, 1);
            CountText(pair, 1, 1);
        }
    }

    /// <summary>Texts are read each by itself, so one in many places is many.</summary>
    private void CountText(int table, int place, int bytesOfEach)
    {
        _textBytes += (long)Vector(table, place, bytesOfEach).Count * bytesOfEach;
        if (_textBytes > MaxTextBytes)
            throw Damaged();
    }

    /// <summary>Where a table has a value; 0 if it does not.</summary>
    private readonly int Place(int table, int value)
    {
        int names = table - BinaryPrimitives.ReadInt32LittleEndian(At(table, 4)), name = 4 + (2 * value);
        if (name >= BinaryPrimitives.ReadInt16LittleEndian(At(names, 2)))
            return 0;
        return BinaryPrimitives.ReadInt16LittleEndian(At(names + name, 2)) is not 0 and var place ? table + place : 0;
    }

    /// <summary>Where the elements of a table's vector begin, and how many there are: all of them inside the metadata.</summary>
    private readonly (int Start, int Count) Vector(int table, int value, int bytesOfEach)
    {
        int place = Place(table, value);
        if (place == 0)
            return (0, 0);
        int vector = Indirect(place), count = BinaryPrimitives.ReadInt32LittleEndian(At(vector, 4));
        return count >= 0 && (long)count * bytesOfEach <= _bytes.Length - vector - 4 ? (vector + 4, count) : throw Damaged();
    }

    private readonly int Indirect(int place) => place + BinaryPrimitives.ReadInt32LittleEndian(At(place, 4));

    private readonly ReadOnlySpan<byte> At(int place, int length) =>
        place >= 0 && place <= _bytes.Length - length ? _bytes.Slice(place, length) : throw Damaged();

    private static InvalidDataException Damaged() => new("Its metadata is damaged.");
}
