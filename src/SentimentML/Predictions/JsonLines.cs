using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using SentimentML.Files;

namespace SentimentML.Predictions;

/// <summary>Writes one JSON object a line, UTF-8, letters as they are.</summary>
internal sealed class JsonLines(Stream stream)
{
    public static readonly JsonWriterOptions Options = new() { Encoder = ReadableJson.Encoder };

    private const int FlushBytes = 1 << 16;
    private static readonly TimeSpan FlushAfter = TimeSpan.FromSeconds(1);

    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes * 2);
    private long _flushed = Stopwatch.GetTimestamp();

    public void Write(Action<Utf8JsonWriter> properties)
    {
        using (var json = new Utf8JsonWriter(_buffer, Options))
        {
            json.WriteStartObject();
            properties(json);
            json.WriteEndObject();
        }
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushBytes || Stopwatch.GetElapsedTime(_flushed) > FlushAfter)
            Flush();
    }

    public void Flush()
    {
        stream.Write(_buffer.WrittenSpan);
        stream.Flush();
        _buffer.ResetWrittenCount();
        _flushed = Stopwatch.GetTimestamp();
    }
}
