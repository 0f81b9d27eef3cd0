using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// A TorchScript module that gives its tensors back, when it is disposed and also when it is dropped. TorchSharp does neither:
/// disposing a script module makes one more reference to it that nothing frees, and there is no finalizer that would. So the
/// script empties itself first, by its method "release"; what is left over is the module's shell, without a tensor.
/// </summary>
internal sealed class OwnedScript(jit.ScriptModule script) : IDisposable
{
    private int _released;

    ~OwnedScript() => Release();

    /// <summary>Calls a method; numbers among the arguments stay alive while libtorch reads them.</summary>
    public object? invoke(string name, params object[] arguments)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _released) != 0, this);
        using var held = new HeldArguments(arguments);
        object? result = script.invoke(name, held.Values);
        GC.KeepAlive(this); // else it could be emptied under the hands of its last call
        return result;
    }

    /// <inheritdoc cref="invoke(string, object[])"/>
    public T invoke<T>(string name, params object[] arguments) => (T)invoke(name, arguments)!;

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
            return;
        script.invoke("release", Array.Empty<object>());
        script.Dispose();
        NativeHeap.GiveBack();
    }
}
