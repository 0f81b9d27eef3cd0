using System.Globalization;

namespace SentimentML.Onnx.Graph;

/// <summary>A graph of ONNX operators while it is put together: nodes in the order of their work, and the tensors they use.</summary>
internal sealed class OnnxGraph
{
    private readonly Dictionary<string, OnnxTensor> _tensors = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly List<ProtobufMessage> _nodes = [];

    public IReadOnlyList<ProtobufMessage> Nodes => _nodes;

    public IReadOnlyCollection<OnnxTensor> Tensors => _tensors.Values;

    /// <summary>Adds a node with one output and gives the output's name.</summary>
    public string Add(string operation, string[] inputs, params (string Name, object Value)[] attributes) =>
        Add(operation, inputs, outputs: 1, attributes)[0];

    /// <summary>Adds a node and gives its outputs' names.</summary>
    public string[] Add(string operation, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        int count = _counts[operation] = _counts.GetValueOrDefault(operation) + 1;
        string name = string.Create(CultureInfo.InvariantCulture, $"{operation}_{count}");
        string[] results = [.. Enumerable.Range(0, outputs).Select(i => string.Create(CultureInfo.InvariantCulture, $"{name}_output_{i}"))];
        AddNamed(operation, name, inputs, results, attributes);
        return results;
    }

    /// <summary>Adds a node whose name and outputs' names are given.</summary>
    public void AddNamed(string operation, string name, string[] inputs, string[] outputs, params (string Name, object Value)[] attributes)
    {
        var node = new ProtobufMessage();
        foreach (string input in inputs)
            node.Text(1, input);
        foreach (string output in outputs)
            node.Text(2, output);
        node.Text(3, name).Text(4, operation);
        foreach ((string attribute, object value) in attributes)
            node.Message(5, Attribute(attribute, value));
        _nodes.Add(node);
    }

    /// <summary>Adds a tensor once; its name stands for it in the nodes' inputs.</summary>
    public string Tensor(OnnxTensor tensor)
    {
        _tensors.TryAdd(tensor.Name, tensor);
        return tensor.Name;
    }

    public string Constant(string name, float value) => Tensor(OnnxTensor.Of(name, OnnxType.Float, [], value));

    public string Constant(string name, long value) => Tensor(OnnxTensor.Of(name, OnnxType.Int64, [], value));

    public string Vector(string name, params long[] values) => Tensor(OnnxTensor.Of(name, OnnxType.Int64, [values.Length], values));

    /// <summary>AttributeProto, whose field 20 says which of the others holds the value.</summary>
    private static ProtobufMessage Attribute(string name, object value)
    {
        ProtobufMessage attribute = new ProtobufMessage().Text(1, name);
        return value switch
        {
            float number => attribute.Single(2, number).Integer(20, 1),
            long number => attribute.Integer(3, number).Integer(20, 2),
            long[] numbers => attribute.Integers(8, numbers).Integer(20, 7),
            _ => throw new ArgumentException($"An attribute cannot be a {value.GetType().Name}.", nameof(value)),
        };
    }
}
