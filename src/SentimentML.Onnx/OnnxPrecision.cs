using System.Diagnostics.CodeAnalysis;

namespace SentimentML;

/// <summary>The numbers that an ONNX model computes with.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "These are the names that the field has for them.")]
public enum OnnxPrecision
{
    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>
    /// Matrices as signed 8-bit integers with a scale for each output channel, their inputs quantized to 8 bits while the
    /// model runs (dynamic quantization); everything between them in float32. A quarter of the size.
    /// </summary>
    Int8,
}
