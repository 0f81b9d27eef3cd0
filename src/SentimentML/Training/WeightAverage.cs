using SentimentML.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>
/// The exponential moving average of the trained weights over the steps (Polyak and Juditsky, 1992), which stands nearer to the middle
/// of a valley than the last step's weights. The first steps count less: the decay is at most (1 + step) / (10 + step), as
/// TensorFlow's ExponentialMovingAverage has it.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private static readonly Lazy<jit.CompilationUnit> Kernels = new(() => TorchScript.Compile("""
        def average(averages: List[Tensor], weights: List[Tensor], share: float):
            torch._foreach_lerp_(averages, weights, share)
        """));

    private readonly double _decay;
    private readonly IReadOnlyList<(string Name, Parameter Parameter)> _trained;

    public WeightAverage(IReadOnlyList<(string Name, Parameter Parameter)> trained, double decay)
    {
        _trained = trained;
        _decay = decay;
        Averages = [.. trained.Select(p => (p.Name, p.Parameter.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>The averages by their parameters' names, for a checkpoint.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Averages { get; }

    /// <summary>Takes the weights of a step in.</summary>
    /// <param name="step">The step, counted from 1.</param>
    public void Update(int step)
    {
        using var _ = no_grad();
        double decay = Math.Min(_decay, (1.0 + step) / (10.0 + step));
        using var arguments = new HeldArguments([Averages.Select(a => a.Tensor).ToArray(), _trained.Select(p => (Tensor)p.Parameter).ToArray(), 1 - decay]);
        Kernels.Value.invoke("average", arguments.Values);
    }

    /// <summary>Exchanges weights and averages: for an evaluation, and back after it.</summary>
    public void Exchange()
    {
        using var _ = no_grad();
        foreach (((string _, Tensor average), (string _, Parameter parameter)) in Averages.Zip(_trained))
        {
            using Tensor weights = parameter.detach().clone();
            parameter.copy_(average);
            average.copy_(weights);
        }
    }

    public void Dispose()
    {
        foreach ((string _, Tensor average) in Averages)
            average.Dispose();
    }
}
