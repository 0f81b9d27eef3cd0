using System.Text;
using System.Text.Json.Nodes;
using SentimentML.Backbones.Checkpoints;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Numerics;
using SentimentML.Persistence;
using SentimentML.Tokenization;

namespace SentimentML;

/// <summary>
/// Cuts a model's vocabulary down to the tokens that a corpus uses, and its word embeddings with it (Abdaoui et al., 2020,
/// arXiv:2010.05609): most parameters of a multilingual model are embeddings of other languages' words.
/// </summary>
/// <remarks>
/// These always stay: special and added tokens, byte tokens, and every single character of the vocabulary that is a Latin letter, a digit,
/// punctuation, a symbol or an emoji. So a text with words that the corpus lacks is still read, in more tokens. A text without
/// unknown tokens whose tokens all stay is cut as before, and its float32 logits are the same bit for bit.
/// </remarks>
public static class VocabularyTrim
{
    private const int TextsAtOnce = 1024;

    /// <summary>Holds token ids; encoders do not need it.</summary>
    private const string GenerationConfig = "generation_config.json";

    /// <summary>The pieces of sentence-transformers' multilingual models, which tokenizer.json has too.</summary>
    private const string UnigramPieces = "unigram.json";

    /// <summary>Trims a model and writes it as a folder that <see cref="SavedModel.Open"/> and transformers load.</summary>
    /// <param name="model">A model folder, or a model of the hub.</param>
    /// <param name="texts">Texts as the model will read them; thousands, so that no frequent word is missing. They are enumerated twice.</param>
    /// <param name="outputFolder">The folder to write: new or empty. A new one appears whole or not at all; in an empty one, config.json appears last.</param>
    /// <param name="options">The options. The default value is null: every token that the texts use stays.</param>
    /// <returns>What changed.</returns>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">MaxVocabularySize is less than 1.</exception>
    /// <exception cref="ModelFileException">The model cannot be trimmed: it is a zip, has no tokenizer.json, or is damaged.</exception>
    /// <exception cref="SentimentMLException">
    /// There are no texts, MaxVocabularySize is less than what always stays, or the folder is not empty or cannot be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static VocabularyTrimResult Write(SavedModel model, IEnumerable<string> texts, string outputFolder, VocabularyTrimOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputFolder);
        options ??= new VocabularyTrimOptions();
        if (options.MaxVocabularySize is { } max)
            ArgumentOutOfRangeException.ThrowIfLessThan(max, 1, "options.MaxVocabularySize");
        string target = Path.GetFullPath(outputFolder);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new SentimentMLException($"{target} is not empty, expected a new or an empty folder for the trimmed model. Name another one.");
        RefuseUnfit(model);

        ModelFiles files = ModelFiles.InFolder(model.Location);
        EncoderConfig config = model.Config;
        PretrainedTokenizer tokenizer = model.Tokenizer;
        using Checkpoint checkpoint = Checkpoint.Open(files);
        Corpus corpus = new(texts, model.PreprocessingFor(null), options);
        long[] counts = corpus.Count(tokenizer, out long count, out long tokens);
        KeptTokens kept = Select(tokenizer, config, counts, options.MaxVocabularySize, model.Location);
        IReadOnlyList<SafetensorsEntry> weights =
            TrimmedWeights.Of(checkpoint, config.Architecture.Names, config.VocabularySize, kept, options.CancellationToken);
        IReadOnlyDictionary<string, byte[]> tokenizerFiles = TrimmedTokenizer.Files(tokenizer, kept);
        byte[] trimmedConfig = Config(config, kept);
        var trimmedFiles = new Dictionary<string, byte[]>(tokenizerFiles) { [EncoderConfig.FileName] = trimmedConfig };
        PretrainedTokenizer trimmed = PretrainedTokenizer.Load(ModelFiles.InMemory(target, trimmedFiles));
        (long unchanged, long tokensAfter) = corpus.Compare(tokenizer, trimmed, kept);
        Write(target, model, weights, tokenizerFiles, trimmedConfig, options.CancellationToken);
        return new VocabularyTrimResult
        {
            Texts = count,
            UnchangedTexts = unchanged,
            VocabularySizeBefore = config.VocabularySize,
            VocabularySizeAfter = kept.Count,
            ParametersBefore = TrimmedWeights.Parameters(checkpoint, config.Architecture.Names),
            ParametersAfter = TrimmedWeights.Parameters(checkpoint, config.Architecture.Names, kept),
            BytesBefore = TrimmedWeights.Bytes(checkpoint),
            BytesAfter = SafetensorsWriter.Length(weights),
            TokensPerTextBefore = (double)tokens / count,
            TokensPerTextAfter = (double)tokensAfter / count,
        };
    }

    private static void RefuseUnfit(SavedModel model)
    {
        if (model.IsZip || !Directory.Exists(model.Location))
            throw new ModelFileException($"{model.Location} is {(model.IsZip ? "a zip" : "embedded in an assembly")}, expected a model folder or a model of "
                + "the hub. Trim the folder that a training of it writes (SaveFolder, or the tool's 'train --backbone small --output DIR').");
        if (PeftAdapter.IsIn(model.Files) && !Checkpoint.IsIn(ModelFiles.InFolder(model.Location)))
            throw new ModelFileException($"{model.Location} is an adapter ({PeftAdapter.ConfigFile}), expected a model's own weights: a vocabulary is trimmed "
                + "in them. Merge the adapter into its model in Python with peft's merge_and_unload, save that, and trim it.");
        if (PeftAdapter.IsIn(model.Files))
            throw new ModelFileException($"{model.Location} has an adapter beside its weights ({PeftAdapter.ConfigFile}), expected weights alone: a vocabulary "
                + "is trimmed in them. Merge the adapter in Python with peft's merge_and_unload, save that, and trim it.");
        PretrainedTokenizer tokenizer = model.Tokenizer;
        if (!tokenizer.Files.Any(file => file.Name == TokenizerReader.TokenizerJson))
            throw new ModelFileException($"{model.Location} has no {TokenizerReader.TokenizerJson}, expected one: a vocabulary is trimmed there. Get it from "
                + "the model's repository, or write it with transformers' AutoTokenizer and save_pretrained.");
        if (tokenizer.VocabularySize > model.Config.VocabularySize)
            throw new ModelFileException($"{model.Location}: the tokenizer has {tokenizer.VocabularySize} entries, expected at most "
                + $"{model.Config.VocabularySize}, config.json's vocab_size. The files are not of one model: download them together.");
        if (tokenizer.IdToToken(model.Config.PadTokenId) is null)
            throw new ModelFileException($"{model.Location}: no token has the id {model.Config.PadTokenId}, config.json's pad_token_id. Expected the id of "
                + "the token that fills rows: correct config.json.");
    }

    private static KeptTokens Select(PretrainedTokenizer tokenizer, EncoderConfig config, long[] counts, int? maxVocabularySize, string location)
    {
        IEnumerable<int> required = TrimmedTokenizer.TokenIds(config.Source).Append(config.PadTokenId);
        if (config.CountsFromPadding)
            required = required.Concat(Enumerable.Range(0, config.PadTokenId)); // positions count from the padding id, which must not change
        var selection = new TokenSelection(tokenizer, required.Where(id => tokenizer.IdToToken(id) is not null));
        int max = maxVocabularySize ?? int.MaxValue;
        if (selection.Count > max)
            throw new SentimentMLException($"The trimmed vocabulary would have at most {max} tokens, expected {selection.Count} or more: so many special "
                + "tokens, bytes and single characters always stay. Allow more.");
        selection.AddMostFrequent(counts, max);
        KeptTokens kept = selection.ToKept();
        return !config.CountsFromPadding || kept.NewId(config.PadTokenId) == config.PadTokenId ? kept
            : throw new ModelFileException($"{location}: ids below the padding id {config.PadTokenId} have no tokens, expected a token for each: positions "
                + "count from the padding id. This model cannot be trimmed.");
    }

    private static byte[] Config(EncoderConfig config, KeptTokens kept)
    {
        var json = (JsonObject)config.Source.DeepClone();
        TrimmedTokenizer.RenumberTokenIds(json, kept);
        json["pad_token_id"] = kept.NewId(config.PadTokenId);
        json["vocab_size"] = kept.Count;
        return TokenizerWriter.Json(TokenizerWriter.Indented, writer => json.WriteTo(writer)).ToArray();
    }

    /// <summary>The configuration last: a folder without it is not a model.</summary>
    private static void Write(
        string target, SavedModel model, IReadOnlyList<SafetensorsEntry> weights, IReadOnlyDictionary<string, byte[]> tokenizer, byte[] config,
        CancellationToken cancellationToken)
    {
        try
        {
            using var files = new WholeFolder(target);
            files.Write(ModelParts.Weights, stream => SafetensorsWriter.Write(stream, weights));
            foreach ((string name, byte[] content) in tokenizer)
                files.Write(name, stream => stream.Write(content));
            foreach (FileInfo file in new DirectoryInfo(model.Location).EnumerateFiles().Where(file => IsCopied(file.Name)))
            {
                using FileStream original = file.OpenRead();
                files.Write(file.Name, original.CopyTo);
            }
            ModelRecord record = model.Record with { Preprocessing = model.Preprocessing, License = model.License };
            if (File.Exists(Path.Combine(model.Location, ModelRecord.FileName)) || record.Preprocessing is not null || record.License is not null)
                files.Write(ModelRecord.FileName, stream => stream.Write(Encoding.UTF8.GetBytes(record.ToJson())));
            files.Write(EncoderConfig.FileName, stream => stream.Write(config));
            cancellationToken.ThrowIfCancellationRequested();
            files.Complete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The trimmed model cannot be written to {target}: {e.Message} Look for free space and write permission.", e);
        }
    }

    /// <summary>Whether a file does not depend on weights, tokens or ids: card, licence, settings.</summary>
    private static bool IsCopied(string name) => Path.GetExtension(name) is ".json" or ".md" or ".txt" or ""
        && !TokenizerReader.FileNames.Contains(name) && name is not (EncoderConfig.FileName or ModelRecord.FileName or GenerationConfig or UnigramPieces)
        && !name.EndsWith(".index.json", StringComparison.Ordinal);

    /// <summary>The texts, as the model tokenizes them.</summary>
    private sealed class Corpus(IEnumerable<string> texts, TweetPreprocessing? preprocessing, VocabularyTrimOptions options)
    {
        /// <summary>How often each token is used.</summary>
        public long[] Count(PretrainedTokenizer tokenizer, out long count, out long tokens)
        {
            var counts = new long[tokenizer.VocabularySize];
            count = tokens = 0;
            foreach (string[] some in Chunks())
            {
                foreach (int[] ids in Encode(tokenizer, some))
                {
                    foreach (int id in ids)
                        counts[id]++;
                    tokens += ids.Length;
                }
                count += some.Length;
            }
            return count > 0 ? counts
                : throw new SentimentMLException("There are no texts, expected texts as the model will read them: the trimmed vocabulary is what they use.");
        }

        /// <summary>How many texts the trimmed tokenizer cuts in the same way, and how many tokens it makes of all.</summary>
        public (long Unchanged, long Tokens) Compare(PretrainedTokenizer whole, PretrainedTokenizer trimmed, KeptTokens kept)
        {
            long unchanged = 0, tokens = 0;
            foreach (string[] some in Chunks())
            {
                foreach ((int[] before, int[] after) in Encode(whole, some).Zip(Encode(trimmed, some)))
                {
                    tokens += after.Length;
                    if (before.AsSpan().SequenceEqual([.. after.Select(id => kept.OldIds[id])]))
                        unchanged++;
                }
            }
            return (unchanged, tokens);
        }

        private IEnumerable<string[]> Chunks()
        {
            long read = 0;
            foreach (string[] some in texts.Chunk(TextsAtOnce))
            {
                options.CancellationToken.ThrowIfCancellationRequested();
                if (some.Contains(null))
                    throw new ArgumentException("A text is null.", nameof(texts));
                yield return some;
                options.Progress?.Report(read += some.Length);
            }
        }

        private int[][] Encode(PretrainedTokenizer tokenizer, string[] some)
        {
            var ids = new int[some.Length][];
            ParallelRows.For(some.Length, i => ids[i] = tokenizer.EncodeToIds(preprocessing?.Apply(some[i]) ?? some[i], pair: null, int.MaxValue));
            return ids;
        }
    }
}
