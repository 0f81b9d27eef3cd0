using Google.Protobuf;
using SentimentML.Persistence;

namespace SentimentML.Onnx.Graph;

/// <summary>Writes a graph as an .onnx file (ModelProto of onnx.proto, whose field numbers stand here).</summary>
internal static class OnnxFile
{
    /// <summary>What protobuf allows a file, less room for what is not tensors.</summary>
    public const long MostInside = 2_000_000_000;

    private const int IrVersion = 8; // the one that came with operator set 17
    private const int OperatorSet = 17;
    private const int LeastOutside = 1024;
    private const int Page = 4096;

    /// <summary>The field of ModelProto for what a program says of the model.</summary>
    private const int Metadata = 14;

    private const string SourceKey = "sentimentml.source";

    /// <summary>Writes the file, and beside it NAME_data with the tensors where they are too many for one.</summary>
    /// <param name="graph">The nodes and tensors.</param>
    /// <param name="inputs">The graph's inputs, int64.</param>
    /// <param name="output">The graph's output, float.</param>
    /// <param name="path">Where to; what is there is replaced.</param>
    /// <param name="source">The digest of the weights that it is made from, which is written into it; null for none.</param>
    /// <param name="mostInside">Bytes of tensors above which they go into a file of their own.</param>
    /// <exception cref="SentimentMLException">A tensor is larger than an array can be.</exception>
    public static void Write(
        OnnxGraph graph, IReadOnlyList<OnnxValue> inputs, OnnxValue output, string path, string? source = null, long mostInside = MostInside)
    {
        if (graph.Tensors.FirstOrDefault(tensor => tensor.Length > Array.MaxLength) is { } huge)
            throw new SentimentMLException($"{huge.Name} has {huge.Length} bytes: a single tensor of more than {Array.MaxLength} cannot be exported.");
        bool outside = graph.Tensors.Sum(tensor => tensor.Length) > mostInside;
        using FileStream? data = outside ? new FileStream(GraphFiles.DataOf(path), FileMode.Create, FileAccess.Write) : null;
        var body = new ProtobufMessage();
        foreach (ProtobufMessage node in graph.Nodes)
            body.Message(1, node);
        body.Text(2, "main_graph");
        foreach (OnnxTensor tensor in graph.Tensors)
            body.Message(5, data is not null && tensor.Length >= LeastOutside ? Outside(tensor, data) : Inside(tensor));
        foreach (OnnxValue input in inputs)
            body.Message(11, input.ToMessage());
        body.Message(12, output.ToMessage());

        ProtobufMessage model = new ProtobufMessage()
            .Integer(1, IrVersion)
            .Text(2, "SentimentML")
            .Text(3, typeof(OnnxFile).Assembly.GetName().Version!.ToString(3));
        if (source is not null)
            model.Message(Metadata, Entry(SourceKey, source)); // in front of the graph, where it is found at once
        model
            .Message(7, body)
            .Message(8, new ProtobufMessage().Text(1, "").Integer(2, OperatorSet));
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        using (var coded = new CodedOutputStream(file, leaveOpen: true))
            model.WriteTo(coded);
        file.Flush(flushToDisk: true);
        data?.Flush(flushToDisk: true);
    }

    /// <summary>The digest of the weights that a graph was made from, as it says; null where it does not.</summary>
    /// <exception cref="ModelFileException">The file is no ONNX graph.</exception>
    public static string? SourceOf(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using var input = new CodedInputStream(file, leaveOpen: true);
            while (input.ReadTag() is var tag && tag != 0)
            {
                if (WireFormat.GetTagFieldNumber(tag) != Metadata)
                    input.SkipLastField();
                else if (EntryOf(input.ReadBytes()) is (SourceKey, var source))
                    return source;
            }
            return null;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new ModelFileException($"{path} is no ONNX graph: {e.Message} Export the model again with OnnxExport.Write.", e);
        }
    }

    /// <summary>A StringStringEntryProto.</summary>
    private static (string Key, string Value) EntryOf(ByteString message)
    {
        string key = "", value = "";
        using CodedInputStream input = message.CreateCodedInput();
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    key = input.ReadString();
                    break;
                case 2:
                    value = input.ReadString();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
        return (key, value);
    }

    private static ProtobufMessage Inside(OnnxTensor tensor) =>
        Head(tensor).Bytes(9, (int)tensor.Length, tensor.Content);

    private static ProtobufMessage Outside(OnnxTensor tensor, FileStream data)
    {
        long offset = (data.Position + Page - 1) / Page * Page; // so that it can be mapped into memory
        data.Position = offset;
        data.Write(tensor.Content().Span);
        return Head(tensor)
            .Message(13, Entry("location", Path.GetFileName(data.Name)))
            .Message(13, Entry("offset", Invariant(offset)))
            .Message(13, Entry("length", Invariant(tensor.Length)))
            .Integer(14, 1);
    }

    private static ProtobufMessage Head(OnnxTensor tensor) =>
        new ProtobufMessage().Integers(1, tensor.Shape).Integer(2, (long)tensor.Type).Text(8, tensor.Name);

    private static ProtobufMessage Entry(string key, string value) => new ProtobufMessage().Text(1, key).Text(2, value);

    private static string Invariant(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>An input or output of the graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its numbers are.</param>
/// <param name="Shape">Its sizes: numbers, or names where they differ from run to run.</param>
internal sealed record OnnxValue(string Name, OnnxType Type, params object[] Shape)
{
    public ProtobufMessage ToMessage()
    {
        var shape = new ProtobufMessage();
        foreach (object size in Shape)
            shape.Message(1, size is string name ? new ProtobufMessage().Text(2, name) : new ProtobufMessage().Integer(1, Convert.ToInt64(size, null)));
        ProtobufMessage tensor = new ProtobufMessage().Integer(1, (long)Type).Message(2, shape);
        return new ProtobufMessage().Text(1, Name).Message(2, new ProtobufMessage().Message(1, tensor));
    }
}
