using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// A backward pass through functions of our own. Native code calls them, on a GPU from a thread of its own, and a managed exception in native frames
/// ends the process. An exception is therefore kept, and thrown when the pass has ended.
/// </summary>
internal static class BackwardPass
{
    // TorchSharp's own backward and autograd.grad let exceptions pass through native frames, such as oneDNN's for memory that runs out: the process ends.
    private static readonly Lazy<jit.CompilationUnit> Script = new(() => TorchScript.Compile("""
        def backward(loss: Tensor):
            loss.backward()
            return loss

        def gradients(outputs: List[Tensor], inputs: List[Tensor], seeds: List[Tensor]) -> List[Tensor]:
            of_outputs: List[Optional[Tensor]] = []
            for seed in seeds:
                of_outputs.append(seed)
            found: List[Tensor] = []
            for gradient in torch.autograd.grad(outputs, inputs, of_outputs):
                assert gradient is not None
                found.append(gradient)
            return found
        """));

    [ThreadStatic]
    private static FaultOfPass? current;

    [ThreadStatic]
    private static IReadOnlyList<Tensor>? given; // to native code, which has them by the time that it calls again

    /// <summary>Where the functions that the calling thread puts into its loss keep what they throw.</summary>
    public static FaultOfPass Fault => current ??= new FaultOfPass();

    /// <summary>Adds the gradients of a loss to the parameters' own; what the gradients of a function in it throw is thrown here.</summary>
    /// <param name="loss">A scalar, computed on this thread.</param>
    public static void Run(Tensor loss)
    {
        Fault.Thrown = null;
        using Tensor _ = Script.Value.invoke<Tensor>("backward", loss);
        DisposeGiven();
        Throw();
    }

    /// <summary>The same, with the gradients for the caller instead of added to the parameters' own.</summary>
    /// <param name="loss">A scalar, computed on this thread.</param>
    /// <param name="parameters">What the loss depends on.</param>
    /// <returns>A gradient for each parameter.</returns>
    public static Tensor[] Gradients(Tensor loss, IReadOnlyList<Tensor> parameters)
    {
        Fault.Thrown = null;
        using Tensor one = ones_like(loss);
        return GradientsWithin(loss, parameters, one);
    }

    /// <summary>The gradients of a part that a function computes again within a pass.</summary>
    /// <param name="output">What was computed, on this thread.</param>
    /// <param name="inputs">What it depends on: all of them, or libtorch refuses.</param>
    /// <param name="gradient">Of the output.</param>
    public static Tensor[] GradientsWithin(Tensor output, IReadOnlyList<Tensor> inputs, Tensor gradient)
    {
        try
        {
            return [.. Script.Value.invoke<IList<Tensor>>("gradients", new[] { output }, inputs.ToArray(), new[] { gradient })];
        }
        finally
        {
            Throw(); // rather than what libtorch says of gradients that are not there
        }
    }

    /// <summary>
    /// Prepares a function: no zeros are made for a gradient that is not there, as behind a function that failed. TorchSharp would take their shape
    /// from a tensor that the caller's dispose scope has freed, and end the process.
    /// </summary>
    public static void Prepare(autograd.AutogradContext context) => context.set_materialize_grads(false);

    /// <summary>
    /// What the backward of a function that was prepared returns. No gradient waits for the end of the caller's dispose scope: those that come in are
    /// disposed here, those that go out when the next function is called.
    /// </summary>
    /// <param name="gradient">Of the function's result.</param>
    /// <param name="inputs">How many arguments the function has.</param>
    /// <param name="gradients">The gradients by those that are tensors and come first, null for none; nothing is known of the others.</param>
    /// <param name="fault">The pass's, from when the function was called; null where no other thread can call this: the calling thread's.</param>
    public static List<Tensor> OfFunction(Tensor gradient, int inputs, Func<Tensor[]> gradients, FaultOfPass? fault = null)
    {
        DisposeGiven();
        Tensor[] known = [];
        try
        {
            if (!gradient.IsInvalid)
                known = gradients();
        }
        catch (Exception e)
        {
            (fault ?? Fault).Thrown ??= e;
        }
        gradient.Dispose();
        DisposeGiven(); // of functions within this one
        given = known;
        return [.. known, .. Enumerable.Repeat<Tensor>(null!, inputs - known.Length)];
    }

    private static void DisposeGiven()
    {
        foreach (Tensor? each in given ?? [])
            each?.Dispose();
        given = null;
    }

    private static void Throw()
    {
        if (Fault.Thrown is { } thrown)
            ExceptionDispatchInfo.Throw(thrown);
    }

    /// <summary>What the first function to fail has thrown.</summary>
    internal sealed class FaultOfPass
    {
        public Exception? Thrown { get; set; }
    }
}
