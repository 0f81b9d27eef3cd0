using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary><see cref="PackedAttentionGradient"/> as a step that libtorch's autograd calls.</summary>
internal sealed class PackedAttentionFunction : autograd.SingleTensorFunction<PackedAttentionFunction>
{
    private const string Rows = "rows";

    /// <summary>What went wrong in a backward pass of this thread. libtorch's frames lie between it and the caller, and no exception may cross them.</summary>
    [ThreadStatic]
    private static Exception? fault;

    public override string Name => nameof(PackedAttentionFunction);

    /// <summary>With gradients only if they are asked for.</summary>
    /// <param name="query">[tokens, hidden]; keys and values likewise</param>
    /// <param name="key">What is compared with the queries.</param>
    /// <param name="value">What is averaged.</param>
    /// <param name="rows">Which tokens belong together.</param>
    /// <returns>[tokens, hidden]</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, AttentionRows rows) =>
        is_grad_enabled() && (query.requires_grad || key.requires_grad || value.requires_grad)
            ? apply(query, key, value, rows)
            : PackedAttentionGradient.Forward(query, key, value, rows);

    /// <summary>Throws what a backward pass of this thread could not.</summary>
    public static void ThrowFault()
    {
        if (fault is not { } thrown)
            return;
        fault = null;
        throw thrown;
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
    {
        (Tensor query, Tensor key, Tensor value) = ((Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2]);
        context.save_for_backward([query, key, value]);
        context.save_data(Rows, arguments[3]);
        return PackedAttentionGradient.Forward(query, key, value, (AttentionRows)arguments[3]);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        try
        {
            List<Tensor> saved = context.get_saved_variables();
            (Tensor query, Tensor key, Tensor value) =
                PackedAttentionGradient.Backward(saved[0], saved[1], saved[2], gradient, (AttentionRows)context.get_data(Rows));
            return [query, key, value, null!];
        }
        catch (Exception e)
        {
            fault = e;
            return [null!, null!, null!, null!];
        }
    }
}
