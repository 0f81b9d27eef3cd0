using System.Text;
using Google.Protobuf;

namespace SentimentML.Onnx.Tests;

/// <summary>Reads back what the tests look at in an .onnx file, by onnx.proto's field numbers and not by our writer.</summary>
internal sealed class OnnxModelReader
{
    public long IrVersion { get; private set; }

    public Dictionary<string, long> OperatorSets { get; } = [];

    public List<Node> Nodes { get; } = [];

    public Dictionary<string, Initializer> Initializers { get; } = [];

    public Dictionary<string, string> Inputs { get; } = [];

    public Dictionary<string, string> Outputs { get; } = [];

    public sealed record Node(string Name, string Operation, string[] Inputs, string[] Outputs);

    public sealed record Initializer(string Name, long[] Shape, long Type, byte[] Raw, Dictionary<string, string> Outside);

    public static OnnxModelReader Read(string path) => Read(File.ReadAllBytes(path));

    public static OnnxModelReader Read(byte[] content)
    {
        var model = new OnnxModelReader();
        ILookup<int, object> fields = Fields(content);
        model.IrVersion = (long)fields[1].Single();
        foreach (byte[] set in fields[8].Cast<byte[]>())
            model.OperatorSets[Text(Fields(set)[1].FirstOrDefault() ?? Array.Empty<byte>())] = (long)Fields(set)[2].Single();
        ILookup<int, object> graph = Fields((byte[])fields[7].Single());
        foreach (ILookup<int, object> node in graph[1].Select(n => Fields((byte[])n)))
            model.Nodes.Add(new Node(Text(node[3].Single()), Text(node[4].Single()), [.. node[1].Select(Text)], [.. node[2].Select(Text)]));
        foreach (ILookup<int, object> tensor in graph[5].Select(t => Fields((byte[])t)))
        {
            var outside = tensor[13].Select(e => Fields((byte[])e)).ToDictionary(e => Text(e[1].Single()), e => Text(e[2].Single()));
            var read = new Initializer(
                Text(tensor[8].Single()), [.. tensor[1].Cast<long>()], (long)tensor[2].Single(), (byte[])tensor[9].SingleOrDefault(Array.Empty<byte>()),
                outside);
            model.Initializers.Add(read.Name, read);
        }
        ReadValues(graph[11], model.Inputs);
        ReadValues(graph[12], model.Outputs);
        return model;
    }

    /// <summary>Each value's element type and sizes, such as "7[batch_size,sequence_length]".</summary>
    private static void ReadValues(IEnumerable<object> values, Dictionary<string, string> into)
    {
        foreach (ILookup<int, object> value in values.Select(v => Fields((byte[])v)))
        {
            ILookup<int, object> tensor = Fields((byte[])Fields((byte[])value[2].Single())[1].Single());
            IEnumerable<string> sizes = Fields((byte[])tensor[2].Single())[1].Select(size => Fields((byte[])size))
                .Select(size => size[2].Any() ? Text(size[2].Single()) : size[1].Single().ToString()!);
            into.Add(Text(value[1].Single()), $"{tensor[1].Single()}[{string.Join(",", sizes)}]");
        }
    }

    private static string Text(object bytes) => Encoding.UTF8.GetString((byte[])bytes);

    private static ILookup<int, object> Fields(byte[] message)
    {
        var fields = new List<(int Field, object Value)>();
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag && tag != 0)
        {
            fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadInt64(),
                WireFormat.WireType.Fixed32 => input.ReadFloat(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                var other => throw new InvalidDataException($"wire type {other}"),
            }));
        }
        return fields.ToLookup(f => f.Field, f => f.Value);
    }
}
