using SentimentML.Encoders;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Linear = SentimentML.Encoders.Linear;

namespace SentimentML.Training;

/// <summary>A parameter that a run changes.</summary>
/// <param name="Name">As transformers and peft name it.</param>
/// <param name="Parameter">The parameter.</param>
/// <param name="LearningRateScale">A factor on the learning rate.</param>
internal sealed record TrainedParameter(string Name, Parameter Parameter, double LearningRateScale = 1);

/// <summary>What a run changes of a network: all of it, all but the frozen layers, or LoRA's matrices and the head.</summary>
internal sealed class TrainedParameters : IDisposable
{
    private readonly SequenceClassifier _network;
    private readonly TrainingRecipe _recipe;
    private readonly List<LowRankAdapter> _adapters = [];
    private readonly List<Linear> _frozen = [];

    /// <summary>Marks the network's parameters as trained or not; <see cref="Dispose"/> marks them all as trained again.</summary>
    public TrainedParameters(SequenceClassifier network, TrainingRecipe recipe)
    {
        _network = network;
        _recipe = recipe;
        int head = network.Encoder.Layers.Count + 1;
        var all = new List<TrainedParameter>();
        foreach (PlacedParameter placed in network.PlacedParameters())
        {
            placed.Parameter.requires_grad = placed.Depth >= (recipe.LoraRank is null ? FirstTrained : head);
            if (placed.Parameter.requires_grad)
                all.Add(new TrainedParameter(placed.Name, placed.Parameter, Scale(head - placed.Depth)));
        }
        if (recipe.LoraRank is { } rank)
            all.AddRange(Adapt(rank));
        All = all;
        Freeze();
    }

    public IReadOnlyList<TrainedParameter> All { get; }

    /// <summary>The same by their names alone.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Named => [.. All.Select(trained => (trained.Name, trained.Parameter))];

    /// <summary>The depth below which everything is frozen: 0 in the embeddings, 1 in the first layer.</summary>
    private int FirstTrained => _recipe.FrozenLayers is { } frozen ? frozen + 1 : 0;

    /// <summary>Makes LoRA's matrices part of the network's own.</summary>
    /// <returns>What was merged; null without LoRA.</returns>
    public TrainedAdapter? Merge()
    {
        TrainedAdapter? merged = _recipe.LoraRank is { } rank
            ? new TrainedAdapter(Named.Select(trained => (trained.Name, (Tensor)trained.Parameter)), rank, AlphaOf(rank)) : null;
        Thaw();
        foreach (LowRankAdapter adapter in _adapters)
            adapter.Merge();
        return merged;
    }

    public void Dispose()
    {
        Thaw();
        foreach (LowRankAdapter adapter in _adapters)
            adapter.Dispose();
        foreach (Parameter parameter in _network.parameters())
        {
            parameter.grad = null;
            parameter.requires_grad = true;
        }
    }

    /// <summary>Reorders the layers' matrices that are not trained, for the fastest kernels.</summary>
    private void Freeze()
    {
        ScalarType type = _recipe.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        foreach (Linear linear in _network.Encoder.Layers.SelectMany(layer => layer.Matrices).Select(matrix => matrix.Matrix))
        {
            if (linear.Weight.requires_grad || !FrozenMatrix.Supports(type, linear.Weight.device))
                continue;
            linear.Frozen = new FrozenMatrix(linear.Weight, linear.Bias, type);
            _frozen.Add(linear);
        }
    }

    /// <summary>Before the matrices change.</summary>
    private void Thaw()
    {
        foreach (Linear linear in _frozen)
        {
            linear.Frozen?.Dispose();
            linear.Frozen = null;
        }
        _frozen.Clear();
    }

    /// <summary>1 for the head, and less by LayerLearningRateDecay with each layer below it; the embeddings are below the first.</summary>
    private double Scale(int below) => Math.Pow(_recipe.LayerLearningRateDecay, below);

    private double AlphaOf(int rank) => _recipe.LoraAlpha ?? 2.0 * rank;

    /// <summary>On the matrices of every layer that is not frozen.</summary>
    private IEnumerable<TrainedParameter> Adapt(int rank)
    {
        using var random = new Generator((ulong)_recipe.Seed, CPU);
        string layers = $"{_network.Config.Architecture.Names.Encoder}.{_network.Config.Architecture.Names.Layers}";
        for (int number = _recipe.FrozenLayers ?? 0; number < _network.Encoder.Layers.Count; number++)
        {
            double scale = Scale(_network.Encoder.Layers.Count - number);
            foreach ((string name, Linear matrix, bool isQueryOrValue) in _network.Encoder.Layers[number].Matrices)
            {
                if (!isQueryOrValue && _recipe.LoraTargets == LoraTargets.QueryAndValue)
                    continue;
                var adapter = new LowRankAdapter(matrix, rank, AlphaOf(rank), random);
                _adapters.Add(adapter);
                yield return new TrainedParameter($"{layers}.{number}.{name}.lora_A.weight", adapter.A, scale);
                yield return new TrainedParameter($"{layers}.{number}.{name}.lora_B.weight", adapter.B, scale);
            }
        }
    }
}
