using SentimentML.Encoders;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Inference;

/// <summary>The encoder's TorchScript (TorchScript/*.py), with one of its kinds of linear layers.</summary>
internal static class EncoderScript
{
    /// <param name="linearLayers">aten, onednn or int8: which TorchScript/linear.*.py.</param>
    /// <param name="activation">What follows the first matrix of the feed-forward network.</param>
    public static OwnedScript Load(string linearLayers, Activation activation) =>
        new(jit.load<Tensor, Tensor>(TorchScriptArchive.Write(
            Source("encoder") + Source("linear." + linearLayers), "Encoder", new Dictionary<string, string> { ["activation"] = Name(activation) })));

    /// <summary>relu, or what libtorch calls the form of gelu.</summary>
    private static string Name(Activation activation) => activation switch
    {
        Activation.Relu => "relu",
        Activation.GeluTanh => "tanh",
        _ => "none",
    };

    private static string Source(string name)
    {
        using Stream stream = typeof(EncoderScript).Assembly.GetManifestResourceStream($"SentimentML.TorchScript.{name}.py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
