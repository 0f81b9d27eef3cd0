using SentimentML.Inference;
using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Tests.Inference;

public class QuantizedMatrixTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 63)]
    [InlineData(5, 64)]
    [InlineData(7, 200)]
    public void Numbers_are_rounded_by_their_rows_largest_as_libtorch_would(int outputs, int inputs)
    {
        using var generator = new Generator(3, CPU);
        using Tensor matrix = empty(outputs, inputs).normal_(0, 0.05, generator);
        matrix[0].zero_();
        (Tensor whole, Tensor scales) = QuantizedMatrix.Of(matrix);
        using Tensor expectedScales = matrix.abs().amax([1]).clamp_min(1e-12).Over(127);
        using Tensor expected = (matrix / expectedScales.unsqueeze(1)).round_().to(ScalarType.Int8);
        Assert.Equal(expectedScales.data<float>().ToArray(), scales.data<float>().ToArray());
        Assert.Equal(expected.data<sbyte>().ToArray(), whole.data<sbyte>().ToArray());
    }

    [Fact]
    public void Rows_of_a_larger_matrix_are_taken_from_where_they_lie()
    {
        using Tensor matrix = arange(12, dtype: ScalarType.Float32).reshape(3, 4);
        using Tensor columns = matrix.t(); // not row-major
        (Tensor whole, Tensor scales) = QuantizedMatrix.Of(columns);
        Assert.Equal([8 / 127f, 9 / 127f, 10 / 127f, 11 / 127f], scales.data<float>().ToArray());
        Assert.Equal([0, 64, 127, 14, 71, 127, 25, 76, 127, 35, 81, 127], whole.data<sbyte>().ToArray());
    }

    [Theory]
    [InlineData(1f, true)]
    [InlineData(float.NaN, false)]
    [InlineData(float.NegativeInfinity, false)]
    public void A_number_that_is_none_is_found_wherever_it_stands(float value, bool finite)
    {
        using Tensor values = zeros(1000);
        values[997] = value;
        Assert.Equal(finite, QuantizedMatrix.IsFinite(values));
    }
}
