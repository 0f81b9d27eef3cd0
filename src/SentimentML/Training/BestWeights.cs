using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>A copy, in the computer's memory, of the weights as they were when the score was highest; the earlier of equals.</summary>
internal sealed class BestWeights(IReadOnlyList<(string Name, Parameter Parameter)> trained) : IDisposable
{
    private readonly List<(string Name, Tensor Tensor)> _copies = [];

    /// <summary>The highest score so far; null before the first.</summary>
    public double? Score { get; private set; }

    /// <summary>The kept weights, for a checkpoint; empty before the first.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Copies => _copies;

    /// <summary>Keeps the weights when they are better than those kept.</summary>
    /// <returns>Whether they are.</returns>
    public bool Offer(double score)
    {
        if (Score is { } best && !(score > best))
            return false;
        Reserve(score);
        using var _ = no_grad();
        foreach (((string _, Tensor copy), (string _, Parameter parameter)) in _copies.Zip(trained))
            copy.copy_(parameter);
        return true;
    }

    /// <summary>Makes room for weights of this score, which the caller fills from a checkpoint.</summary>
    public void Reserve(double score)
    {
        Score = score;
        if (_copies.Count > 0)
            return;
        foreach ((string name, Parameter parameter) in trained)
            _copies.Add((name, empty(parameter.shape).DetachFromDisposeScope()));
    }

    /// <summary>Puts the kept weights back; does nothing where none were offered.</summary>
    public void Restore()
    {
        using var _ = no_grad();
        foreach (((string _, Tensor copy), (string _, Parameter parameter)) in _copies.Zip(trained))
            parameter.copy_(copy);
    }

    public void Dispose()
    {
        foreach ((string _, Tensor copy) in _copies)
            copy.Dispose();
    }
}
