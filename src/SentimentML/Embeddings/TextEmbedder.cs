using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using SentimentML.Encoders;
using SentimentML.Files;
using SentimentML.Inference;
using SentimentML.Persistence;
using SentimentML.Preprocessing;
using SentimentML.Tokenization;
using SentimentML.Torch;
using TorchSharp;
using static TorchSharp.torch;

#pragma warning disable RS0026 // A backbone and a saved model cannot be taken for each other, so both may have optional options and an optional token.

namespace SentimentML;

/// <summary>
/// Texts to vectors by an encoder, without a classification head: features for other learners, or for search and comparison. The
/// vectors are the last layer's, pooled over a text's tokens. Safe to use from many threads at once; dispose it at the end.
/// </summary>
public sealed class TextEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly GatheringEngine _engine;
    private readonly PretrainedTokenizer _tokenizer;
    private readonly Func<TextInput, TextInput>? _transforms;
    private readonly TweetPreprocessing? _preprocessing;
    private readonly string _prefix;
    private readonly LowercaseNormalizer? _lowercase;
    private readonly EmbeddingGeneratorMetadata _metadata;

    private TextEmbedder(
        SequenceClassifier network, PretrainedTokenizer tokenizer, Func<TextInput, TextInput>? transforms, TweetPreprocessing? preprocessing, string name,
        int maxTokens, SentenceModules modules, TextEmbedderOptions options, Device device)
    {
        Dimensions = network.Config.HiddenSize;
        MaxTokens = Math.Min(options.MaxTokens ?? modules.MaxTokens ?? maxTokens, maxTokens);
        _tokenizer = tokenizer;
        _transforms = transforms;
        _preprocessing = preprocessing;
        _prefix = modules.Prefix;
        _lowercase = modules.Lowercase ? new LowercaseNormalizer() : null;
        _metadata = new EmbeddingGeneratorMetadata("sentimentml", defaultModelId: name, defaultModelDimensions: Dimensions);
        TextPooling pooling = options.StatedPooling ?? modules.Pooling ?? options.Pooling;
        var pooled = new PoolingEngine(network, pooling, options.StatedNormalize ?? modules.Normalize, device);
        _engine = new GatheringEngine(pooled, TimeSpan.Zero, owner: nameof(TextEmbedder));
    }

    /// <summary>The numbers in a vector.</summary>
    public int Dimensions { get; }

    /// <summary>The tokens that a text is cut to, prefix and special ones included.</summary>
    public int MaxTokens { get; }

    /// <summary>
    /// Loads a backbone. The thread waits while a backbone on the hub is downloaded;
    /// <see cref="LoadAsync(Backbone, TextEmbedderOptions?, CancellationToken)"/> does not.
    /// </summary>
    /// <param name="backbone">
    /// The backbone; downloaded first if it is not on this machine. The folder of a fine-tuned model is one too: its head is not used. Texts are
    /// rewritten as the backbone needs it. A folder of sentence-transformers says how vectors are pooled and normalized, where texts are cut,
    /// whether they are lowercased, and what stands in front of them; one with further modules, such as Dense, is refused.
    /// </param>
    /// <param name="options">How to make vectors. The default value is null: the options' defaults.</param>
    /// <param name="cancellationToken">Cancels the download, and the loading also while weights are read.</param>
    /// <exception cref="HubException">The hub did not give a file.</exception>
    /// <exception cref="ModelFileException">The backbone's files cannot be used.</exception>
    /// <exception cref="SentimentMLException">The device or the download's cache cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The loading was cancelled.</exception>
    public static TextEmbedder Load(Backbone backbone, TextEmbedderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        return Load(backbone, backbone.Open(report: null, cancellationToken), options ?? new TextEmbedderOptions(), cancellationToken);
    }

    /// <summary>Loads the encoder of a fine-tuned model. Texts are rewritten as the model needs it (<see cref="SavedModel.Preprocessing"/>).</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How to make vectors. The default value is null: the options' defaults.</param>
    /// <param name="cancellationToken">Cancels the loading, also while weights are read.</param>
    /// <exception cref="ModelFileException">The weights are damaged.</exception>
    /// <exception cref="SentimentMLException">The device cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The loading was cancelled.</exception>
    public static TextEmbedder Load(SavedModel model, TextEmbedderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new TextEmbedderOptions();
        Device device = options.Device.Resolve();
        (PretrainedTokenizer tokenizer, Func<TextInput, TextInput>? transforms, TweetPreprocessing? preprocessing) =
            (model.Tokenizer, model.Transforms, model.PreprocessingFor(null));
        var modules = SentenceModules.Read(model.Files, options.StatedPrefix);
        return new TextEmbedder(
            model.LoadNetwork(device, cancellationToken), tokenizer, transforms, preprocessing, model.Location, model.MaxTokens, modules, options, device);
    }

    /// <summary>
    /// Loads a backbone as <see cref="Load(Backbone, TextEmbedderOptions?, CancellationToken)"/> does. No thread is held while it is
    /// downloaded; weights are read on another thread.
    /// </summary>
    /// <inheritdoc cref="Load(Backbone, TextEmbedderOptions?, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="Load(Backbone, TextEmbedderOptions?, CancellationToken)" path="/exception"/>
    public static async Task<TextEmbedder> LoadAsync(Backbone backbone, TextEmbedderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ModelFiles files = await backbone.OpenAsync(cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Load(backbone, files, options ?? new TextEmbedderOptions(), cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Loads the encoder of a fine-tuned model as <see cref="Load(SavedModel, TextEmbedderOptions?, CancellationToken)"/> does, on another
    /// thread.
    /// </summary>
    /// <inheritdoc cref="Load(SavedModel, TextEmbedderOptions?, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="Load(SavedModel, TextEmbedderOptions?, CancellationToken)" path="/exception"/>
    public static Task<TextEmbedder> LoadAsync(SavedModel model, TextEmbedderOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Task.Run(() => Load(model, options, cancellationToken), cancellationToken);
    }

    /// <summary>The vector of one text.</summary>
    /// <param name="text">The text; an empty one is allowed, one that is too long is cut.</param>
    /// <returns><see cref="Dimensions"/> numbers.</returns>
    /// <exception cref="ObjectDisposedException">The embedder was disposed.</exception>
    public float[] Embed(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _engine.Logits([Tokenize(new TextInput(text))]);
    }

    /// <summary>The vectors of many texts, lazily and in constant memory: vectors come in the texts' order while later texts are still being read.</summary>
    /// <param name="texts">The texts, read once, a window ahead of the vectors.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>A vector of <see cref="Dimensions"/> numbers for each text.</returns>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="ObjectDisposedException">The embedder was disposed.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public IEnumerable<float[]> Embed(IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        _engine.RequireAlive();
        return new ScoringPipeline(_engine, Tokenize, cancellationToken).Logits(texts.Select(Input));
    }

    /// <summary>The vectors of a stream of texts, in constant memory; texts that have arrived get theirs without waiting for more.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <inheritdoc cref="Embed(IEnumerable{string}, CancellationToken)" path="/returns"/>
    /// <inheritdoc cref="Embed(IEnumerable{string}, CancellationToken)" path="/exception"/>
    public async IAsyncEnumerable<float[]> EmbedAsync(IAsyncEnumerable<string> texts, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        _engine.RequireAlive();
        await foreach (float[] vector in new ScoringPipeline(_engine, Tokenize, cancellationToken).LogitsAsync(texts.Select(Input)).ConfigureAwait(false))
            yield return vector;
    }

    /// <summary>The vectors of texts as Microsoft.Extensions.AI takes them. No thread is held while the call waits for its turn.</summary>
    /// <param name="values">The texts, read on another thread.</param>
    /// <param name="options">
    /// May name this model and its <see cref="Dimensions"/>; what else it holds is for other generators. The default value is null.
    /// </param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>The vectors in the texts' order; the usage counts the tokens that the network read, prefix and special ones included.</returns>
    /// <exception cref="ArgumentException">A text is null, or the options name another model or another number of dimensions.</exception>
    /// <exception cref="ObjectDisposedException">The embedder was disposed before the texts' turn.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        _engine.RequireAlive();
        RequireThisModel(options);
        long tokens = 0;
        var pipeline = new ScoringPipeline(_engine, Counted, cancellationToken);
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        await foreach (float[] vector in pipeline.LogitsAsync(values.Select(Input).ToAsyncEnumerable()).ConfigureAwait(false))
            embeddings.Add(new Embedding<float>(vector) { ModelId = _metadata.DefaultModelId, CreatedAt = DateTimeOffset.UtcNow });
        embeddings.Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens };
        return embeddings;

        TokenRow Counted(TextInput text)
        {
            TokenRow row = Tokenize(text);
            Interlocked.Add(ref tokens, row.Length);
            return row;
        }
    }

    /// <summary>
    /// The <see cref="EmbeddingGeneratorMetadata"/>, or the embedder itself by its own type or one that it implements; null otherwise, or
    /// if there is a key.
    /// </summary>
    /// <param name="serviceType">What is asked for.</param>
    /// <param name="serviceKey">Null: the embedder has no keyed services.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>
    /// Gives the network's memory back. The batch that is being computed is finished first; calls that still wait fail with an
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose() => _engine.Dispose();

    private static TextEmbedder Load(Backbone backbone, ModelFiles files, TextEmbedderOptions options, CancellationToken cancellationToken)
    {
        Device device = options.Device.Resolve();
        var modules = SentenceModules.Read(files, options.StatedPrefix);
        (SequenceClassifier network, PretrainedTokenizer tokenizer, _) =
            Pretrained.ForLabels(files, EncoderConfig.Read(files).Labels, seed: 0, device, cancellationToken);
        network.eval();
        TweetPreprocessing? preprocessing =
            (ModelRecord.Read(files).Preprocessing ?? KnownPreprocessing.Of(files)) is { } known ? new TweetPreprocessing(known) : null;
        return new TextEmbedder(
            network, tokenizer, transforms: null, preprocessing, backbone.Name, network.Config.MaxTokensOf(tokenizer), modules, options, device);
    }

    private static TextInput Input(string text) => new(text ?? throw new ArgumentException("A text is null, expected texts; an empty one is allowed."));

    private TokenRow Tokenize(TextInput text)
    {
        TextInput rewritten = _preprocessing.Apply(_transforms is null ? text : _transforms(text));
        string whole = _prefix + rewritten.Text;
        return _tokenizer.EncodeRow(rewritten with { Text = _lowercase?.Normalize(whole) ?? whole }, MaxTokens, out _);
    }

    private void RequireThisModel(EmbeddingGenerationOptions? options)
    {
        if (options?.Dimensions is { } dimensions && dimensions != Dimensions)
            throw new ArgumentException(
                $"The options ask for {dimensions} dimensions, expected {Dimensions} or null: the model has no vectors of another size.", nameof(options));
        if (options?.ModelId is { } model && model != _metadata.DefaultModelId)
            throw new ArgumentException($"The options ask for the model '{model}', expected '{_metadata.DefaultModelId}' or null. Load the other model into "
                + "an embedder of its own.", nameof(options));
    }

    /// <summary>The encoder's vectors, pooled: a text's vector stands where a classifier's logits do.</summary>
    private sealed class PoolingEngine(SequenceClassifier network, TextPooling pooling, bool normalize, Device device) : IInferenceEngine
    {
        public string Description => $"libtorch, float32, {device}";

        /// <inheritdoc/>
        public int Workers { get; } = TorchThreads.Workers(device);

        /// <returns>[rows × hidden]</returns>
        public float[] Logits(IReadOnlyList<TokenRow> rows)
        {
            using TorchThreads.Setting all = TorchThreads.Use(Workers);
            return Compute(rows);
        }

        /// <returns>[rows × hidden]</returns>
        public float[] LogitsOnOneCore(IReadOnlyList<TokenRow> rows)
        {
            using TorchThreads.Setting one = TorchThreads.Use(1);
            return Compute(rows);
        }

        public void Dispose() => network.Dispose();

        private float[] Compute(IReadOnlyList<TokenRow> rows)
        {
            using IDisposable _ = inference_mode();
            using DisposeScope scope = NewDisposeScope();
            // Without padding where many small attentions cost little; a GPU wants few large ones.
            using TokenBatch batch = device.type == DeviceType.CPU ? TokenBatch.Packed(rows, network.Config) : TokenBatch.Padded(rows, network.Config, device);
            Tensor vectors = batch.Pool(network.Encoder.forward(batch), pooling); // [rows, hidden]
            if (normalize)
                vectors = nn.functional.normalize(vectors, p: 2, dim: 1, eps: 1e-12);
            return vectors.contiguous().cpu().data<float>().ToArray();
        }
    }
}
