using System.Text;
using Google.Protobuf;

namespace SentimentML.Onnx.Graph;

/// <summary>
/// One protobuf message: fields in the order in which they are added. Its size is known before a byte is written, and large
/// contents are made only when they are written, one at a time, so that a model is never in memory twice.
/// </summary>
internal sealed class ProtobufMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>Bytes of the message as it is written.</summary>
    public long Size { get; private set; }

    public ProtobufMessage Integer(int field, long value) =>
        Add(field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    public ProtobufMessage Integers(int field, IEnumerable<long> values)
    {
        foreach (long value in values)
            Integer(field, value);
        return this;
    }

    public ProtobufMessage Single(int field, float value) =>
        Add(field, WireFormat.WireType.Fixed32, sizeof(float), output => output.WriteFloat(value));

    public ProtobufMessage Text(int field, string value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(value);
        return Bytes(field, utf8.Length, () => utf8);
    }

    /// <param name="field">The field's number.</param>
    /// <param name="length">How many bytes <paramref name="content"/> will give.</param>
    /// <param name="content">Called once for each time that the message is written.</param>
    public ProtobufMessage Bytes(int field, int length, Func<ReadOnlyMemory<byte>> content) =>
        Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeLengthSize(length) + (long)length,
            output => output.WriteBytes(UnsafeByteOperations.UnsafeWrap(content())));

    /// <summary>Adds a message that gets no more fields.</summary>
    public ProtobufMessage Message(int field, ProtobufMessage message)
    {
        int length = checked((int)message.Size);
        return Add(field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeLengthSize(length) + message.Size, output =>
        {
            output.WriteLength(length);
            message.WriteTo(output);
        });
    }

    public void WriteTo(CodedOutputStream output)
    {
        foreach (Action<CodedOutputStream> write in _fields)
            write(output);
    }

    private ProtobufMessage Add(int field, WireFormat.WireType type, long size, Action<CodedOutputStream> write)
    {
        uint tag = WireFormat.MakeTag(field, type);
        Size += CodedOutputStream.ComputeUInt32Size(tag) + size;
        _fields.Add(output =>
        {
            output.WriteTag(tag);
            write(output);
        });
        return this;
    }
}
