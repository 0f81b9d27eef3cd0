using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace SentimentML.Torch;

/// <summary>
/// A backward pass through functions of our own. Native code calls them, and a managed exception in native frames ends the process. An exception is
/// therefore kept, and thrown when the pass has ended.
/// </summary>
internal static class BackwardPass
{
    [ThreadStatic]
    private static Exception? fault; // of this thread's pass

    /// <summary>Computes the gradients of a loss; what the gradients of a function in it throw is thrown here.</summary>
    /// <param name="loss">A scalar, computed on this thread within the caller's dispose scope, which keeps the gradients on their way.</param>
    public static void Run(Tensor loss)
    {
        fault = null;
        loss.backward();
        if (fault is { } thrown)
            ExceptionDispatchInfo.Throw(thrown);
    }

    /// <summary>The same, with the gradients for the caller instead of added to the parameters' own.</summary>
    /// <param name="loss">A scalar, computed on this thread within the caller's dispose scope.</param>
    /// <param name="parameters">What the loss depends on.</param>
    /// <returns>A gradient for each parameter.</returns>
    public static Tensor[] Gradients(Tensor loss, IReadOnlyList<Tensor> parameters)
    {
        fault = null;
        IList<Tensor> gradients = autograd.grad([loss], [.. parameters]);
        if (fault is { } thrown)
            ExceptionDispatchInfo.Throw(thrown);
        return [.. gradients];
    }

    /// <summary>What a function's backward returns.</summary>
    /// <param name="inputs">How many arguments the function has.</param>
    /// <param name="gradients">The gradients by those that are tensors and come first; nothing is known of the others.</param>
    public static List<Tensor> Gradients(int inputs, Func<Tensor[]> gradients)
    {
        Tensor[] known = [];
        try
        {
            known = gradients();
        }
        catch (Exception e)
        {
            fault = e;
        }
        return [.. known, .. Enumerable.Repeat<Tensor>(null!, inputs - known.Length)];
    }
}
