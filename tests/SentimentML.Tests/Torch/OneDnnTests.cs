using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SentimentML.Tests.Torch;

public class OneDnnTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor, Tensor> Ours, Func<Tensor, Tensor, Tensor, Tensor> Libtorchs)> Functions = new()
    {
        ["gelu"] = ((x, _, _) => OneDnn.Gelu(x), (x, _, _) => functional.gelu(x)),
        ["gelu by tanh"] = ((x, _, _) => OneDnn.GeluTanh(x), (x, _, _) => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh)),
        ["product that is added"] = (AddThreeTimes, (x, matrix, y) => addmm(y.expand_as(x), x, matrix, 1, 3)),
        ["linear"] = (OneDnn.Linear, functional.linear),
        ["linear without bias"] = ((x, weight, _) => OneDnn.Linear(x, weight, null), (x, weight, _) => functional.linear(x, weight)),
    };

    public static TheoryData<string, ScalarType> Cases =>
        new(from name in Functions.Keys from type in (ScalarType[])[ScalarType.Float32, ScalarType.BFloat16] select (name, type));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Results_and_gradients_are_libtorchs_own_however_often_a_function_is_called(string name, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new Generator(3);
        for (int call = 0; call < 16; call++) // TorchScript compiles a function anew after its first calls, for what it has seen
        {
            Tensor[] inputs = [Random(random, type, 5 + call, 24), Random(random, type, 24, 24), Random(random, type, 24)];
            for (int i = 0; i < inputs.Length; i++)
                inputs[i].requires_grad = ((call * 5 + 1) >> i) % 2 == 1; // each of 8 kinds twice, not in order
            Assert.Equal(Of(Functions[name].Libtorchs, inputs), Of(Functions[name].Ours, inputs));
        }
    }

    private static Tensor AddThreeTimes(Tensor x, Tensor matrix, Tensor y)
    {
        using Scalar three = 3.0;
        return OneDnn.AddProduct(y.expand_as(x), x, matrix, three);
    }

    private static Tensor Random(Generator random, ScalarType type, params long[] shape) => randn(shape, generator: random).to(type);

    /// <summary>The result and the gradients of the inputs that it depends on.</summary>
    private static float[][] Of(Func<Tensor, Tensor, Tensor, Tensor> function, Tensor[] inputs)
    {
        foreach (Tensor input in inputs)
            input.grad = null;
        Tensor y = function(inputs[0], inputs[1], inputs[2]);
        if (y.requires_grad)
            (y * y.detach()).sum().backward();
        return [.. inputs.Select(input => input.grad).Prepend(y).Select(tensor => tensor is null ? [] : tensor.to(ScalarType.Float32).data<float>().ToArray())];
    }
}
