using SentimentML.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Tests.Encoders;

/// <summary>The functions between matrices against transformers' formulas (activations.py), in float64.</summary>
public class ActivationTests
{
    [Fact]
    public void Every_activation_is_transformers_formula()
    {
        double[] inputs = [.. Enumerable.Range(-80, 161).Select(i => i / 10.0)];
        using Tensor x = tensor(inputs);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            using Tensor y = activation.Apply(x);
            Goldens.Near(activation.ToString(), [.. inputs.Select(value => Formula(activation, value))], y.data<double>().ToArray(), 1e-12);
        }
    }

    private static double Formula(Activation activation, double x) => activation switch
    {
        Activation.Gelu => x * 0.5 * (1 + special.erf(tensor(x / Math.Sqrt(2))).ToDouble()),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * Math.Pow(x, 3)))),
        Activation.QuickGelu => x * Sigmoid(1.702 * x),
        Activation.Relu => Math.Max(0, x),
        Activation.Relu6 => Math.Min(Math.Max(0, x), 6),
        Activation.SquaredRelu => Math.Pow(Math.Max(0, x), 2),
        Activation.LeakyRelu => Math.Max(0, x) + 0.01 * Math.Min(0, x),
        Activation.Silu => x * Sigmoid(x),
        Activation.Mish => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        Activation.Sigmoid => Sigmoid(x),
        Activation.Tanh => Math.Tanh(x),
        Activation.Identity => x,
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
