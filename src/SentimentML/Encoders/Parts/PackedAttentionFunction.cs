using SentimentML.Torch;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary><see cref="PackedAttention"/> with its gradients, as a function of libtorch's autograd.</summary>
internal sealed class PackedAttentionFunction : autograd.SingleTensorFunction<PackedAttentionFunction>
{
    private const string Rows = "rows";

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
            : PackedAttention.Attend(query, key, value, rows);

    public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
    {
        (Tensor query, Tensor key, Tensor value) = ((Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2]);
        BackwardPass.Prepare(context);
        context.save_for_backward([query, key, value]);
        context.save_data(Rows, arguments[3]);
        return PackedAttention.Attend(query, key, value, (AttentionRows)arguments[3]);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient) => BackwardPass.OfFunction(gradient, inputs: 4, () =>
    {
        List<Tensor> saved = context.get_saved_variables();
        using Tensor query = saved[0], key = saved[1], value = saved[2];
        (Tensor byQuery, Tensor byKey, Tensor byValue) = PackedAttentionGradient.Of(query, key, value, gradient, (AttentionRows)context.get_data(Rows));
        return [byQuery, byKey, byValue];
    });
}
