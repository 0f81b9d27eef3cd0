using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SentimentML.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SentimentML.Onnx.Graph;

/// <summary>A network's parameters as a graph takes them, under the names that transformers gives them.</summary>
internal sealed class NetworkWeights(SequenceClassifier network)
{
    private const float LargestByte = 127;

    private readonly Dictionary<string, Parameter> _parameters = network.named_parameters().ToDictionary(p => p.name, p => p.parameter);

    /// <summary>A vector or table.</summary>
    public OnnxTensor Tensor(string name) => new(name, OnnxType.Float, _parameters[name].shape, () =>
    {
        using Tensor values = _parameters[name].detach().cpu().contiguous();
        return values.bytes.ToArray();
    });

    /// <summary>The table of positions with the vector of token type 0, which every token of RoBERTa has, added to each.</summary>
    public OnnxTensor Positions(string positions, string types) => Tensor(positions) with
    {
        Content = () =>
        {
            float[] table = Values(positions);
            ReadOnlySpan<float> type = Values(types).AsSpan(0, (int)_parameters[types].shape[1]);
            for (int at = 0; at < table.Length; at += type.Length)
                TensorPrimitives.Add(table.AsSpan(at, type.Length), type, table.AsSpan(at, type.Length));
            return Bytes(table);
        },
    };

    /// <summary>A linear layer's matrix the way MatMul takes it: [inputs, outputs].</summary>
    public OnnxTensor Matrix(string name)
    {
        long[] shape = _parameters[name].shape;
        return new OnnxTensor(name, OnnxType.Float, [shape[1], shape[0]], () =>
        {
            using Tensor transposed = _parameters[name].detach().cpu().t().contiguous();
            return transposed.bytes.ToArray();
        });
    }

    /// <summary>
    /// A linear layer's matrix as signed bytes, [inputs, outputs], and a scale for each output: the largest magnitude of its
    /// weights becomes 127, zero stays zero, as onnxruntime.quantization.quantize_dynamic has it per channel.
    /// </summary>
    public (OnnxTensor Matrix, OnnxTensor Scales) QuantizedMatrix(string name)
    {
        (OnnxTensor rows, OnnxTensor scales) = QuantizedRows(name);
        return (rows with { Shape = [rows.Shape[1], rows.Shape[0]], Content = () => Transposed(rows) }, scales with { Shape = [rows.Shape[0]] });
    }

    /// <summary>A table as signed bytes, and a scale for each row: [rows, 1].</summary>
    public (OnnxTensor Table, OnnxTensor Scales) QuantizedRows(string name)
    {
        long[] shape = _parameters[name].shape;
        float[] scales = new float[shape[0]];
        float[] values = Values(name);
        for (int row = 0; row < scales.Length; row++)
        {
            float largest = Math.Abs(TensorPrimitives.MaxMagnitude(Row(values, row, shape[1])));
            scales[row] = largest == 0 ? 1 : largest / LargestByte;
        }
        return (new OnnxTensor(name + "_quantized", OnnxType.Int8, shape, () => Quantize(Values(name), scales)),
            new OnnxTensor(name + "_scale", OnnxType.Float, [shape[0], 1], () => Bytes(scales)));
    }

    private static ReadOnlyMemory<byte> Quantize(float[] values, float[] scales)
    {
        sbyte[] bytes = new sbyte[values.Length];
        int width = values.Length / scales.Length;
        for (int row = 0; row < scales.Length; row++)
        {
            Span<float> x = Row(values, row, width);
            TensorPrimitives.Divide(x, scales[row], x);
            TensorPrimitives.Round(x, x); // to even, as numpy does
            TensorPrimitives.ConvertSaturating<float, sbyte>(x, bytes.AsSpan(row * width, width));
        }
        return MemoryMarshal.AsBytes(bytes.AsSpan()).ToArray();
    }

    private static Span<float> Row(float[] values, int row, long width) => values.AsSpan((int)(row * width), (int)width);

    private static ReadOnlyMemory<byte> Transposed(OnnxTensor rows)
    {
        using Tensor bytes = tensor(rows.Content().ToArray(), rows.Shape);
        using Tensor transposed = bytes.t().contiguous();
        return transposed.bytes.ToArray();
    }

    private float[] Values(string name)
    {
        using Tensor values = _parameters[name].detach().cpu().contiguous();
        return values.data<float>().ToArray();
    }

    private static ReadOnlyMemory<byte> Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
