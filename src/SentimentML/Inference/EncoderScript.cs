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
        string source = Source("encoder") + Source("attention." + attention) + Source("linear." + linearLayers);
        return new(jit.load<Tensor, Tensor>(TorchScriptArchive.Write(source, "Encoder", new Dictionary<string, string>
        {
            ["activation"] = Inner(config.Activation),
            ["head_activation"] = config.HeadActivation.ToString(),
        })));
    }

    /// <summary>relu, or what libtorch calls the form of gelu.</summary>
    private static string Inner(Activation activation) => activation switch
    {
        Activation.Relu => "relu",
        Activation.GeluTanh => "tanh",
        Activation.Gelu => "none",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "No function between a layer's matrices."),
    };

    private static string Source(string name)
    {
        using Stream stream = typeof(EncoderScript).Assembly.GetManifestResourceStream($"SentimentML.TorchScript.{name}.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
