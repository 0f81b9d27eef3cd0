using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>libtorch's operators that TorchSharp does not bind, called through a few lines of TorchScript.</summary>
internal static class TorchScript
{
    /// <summary>Compiles functions; their last line needs no line end.</summary>
    public static jit.CompilationUnit Compile(string source) => jit.compile(source + "\n");

    /// <summary>Calls a function whose arguments may be numbers (long, double), which stay alive while libtorch reads them (<see cref="HeldScalars"/>).</summary>
    public static T Call<T>(this jit.CompilationUnit unit, string name, params object[] arguments) => Held(arguments, held => unit.invoke<T>(name, held));

    /// <inheritdoc cref="Call{T}(jit.CompilationUnit, string, object[])"/>
    public static void Call(this jit.CompilationUnit unit, string name, params object[] arguments) => Held(arguments, held => unit.invoke(name, held));

    /// <inheritdoc cref="Call{T}(jit.CompilationUnit, string, object[])"/>
    public static T Call<T>(this jit.ScriptModule module, string name, params object[] arguments) => Held(arguments, held => module.invoke<T>(name, held));

    /// <inheritdoc cref="Call{T}(jit.CompilationUnit, string, object[])"/>
    public static void Call(this jit.ScriptModule module, string name, params object[] arguments) => Held(arguments, held => module.invoke(name, held));

    private static T Held<T>(object[] arguments, Func<object[], T> call)
    {
        object[] held = Array.ConvertAll(arguments, argument => argument switch
        {
            long whole => (Scalar)whole,
            double real => (Scalar)real,
            _ => argument,
        });
        T result = call(held);
        GC.KeepAlive(held);
        return result;
    }
}
