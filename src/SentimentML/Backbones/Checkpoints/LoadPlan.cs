namespace SentimentML.Backbones.Checkpoints;

/// <summary>Which tensor of a checkpoint fills which parameter of a network; names and shapes are checked.</summary>
/// <param name="Tensors">The checkpoint's tensors by the parameters' names; they live as long as the checkpoint.</param>
/// <param name="Report">What comes of copying all of them.</param>
internal sealed record LoadPlan(IReadOnlyDictionary<string, CheckpointTensor> Tensors, LoadReport Report)
{
    /// <summary>Enough for a thread to be busy, and small enough that a layer's largest matrix does not keep one alone.</summary>
    private const long PieceLength = 1 << 18;

    private readonly record struct Piece(CheckpointTensor Tensor, Destination Destination, long Start, long Count);

    /// <summary>Copies over all cores.</summary>
    /// <param name="parameters">What is filled, by name; those that the checkpoint does not have stay as they are.</param>
    /// <param name="cancellationToken">Cancels the copying.</param>
    public unsafe void Copy(IEnumerable<KeyValuePair<string, Destination>> parameters, CancellationToken cancellationToken)
    {
        var pieces = new List<Piece>();
        foreach ((string name, Destination parameter) in parameters)
        {
            if (!Tensors.TryGetValue(name, out CheckpointTensor? tensor))
                continue;
            for (long start = 0; start < tensor.Count; start += PieceLength)
                pieces.Add(new Piece(tensor, parameter, start, Math.Min(PieceLength, tensor.Count - start)));
        }
        Parallel.ForEach(pieces, new ParallelOptions { CancellationToken = cancellationToken }, piece =>
            piece.Tensor.CopyRangeTo(piece.Start, piece.Destination.Data + piece.Start, piece.Count));
    }
}
