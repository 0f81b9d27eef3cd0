namespace SentimentML.Backbones.Checkpoints;

/// <summary>What came of loading a checkpoint into a network, by name and in the order of the names.</summary>
internal sealed record LoadReport
{
    /// <summary>Parameters of the network that now hold the checkpoint's values.</summary>
    public required IReadOnlyList<string> Loaded { get; init; }

    /// <summary>Parameters of a head that the checkpoint does not have: untouched, for the caller to draw.</summary>
    public required IReadOnlyList<string> NewlyInitialized { get; init; }

    /// <summary>Parameters of the classifier that the checkpoint has for another number of labels: untouched, for the caller to draw or refuse.</summary>
    public required IReadOnlyList<MismatchedTensor> Mismatched { get; init; }

    /// <summary>Tensors of the checkpoint that the network has no use for.</summary>
    public required IReadOnlyList<string> Unexpected { get; init; }

    /// <summary>Those of them that lie where parameters were loaded, so that the network that was trained computes with them.</summary>
    public required IReadOnlyList<string> Missed { get; init; }

    /// <summary>Tensors of the checkpoint that say nothing new: buffers the network makes itself, and copies of tied weights.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>Tensors that the checkpoint has under another name than the network.</summary>
    public required IReadOnlyList<RenamedTensor> Renamed { get; init; }
}

/// <param name="Name">The parameter's name in the network.</param>
/// <param name="Expected">The network's shape.</param>
/// <param name="Found">The checkpoint's shape.</param>
internal sealed record MismatchedTensor(string Name, IReadOnlyList<long> Expected, IReadOnlyList<long> Found);

/// <param name="InCheckpoint">The name in the checkpoint.</param>
/// <param name="InNetwork">The parameter that was filled from it.</param>
internal sealed record RenamedTensor(string InCheckpoint, string InNetwork);
