using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// Writes safetensors files byte for byte as safetensors' save_file(tensors, file, {"format": "pt"}) does: the wider
/// dtypes first, then by name, and the header padded with spaces to 8 bytes (github.com/huggingface/safetensors, tensor.rs).
/// </summary>
internal static class SafetensorsWriter
{
    private const int PieceLength = 1 << 20;

    /// <summary>Writes to a stream, tensor by tensor, straight from where they are.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name, a shape overflows, or a source hands out another count than asked for.</exception>
    public static void Write(Stream destination, IReadOnlyCollection<SafetensorsEntry> tensors)
    {
        SafetensorsEntry[] ordered = Ordered(tensors);
        destination.Write(Header(ordered));
        foreach (SafetensorsEntry tensor in ordered)
            WriteData(destination, tensor);
    }

    /// <summary>How many bytes <see cref="Write"/> will write.</summary>
    public static long Length(IReadOnlyCollection<SafetensorsEntry> tensors)
    {
        SafetensorsEntry[] ordered = Ordered(tensors);
        return Header(ordered).LongLength + ordered.Sum(DataLength);
    }

    private static SafetensorsEntry[] Ordered(IReadOnlyCollection<SafetensorsEntry> tensors)
    {
        if (tensors.Select(tensor => tensor.Name).Distinct(StringComparer.Ordinal).Count() != tensors.Count)
            throw new ArgumentException("two tensors have one name", nameof(tensors));
        var utf8Order = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));
        return [.. tensors.OrderByDescending(tensor => tensor.Dtype).ThenBy(tensor => Encoding.UTF8.GetBytes(tensor.Name), utf8Order)];
    }

    private static byte[] Header(SafetensorsEntry[] tensors)
    {
        var json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
        long offset = 0;
        foreach (SafetensorsEntry tensor in tensors)
        {
            long end = checked(offset + DataLength(tensor));
            AppendString(json.Append(','), tensor.Name);
            json.Append(CultureInfo.InvariantCulture,
                $":{{\"dtype\":\"{tensor.Dtype}\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{offset},{end}]}}");
            offset = end;
        }
        byte[] text = Encoding.UTF8.GetBytes(json.Append('}').ToString());

        int padded = (text.Length + 7) / 8 * 8;
        byte[] header = new byte[sizeof(long) + padded];
        BinaryPrimitives.WriteInt64LittleEndian(header, padded);
        text.CopyTo(header, sizeof(long));
        header.AsSpan(sizeof(long) + text.Length).Fill((byte)' ');
        return header;
    }

    /// <summary>As the reference's JSON writer: only what JSON demands is escaped.</summary>
    private static void AppendString(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            json.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }
        json.Append('"');
    }

    private static long DataLength(SafetensorsEntry tensor) =>
        TensorShape.TryCount(tensor.Shape, tensor.Dtype, out _, out long bytes)
            ? bytes
            : throw new ArgumentException($"the shape {TensorShape.Format(tensor.Shape)} of {tensor.Name} overflows", nameof(tensor));

    private static void WriteData(Stream destination, SafetensorsEntry tensor)
    {
        long length = DataLength(tensor);
        for (long offset = 0; offset < length; offset += PieceLength)
        {
            int count = (int)Math.Min(PieceLength, length - offset);
            ReadOnlySpan<byte> bytes = tensor.Bytes(offset, count);
            if (bytes.Length != count)
                throw new ArgumentException($"{tensor.Name}'s source gave {bytes.Length} bytes at {offset}, {count} were asked for", nameof(tensor));
            destination.Write(bytes);
        }
    }
}
