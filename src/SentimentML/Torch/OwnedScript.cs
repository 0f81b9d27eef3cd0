using System.Reflection;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// A TorchScript module that gives back all that it takes, its weights and its compiled code, when it is disposed and also when it
/// is dropped. TorchSharp does neither: Module.Dispose walks the module's children, among which libtorch counts the module itself,
/// and keeps the reference that this makes for good; and there is no finalizer that would. So the native handle alone is disposed.
/// </summary>
internal sealed class OwnedScript(jit.ScriptModule script) : IDisposable
{
    /// <summary>Null in a TorchSharp that calls it otherwise, where a disposed script keeps its memory.</summary>
    private static readonly FieldInfo? Handle = typeof(nn.Module).GetField("handle", BindingFlags.Instance | BindingFlags.NonPublic);

    private int _released;

    ~OwnedScript() => Release();

    /// <summary>
    /// Calls a method; numbers among the arguments stay alive while libtorch reads them. A call and <see cref="Dispose"/> must not
    /// overlap.
    /// </summary>
    public object? invoke(string name, params object[] arguments)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _released) != 0, this);
        using var held = new HeldArguments(arguments);
        object? result = script.invoke(name, held.Values);
        GC.KeepAlive(this); // else it could be freed under the hands of its last call
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
        (Handle?.GetValue(script) as IDisposable ?? script).Dispose();
        NativeHeap.GiveBack();
    }
}
