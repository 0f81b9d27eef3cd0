namespace SentimentML.Backbones.Checkpoints;

/// <summary>
/// What an architecture's parts are called in Hugging Face's checkpoints, for writing and for reading, and the rules by which
/// from_pretrained matches them. The defaults are those of BERT and RoBERTa, which most architectures follow.
/// </summary>
internal sealed record CheckpointNames
{
    /// <summary>What PyTorch's own wrappers put into the names of what is inside them: torch.compile, FSDP, activation checkpointing.</summary>
    private static readonly string[] Wrappers = ["_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module."];

    /// <summary>What peft calls what it adds beside a network's parts: it is nothing without the part that computes with it.</summary>
    private static readonly string[] Added = ["lora_", "prompt_embeddings.", "prompt_encoder."];

    /// <summary>BERT's part for the first token, which encoders of other classes have in some checkpoints and do not use.</summary>
    private const string Pooler = "pooler";

    /// <summary>The encoder's own name, in front of its parts' names in a model with a head and absent in a bare encoder.</summary>
    public required string Encoder { get; init; }

    /// <summary>Other names that the encoder has in some checkpoints.</summary>
    public IReadOnlyList<string> OtherEncoderNames { get; init; } = [];

    /// <summary>Relative to the encoder.</summary>
    public string Embeddings { get; init; } = "embeddings";

    /// <summary>Relative to the embeddings, as the next three.</summary>
    public string Words { get; init; } = "word_embeddings";

    public string Positions { get; init; } = "position_embeddings";

    public string TokenTypes { get; init; } = "token_type_embeddings";

    public string EmbeddingNorm { get; init; } = "LayerNorm";

    /// <summary>Relative to the encoder; a layer's number follows.</summary>
    public string Layers { get; init; } = "encoder.layer";

    /// <summary>Relative to the layer, as the next seven.</summary>
    public string Query { get; init; } = "attention.self.query";

    public string Key { get; init; } = "attention.self.key";

    public string Value { get; init; } = "attention.self.value";

    public string AttentionOutput { get; init; } = "attention.output.dense";

    public string AttentionNorm { get; init; } = "attention.output.LayerNorm";

    public string Intermediate { get; init; } = "intermediate.dense";

    public string Output { get; init; } = "output.dense";

    public string OutputNorm { get; init; } = "output.LayerNorm";

    /// <summary>Relative to the encoder; null if nothing follows the layers.</summary>
    public string? FinalNorm { get; init; }

    /// <summary>The classification head's first matrix, by its whole name, as all that follow.</summary>
    public required string HeadDense { get; init; }

    public string? HeadNorm { get; init; }

    /// <summary>The head's last matrix, whose first size is the number of labels.</summary>
    public required string HeadProjection { get; init; }

    /// <summary>What holds the language model's output bias.</summary>
    public required string Predictions { get; init; }

    public required string PredictionDense { get; init; }

    public required string PredictionNorm { get; init; }

    /// <summary>The language model's output matrix, which is the word embeddings': some checkpoints hold it a second time.</summary>
    public required string Decoder { get; init; }

    private string WordWeight => $"{Encoder}.{Embeddings}.{Words}.weight";

    /// <summary>A head's parameters may be missing: they are then new.</summary>
    public bool IsHead(string name) =>
        IsUnder(name, HeadDense) || IsUnder(name, HeadProjection) || (HeadNorm is not null && IsUnder(name, HeadNorm)) || IsLanguageModelHead(name);

    public bool IsLanguageModelHead(string name) =>
        IsUnder(name, PredictionDense) || IsUnder(name, PredictionNorm) || IsUnder(name, Decoder) || name == Predictions + ".bias";

    /// <summary>The classifier's last layer, whose first size is the number of labels.</summary>
    public bool IsPerLabel(string name) => IsUnder(name, HeadProjection);

    /// <summary>A row a token: the word embeddings, and the language model's output matrix and bias.</summary>
    public bool IsPerToken(string name) =>
        WithoutEncoder(name) == WithoutEncoder(WordWeight) || IsUnder(name, Decoder) || name == Predictions + ".bias";

    /// <summary>Old checkpoints hold buffers that count up from 0, or zeros; the network makes them itself.</summary>
    public bool IsBuffer(string name)
    {
        string bare = WithoutEncoder(name);
        return bare == $"{Embeddings}.position_ids" || bare == $"{Embeddings}.token_type_ids"
            || bare.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal);
    }

    /// <summary>The part of a head that a name is of, by its first name; null for what is of the encoder.</summary>
    public string? HeadOf(string name) => IsOfEncoder(name) ? null : name.Split('.')[0];

    /// <summary>
    /// Whether a tensor lies in the encoder or in a head that is there, so that the network that it was trained with computes with it. A pooler that no
    /// class of this architecture reads is none.
    /// </summary>
    /// <param name="name">The tensor's name without wrappers.</param>
    /// <param name="heads">The heads that are there, as <see cref="HeadOf"/> names them.</param>
    public bool BelongsTo(string name, IReadOnlySet<string> heads) =>
        Added.Any(added => name.StartsWith(added, StringComparison.Ordinal) || name.Contains("." + added, StringComparison.Ordinal))
        || (HeadOf(name) is { } head ? heads.Contains(head) : !IsUnder(WithoutEncoder(name), Pooler) || IsUnder(WithoutEncoder(HeadDense), Pooler));

    /// <summary>By the encoder's name, or in a bare encoder by its parts' names.</summary>
    private bool IsOfEncoder(string name)
    {
        string bare = WithoutEncoder(name);
        return bare != name || new[] { Embeddings, Layers.Split('.')[0], FinalNorm, Pooler }.Any(part => part is not null && IsUnder(name, part));
    }

    /// <summary>
    /// The tensors of a checkpoint by their names without what programs that wrapped the network put there: PyTorch's wrappers anywhere, and what stands
    /// before the encoder's name, such as DataParallel's "module." or a class's "model."; null for a tensor that then lies outside of the network.
    /// </summary>
    public IEnumerable<(string? Name, CheckpointTensor Tensor)> Unwrapped(IReadOnlyDictionary<string, CheckpointTensor> tensors)
    {
        (string Name, CheckpointTensor Tensor)[] plain = [.. tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal).Select(tensor =>
            (Wrappers.Aggregate(tensor.Key, (name, wrapper) => name.Replace(wrapper, "", StringComparison.Ordinal)), tensor.Value))];
        string words = $"{Embeddings}.{Words}.weight";
        string[] before = [.. plain.Where(tensor => tensor.Name == words || tensor.Name.EndsWith("." + words, StringComparison.Ordinal))
            .Select(tensor => BeforeEncoder(tensor.Name[..^words.Length])).Distinct(StringComparer.Ordinal)];
        string wrapper = before is [var one] ? one : ""; // of several networks none is the one that is meant
        return plain.Select(tensor => (
            tensor.Name.StartsWith(wrapper, StringComparison.Ordinal) ? tensor.Name[wrapper.Length..] : null, tensor.Tensor));
    }

    /// <summary>What the network may call a tensor of the checkpoint: first as it is, then under its newer name, with and without the encoder's name.</summary>
    public IEnumerable<string> InNetwork(string name)
    {
        yield return name;
        string modern = Modern(name);
        if (modern != name)
            yield return modern;
        string bare = WithoutEncoder(modern);
        yield return $"{Encoder}.{bare}";
        yield return bare;
    }

    /// <summary>The other names of a tensor that two parts share in a model for masked language modelling.</summary>
    public IEnumerable<string> Tied(string name)
    {
        string bias = Predictions + ".bias", second = Decoder + ".bias", matrix = Decoder + ".weight";
        if (name == matrix)
            return [WordWeight, WithoutEncoder(WordWeight)];
        if (name == second && second != bias)
            return [bias];
        if (name == bias && second != bias)
            return [second];
        return WithoutEncoder(name) == WithoutEncoder(WordWeight) ? [matrix] : [];
    }

    private string BeforeEncoder(string path) => OtherEncoderNames.Prepend(Encoder).Select(encoder => encoder + ".")
        .FirstOrDefault(encoder => path == encoder || path.EndsWith("." + encoder, StringComparison.Ordinal)) is { } own ? path[..^own.Length] : path;

    private string WithoutEncoder(string name)
    {
        foreach (string encoder in OtherEncoderNames.Prepend(Encoder))
            if (IsUnder(name, encoder))
                return name[(encoder.Length + 1)..];
        return name;
    }

    private static bool IsUnder(string name, string part) =>
        name.Length > part.Length && name[part.Length] == '.' && name.StartsWith(part, StringComparison.Ordinal);

    /// <summary>LayerNorm's parameters were once called gamma and beta.</summary>
    private static string Modern(string name)
    {
        if (name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal))
            return name[..^"gamma".Length] + "weight";
        if (name.EndsWith("LayerNorm.beta", StringComparison.Ordinal))
            return name[..^"beta".Length] + "bias";
        return name;
    }
}
