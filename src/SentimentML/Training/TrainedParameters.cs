using System.Globalization;
using SentimentML.Encoders;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Linear = SentimentML.Encoders.Linear;

namespace SentimentML.Training;

/// <summary>What a run changes of a network: all of it, all but the frozen layers, or LoRA's matrices and the head.</summary>
internal sealed class TrainedParameters : IDisposable
{
    private const string Embeddings = "roberta.embeddings.", Layer = "roberta.encoder.layer.", Head = "classifier.";

    private readonly SequenceClassifier _network;
    private readonly TrainingRecipe _recipe;
    private readonly List<LowRankAdapter> _adapters = [];

    /// <summary>Marks the network's parameters as trained or not; <see cref="Dispose"/> marks them all as trained again.</summary>
    public TrainedParameters(SequenceClassifier network, TrainingRecipe recipe)
    {
        _network = network;
        _recipe = recipe;
        var all = new List<(string, Parameter)>();
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            parameter.requires_grad = recipe.LoraRank is null ? !IsFrozen(name) : name.StartsWith(Head, StringComparison.Ordinal);
            if (parameter.requires_grad)
                all.Add((name, parameter));
        }
        if (recipe.LoraRank is { } rank)
            all.AddRange(Adapt(rank));
        All = all;
    }

    /// <summary>The trained parameters by name, as transformers and peft name them.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> All { get; }

    /// <summary>
    /// A factor on the learning rate: 1 for the head, and less by LayerLearningRateDecay with each layer below it; the
    /// embeddings are below the first.
    /// </summary>
    public double LearningRateScale(string name)
    {
        int layers = _network.Config.Layers;
        int below = name.StartsWith(Embeddings, StringComparison.Ordinal) ? layers + 1
            : LayerOf(name) is { } layer ? layers - layer
            : 0;
        return Math.Pow(_recipe.LayerLearningRateDecay, below);
    }

    /// <summary>Makes LoRA's matrices part of the network's own.</summary>
    public void Merge()
    {
        foreach (LowRankAdapter adapter in _adapters)
            adapter.Merge();
    }

    public void Dispose()
    {
        foreach (LowRankAdapter adapter in _adapters)
            adapter.Dispose();
        foreach ((string _, Parameter parameter) in _network.named_parameters())
        {
            parameter.grad = null;
            parameter.requires_grad = true;
        }
    }

    private bool IsFrozen(string name) => _recipe.FrozenLayers is { } frozen
        && (name.StartsWith(Embeddings, StringComparison.Ordinal) || LayerOf(name) < frozen);

    private static int? LayerOf(string name) => name.StartsWith(Layer, StringComparison.Ordinal)
        ? int.Parse(name.AsSpan(Layer.Length, name.IndexOf('.', Layer.Length) - Layer.Length), CultureInfo.InvariantCulture)
        : null;

    /// <summary>On query and value of every layer that is not frozen.</summary>
    private List<(string, Parameter)> Adapt(int rank)
    {
        var added = new List<(string, Parameter)>();
        using var random = new Generator((ulong)_recipe.Seed, CPU);
        foreach ((RobertaLayer layer, int number) in _network.Roberta.Encoder.Layers.Select((layer, number) => (layer, number)).Skip(_recipe.FrozenLayers ?? 0))
        {
            foreach ((string name, Linear target) in ((string, Linear)[])[("query", layer.Attention.Self.Query), ("value", layer.Attention.Self.Value)])
            {
                var adapter = new LowRankAdapter(target, rank, _recipe.LoraAlpha, random);
                _adapters.Add(adapter);
                added.Add(($"{Layer}{number}.attention.self.{name}.lora_A.weight", adapter.A));
                added.Add(($"{Layer}{number}.attention.self.{name}.lora_B.weight", adapter.B));
            }
        }
        return added;
    }
}
