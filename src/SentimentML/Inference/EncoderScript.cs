using SentimentML.Encoders;
using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>The encoder's TorchScript (TorchScript/*.py), with one of its kinds of attention and of linear layers.</summary>
internal static class EncoderScript
{
    /// <param name="attention">grouped or packed: which TorchScript/attention.*.py.</param>
    /// <param name="linearLayers">aten, onednn or int8: which TorchScript/linear.*.py.</param>
    /// <param name="config">The network's, for its activations.</param>
    public static OwnedScript Load(string attention, string linearLayers, EncoderConfig config)
    {
        string source = Source("encoder") + Source("attention." + attention) + Source("linear." + linearLayers)
            + Function("activate", config.Activation, inPlace: false) + Function("activate_own", config.Activation, inPlace: true)
            + Function("activate_head", config.HeadActivation, inPlace: false);
        (string postOp, string form) = config.Activation switch
        {
            Activation.Relu => ("relu", ""),
            Activation.Gelu => ("gelu", "none"),
            Activation.GeluTanh => ("gelu", "tanh"),
            _ => ("", ""),
        };
        return new(jit.load<Tensor, Tensor>(TorchScriptArchive.Write(source, "Encoder", new Dictionary<string, string>
        {
            ["post_op"] = postOp,
            ["post_op_form"] = form,
        })));
    }

    private static string Function(string name, Activation activation, bool inPlace) => $"""

          def {name}(self: __torch__.Encoder, x: Tensor) -> Tensor:
            return {Expression(activation, inPlace ? "_" : "")}

        """;

    /// <param name="activation">A function of x.</param>
    /// <param name="ending">What libtorch puts behind the name of an operator that overwrites its input, or nothing.</param>
    private static string Expression(Activation activation, string ending) => activation switch
    {
        Activation.Gelu => $"torch.gelu{ending}(x)",
        Activation.GeluTanh => $"torch.gelu{ending}(x, approximate=\"tanh\")",
        Activation.QuickGelu => $"torch.mul{ending}(x, torch.sigmoid(torch.mul(x, 1.702)))",
        Activation.Relu => $"torch.relu{ending}(x)",
        Activation.Relu6 => $"torch.relu6{ending}(x)",
        Activation.SquaredRelu => $"torch.square{ending}(torch.relu{ending}(x))",
        Activation.LeakyRelu => $"torch.leaky_relu{ending}(x, 0.01)",
        Activation.Silu => $"torch.silu{ending}(x)",
        Activation.Mish => $"torch.mish{ending}(x)",
        Activation.Sigmoid => $"torch.sigmoid{ending}(x)",
        Activation.Tanh => $"torch.tanh{ending}(x)",
        Activation.Identity => "x",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "An unknown function."),
    };

    private static string Source(string name)
    {
        using Stream stream = typeof(EncoderScript).Assembly.GetManifestResourceStream($"SentimentML.TorchScript.{name}.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
