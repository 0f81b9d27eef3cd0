using TorchSharp;

namespace SentimentML.Torch;

/// <summary>
/// Arguments of a TorchScript call whose numbers stay alive until it is over: TorchSharp hands libtorch a Scalar for each
/// double and long, and nothing refers to it during the call (see <see cref="HeldScalars"/>).
/// </summary>
internal readonly struct HeldArguments(object[] arguments) : IDisposable
{
    /// <summary>The arguments, with a Scalar of ours in each number's place.</summary>
    public object[] Values { get; } = Array.ConvertAll(arguments, argument => argument switch
    {
        double number => (Scalar)number,
        float number => (Scalar)number,
        long number => (Scalar)number,
        _ => argument,
    });

    public void Dispose()
    {
        foreach ((object given, object value) in arguments.Zip(Values))
            if (value is Scalar ours && !ReferenceEquals(given, value))
                ours.Dispose();
    }
}
