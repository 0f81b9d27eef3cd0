using SentimentML.Numerics;
using SentimentML.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Encoders;

/// <summary>
/// Gradient checkpointing (Chen et al., 2016, arXiv:1604.06174): of a layer its input alone is kept for the gradients, and what is inside it is
/// computed again when they are, with the same random numbers.
/// </summary>
internal sealed class RecomputedLayer : autograd.SingleTensorFunction<RecomputedLayer>
{
    private const string Call = "call";

    public override string Name => nameof(RecomputedLayer);

    /// <summary>What the layer computes; as it computes it itself where no gradients are asked for.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="hidden">Its input.</param>
    /// <param name="batch">The tokens, which must live until the gradients are computed.</param>
    /// <param name="dropout">What the layer's random numbers come from.</param>
    public static Tensor Forward(EncoderLayer layer, Tensor hidden, TokenBatch batch, DropoutSource dropout)
    {
        if (!is_grad_enabled())
            return layer.forward(hidden, batch);
        Parameter[] trained = [.. layer.TrainedParameters()];
        return hidden.requires_grad || trained.Length > 0
            ? apply([hidden, .. trained, new LayerCall(layer, batch, trained, dropout, dropout.Mark(), BackwardPass.Fault)])
            : layer.forward(hidden, batch);
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
    {
        using var _ = no_grad();
        var (hidden, call) = ((Tensor)arguments[0], (LayerCall)arguments[^1]);
        BackwardPass.Prepare(context);
        context.save_for_backward([hidden]);
        context.save_data(Call, call);
        return call.Layer.forward(hidden, call.Batch);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        var call = (LayerCall)context.get_data(Call);
        return BackwardPass.OfFunction(
            gradient, inputs: call.Trained.Count + 2, () => Gradients(context.get_saved_variables()[0], call, gradient), call.Fault);
    }

    private static Tensor[] Gradients(Tensor saved, LayerCall call, Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        using var _ = enable_grad();
        scope.Attach(saved);
        Tensor hidden = saved.detach().requires_grad_(saved.requires_grad);
        VectorRandom here = call.Dropout.GoTo(call.Mark);
        Tensor output = call.Layer.forward(hidden, call.Batch);
        call.Dropout.GoTo(here);
        Tensor[] gradients = BackwardPass.GradientsWithin(output, hidden.requires_grad ? [hidden, .. call.Trained] : call.Trained, gradient);
        foreach (Tensor each in gradients)
            each.MoveToOuterDisposeScope();
        return hidden.requires_grad ? gradients : [null!, .. gradients];
    }

    /// <param name="Layer">What is computed.</param>
    /// <param name="Batch">The tokens.</param>
    /// <param name="Trained">The layer's parameters that get gradients.</param>
    /// <param name="Dropout">What the random numbers come from.</param>
    /// <param name="Mark">Where they began.</param>
    /// <param name="Fault">Of the pass that computes the gradients.</param>
    private sealed record LayerCall(
        EncoderLayer Layer, TokenBatch Batch, IReadOnlyList<Parameter> Trained, DropoutSource Dropout, VectorRandom Mark, BackwardPass.FaultOfPass Fault);
}
