using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SentimentML.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace SentimentML.Onnx.Graph;

/// <summary>A network's parameters as a graph takes them, under the names that they have in checkpoints.</summary>
internal sealed class NetworkWeights(SequenceClassifier network)
{
    private const float LargestByte = 127;

    private readonly Dictionary<Parameter, string> _names = network.named_parameters()
        .ToDictionary(p => p.parameter, p => p.name, (IEqualityComparer<Parameter>)ReferenceEqualityComparer.Instance);

    /// <summary>A vector or table.</summary>
    public OnnxTensor Tensor(Parameter parameter) => new(_names[parameter], OnnxType.Float, parameter.shape, () =>
    {
        using Tensor values = parameter.detach().cpu().contiguous();
        return values.bytes.ToArray();
    });

    /// <summary>The table of positions with the vector of token type 0, which nearly all tokens have, added to each.</summary>
    public OnnxTensor Positions(Parameter positions, Parameter? types) => types is null ? Tensor(positions) : Tensor(positions) with
    {
        Content = () =>
        {
            float[] table = Values(positions);
            ReadOnlySpan<float> type = Values(types).AsSpan(0, (int)types.shape[1]);
            for (int at = 0; at < table.Length; at += type.Length)
                TensorPrimitives.Add(table.AsSpan(at, type.Length), type, table.AsSpan(at, type.Length));
            return Bytes(table);
        },
    };

    /// <summary>What each token type adds to type 0.</summary>
    public OnnxTensor Types(Parameter types) => Tensor(types) with
    {
        Content = () =>
        {
            float[] table = Values(types);
            float[] first = table[..(int)types.shape[1]];
            for (int at = 0; at < table.Length; at += first.Length)
                TensorPrimitives.Subtract(table.AsSpan(at, first.Length), first, table.AsSpan(at, first.Length));
            return Bytes(table);
        },
    };

    /// <summary>A linear layer's matrix the way MatMul takes it: [inputs, outputs].</summary>
    public OnnxTensor Matrix(Parameter parameter)
    {
        long[] shape = parameter.shape;
        return new OnnxTensor(_names[parameter], OnnxType.Float, [shape[1], shape[0]], () =>
        {
            using Tensor transposed = parameter.detach().cpu().t().contiguous();
            return transposed.bytes.ToArray();
        });
    }

    /// <summary>
    /// A linear layer's matrix as signed bytes, [inputs, outputs], and a scale for each output: the largest magnitude of its
    /// weights becomes 127, zero stays zero, as onnxruntime.quantization.quantize_dynamic has it per channel.
    /// </summary>
    public (OnnxTensor Matrix, OnnxTensor Scales) QuantizedMatrix(Parameter parameter)
    {
        (OnnxTensor rows, OnnxTensor scales) = QuantizedRows(parameter);
        return (rows with { Shape = [rows.Shape[1], rows.Shape[0]], Content = () => Transposed(rows) }, scales with { Shape = [rows.Shape[0]] });
    }

    /// <summary>A table as signed bytes, and a scale for each row: [rows, 1].</summary>
    public (OnnxTensor Table, OnnxTensor Scales) QuantizedRows(Parameter parameter)
    {
        long[] shape = parameter.shape;
        string name = _names[parameter];
        float[] scales = new float[shape[0]];
        float[] values = Values(parameter);
        for (int row = 0; row < scales.Length; row++)
        {
            float largest = Math.Abs(TensorPrimitives.MaxMagnitude(Row(values, row, shape[1])));
            scales[row] = largest == 0 ? 1 : largest / LargestByte;
        }
        return (new OnnxTensor(name + "_quantized", OnnxType.Int8, shape, () => Quantize(Values(parameter), scales)),
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

    private static float[] Values(Parameter parameter)
    {
        using Tensor values = parameter.detach().cpu().contiguous();
        return values.data<float>().ToArray();
    }

    private static ReadOnlyMemory<byte> Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
