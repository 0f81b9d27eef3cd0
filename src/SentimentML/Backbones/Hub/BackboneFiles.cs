using SentimentML.Files;

namespace SentimentML.Backbones.Hub;

/// <summary>Which of a repository's files a model needs: nothing else is ever asked for.</summary>
internal static class BackboneFiles
{
    public const string Config = "config.json";

    /// <summary>The tokenizer's own files, then what this library wrote and the card, which names the licence.</summary>
    private static readonly string[] Optional = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "sentimentml.json", "README.md"];

    /// <summary>The files that a tokenizer can be made from, in the order of preference; all of a row are needed.</summary>
    private static readonly string[][] Tokenizers =
        [["tokenizer.json"], ["vocab.json", "merges.txt"], ["vocab.txt"], ["sentencepiece.bpe.model"], ["spiece.model"], ["tokenizer.model"]];

    /// <summary>In the order of preference: safetensors run no code and need no unpacking.</summary>
    private static readonly string[] Weights = ["model.safetensors", "pytorch_model.bin"];

    /// <summary>The same, of an adapter.</summary>
    private static readonly string[] AdapterWeights = ["adapter_model.safetensors", "adapter_model.bin"];

    /// <summary>The files beside the configuration whose contents identify the state of a mirror that names no commits.</summary>
    /// <param name="config">The configuration: a model's, or an adapter's.</param>
    public static IEnumerable<string> Identifying(string config) =>
        (config == Config ? Weights.Concat(Weights.Select(weights => weights + ".index.json")) : AdapterWeights).Append(Tokenizers[0][0]);

    /// <summary>Goes through what is needed, in the order in which it is needed, and stops at the first thing that is missing.</summary>
    /// <param name="folder">Where a file is once <paramref name="has"/> said so.</param>
    /// <param name="has">Whether a file is there; a download makes it so first.</param>
    /// <returns>What is missing, in words. Null: nothing.</returns>
    public static async Task<string?> FindMissingAsync(string folder, Func<string, Task<bool>> has)
    {
        string? missing = await FindMissingTextAsync(folder, has).ConfigureAwait(false)
            ?? await FindMissingWeightsAsync(folder, has).ConfigureAwait(false);
        return missing is not null && await HasAdapterAsync(has).ConfigureAwait(false) ? null : missing;
    }

    /// <summary>Whether there is an adapter, which then needs nothing else: its model has what it lacks.</summary>
    public static async Task<bool> HasAdapterAsync(Func<string, Task<bool>> has)
    {
        if (!await has(AdapterFiles.Config).ConfigureAwait(false))
            return false;
        bool hasWeights = false;
        foreach (string weights in AdapterWeights)
            hasWeights = hasWeights || await has(weights).ConfigureAwait(false);
        if (!hasWeights)
            return false;
        await HasTokenizerAsync(has).ConfigureAwait(false);
        foreach (string file in Optional)
            await has(file).ConfigureAwait(false);
        return true;
    }

    /// <summary>As <see cref="FindMissingAsync"/>, for what texts go through: all but the weights.</summary>
    public static async Task<string?> FindMissingTextAsync(string folder, Func<string, Task<bool>> has)
    {
        if (!await has(Config).ConfigureAwait(false))
            return Config;
        if (!await HasTokenizerAsync(has).ConfigureAwait(false))
            return $"{Tokenizers[0][0]} (or {string.Join(", ", Tokenizers.Skip(1).Select(files => string.Join(" with ", files)))})";
        foreach (string file in Optional)
            await has(file).ConfigureAwait(false);
        if (await has(SentenceFiles.Modules).ConfigureAwait(false))
        {
            foreach (string file in SentenceFiles.BesideModules(ModelFiles.InFolder(folder)))
                await has(file).ConfigureAwait(false);
        }
        return null;
    }

    private static async Task<bool> HasTokenizerAsync(Func<string, Task<bool>> has)
    {
        foreach (string[] files in Tokenizers)
        {
            bool all = true;
            foreach (string file in files)
                all = all && await has(file).ConfigureAwait(false);
            if (all)
                return true;
        }
        return false;
    }

    /// <summary>As <see cref="FindMissingAsync"/>, for the weights alone: one file, or an index and all its shards.</summary>
    public static async Task<string?> FindMissingWeightsAsync(string folder, Func<string, Task<bool>> has)
    {
        foreach (string whole in Weights)
        {
            if (await has(whole).ConfigureAwait(false))
                return null;
            string index = whole + ".index.json";
            if (!await has(index).ConfigureAwait(false))
                continue;
            foreach (string shard in ShardNames.Read(Path.Combine(folder, index)))
            {
                if (!await has(shard).ConfigureAwait(false))
                    return $"{shard}, which {index} names";
            }
            return null;
        }
        return "weights (model.safetensors or pytorch_model.bin, whole or as shards with an index)";
    }
}
