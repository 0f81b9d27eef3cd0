using SentimentML.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace SentimentML.Training;

/// <summary>A LoRA as it was before it was merged: its matrices and the head, by their names in the network.</summary>
internal sealed class TrainedAdapter
{
    private readonly (string Name, long[] Shape, float[] Values)[] _parameters;

    public TrainedAdapter(IEnumerable<(string Name, Tensor Values)> trained, int rank, double alpha)
    {
        Rank = rank;
        Alpha = alpha;
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        _parameters = [.. trained.Select(t => (t.Name, t.Values.shape, t.Values.cpu().data<float>().ToArray()))];
    }

    public int Rank { get; }

    public double Alpha { get; }

    /// <summary>The model that the adapter changes, if that is another than the training started from.</summary>
    public string? Backbone { get; init; }

    /// <summary>The parameters as tensors of the current dispose scope.</summary>
    public IReadOnlyList<(string Name, Tensor Values)> Tensors() => [.. _parameters.Select(p => (p.Name, tensor(p.Values, p.Shape)))];

    /// <summary>
    /// This adapter and one that was merged before the training, as one adapter of the model below both: thin matrices side by side are the
    /// sum of their products.
    /// </summary>
    /// <param name="start">The adapter that was merged.</param>
    /// <returns>Null if that one scales rows (DoRA), or replaces parameters that the training left as they were.</returns>
    public TrainedAdapter? Over(PeftAdapter start)
    {
        using var _ = no_grad();
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<(string Name, Tensor Values)> own = Tensors();
        if (start.ScalesRows || start.ReplacedParameters.Except(own.Select(t => t.Name)).Any())
            return null;
        double scale = Alpha / Rank;
        ThinMatrices[] before = [.. start.Products(scale)];
        int rank = Rank + before.Select(matrices => matrices.Rank).DefaultIfEmpty().Max();
        var together = new List<(string Name, Tensor Values)>();
        foreach (IGrouping<string, ThinMatrices> module in before.Concat(ThinMatrices.Of(own)).GroupBy(matrices => matrices.Module, StringComparer.Ordinal))
        {
            ThinMatrices any = module.First();
            int missing = rank - module.Sum(matrices => matrices.Rank);
            together.Add((any.FirstName, cat([.. module.Select(matrices => matrices.First), zeros(missing, any.First.shape[1])])));
            together.Add((any.SecondName, cat([.. module.Select(matrices => matrices.Second), zeros(any.Second.shape[0], missing)], 1)));
        }
        together.AddRange(own.Where(t => !ThinMatrices.IsOne(t.Name)));
        return new TrainedAdapter(together, rank, scale * rank) { Backbone = start.Base };
    }
}
