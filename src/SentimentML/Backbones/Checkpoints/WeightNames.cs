namespace SentimentML.Backbones.Checkpoints;

/// <summary>The names of RoBERTa's weights as Hugging Face's checkpoints have them, and the rules by which from_pretrained matches them.</summary>
internal static class WeightNames
{
    /// <summary>Before the encoder's and the embeddings' names in a model with a head, absent in a bare RobertaModel.</summary>
    public const string Prefix = "roberta.";

    /// <summary>A head's parameters may be missing: they are then new.</summary>
    public static bool IsHead(string name) =>
        name.StartsWith("classifier.", StringComparison.Ordinal)
        || IsLanguageModelHead(name)
        || WithoutPrefix(name).StartsWith("pooler.", StringComparison.Ordinal);

    public static bool IsLanguageModelHead(string name) => name.StartsWith("lm_head.", StringComparison.Ordinal);

    /// <summary>The classifier's last layer, whose first size is the number of labels.</summary>
    public static bool IsPerLabel(string name) => name is "classifier.out_proj.weight" or "classifier.out_proj.bias";

    /// <summary>Old checkpoints hold buffers that count up from 0, or zeros; the network makes them itself.</summary>
    public static bool IsBuffer(string name) =>
        WithoutPrefix(name) is "embeddings.position_ids" or "embeddings.token_type_ids";

    /// <summary>What the network may call a tensor of the checkpoint: first as it is, then under its newer name, with and without the prefix.</summary>
    public static IEnumerable<string> InNetwork(string name)
    {
        yield return name;
        string modern = Modern(name);
        if (modern != name)
            yield return modern;
        yield return modern.StartsWith(Prefix, StringComparison.Ordinal) ? modern[Prefix.Length..] : Prefix + modern;
    }

    /// <summary>The other name of a tensor that two names share in a model for masked language modelling, or null.</summary>
    public static string? Tied(string name) => name switch
    {
        "lm_head.decoder.weight" => Prefix + WordEmbeddings,
        "lm_head.decoder.bias" => "lm_head.bias",
        "lm_head.bias" => "lm_head.decoder.bias",
        _ => WithoutPrefix(name) == WordEmbeddings ? "lm_head.decoder.weight" : null,
    };

    public static string WithoutPrefix(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;

    private const string WordEmbeddings = "embeddings.word_embeddings.weight";

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
