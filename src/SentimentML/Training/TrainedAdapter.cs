using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>A LoRA as it was before it was merged: its matrices and the head, by their names in the network.</summary>
internal sealed class TrainedAdapter
{
    private readonly (string Name, long[] Shape, float[] Values)[] _parameters;

    public TrainedAdapter(IEnumerable<(string Name, Parameter Parameter)> trained, int rank, double alpha)
    {
        Rank = rank;
        Alpha = alpha;
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _parameters = [.. trained.Select(t => (t.Name, t.Parameter.shape, t.Parameter.cpu().data<float>().ToArray()))];
    }

    public int Rank { get; }

    public double Alpha { get; }

    /// <summary>The parameters as tensors of the current dispose scope.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Tensors() => [.. _parameters.Select(p => (p.Name, tensor(p.Values, p.Shape)))];
}
