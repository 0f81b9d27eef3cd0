using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>A copy, in the computer's memory, of the weights as they were when the score was highest; the earlier of equals.</summary>
internal sealed class BestWeights(nn.Module network) : IDisposable
{
    private readonly Dictionary<string, Tensor> _copy = [];
    private double _score = double.NegativeInfinity;

    public void Offer(double score)
    {
        if (score <= _score)
            return;
        _score = score;
        using var _ = no_grad();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            if (_copy.TryGetValue(name, out Tensor? copy))
                copy.copy_(parameter);
            else
                _copy[name] = parameter.detach().to(CPU, copy: true).DetachFromDisposeScope();
        }
    }

    /// <summary>Puts the kept weights back; does nothing where none were offered.</summary>
    public void Restore()
    {
        using var _ = no_grad();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
            if (_copy.TryGetValue(name, out Tensor? copy))
                parameter.copy_(copy);
    }

    public void Dispose()
    {
        foreach (Tensor copy in _copy.Values)
            copy.Dispose();
    }
}
