using SentimentML.AspNetCore.Models;

namespace SentimentML;

/// <summary>Which models a server has, and what it takes from its clients.</summary>
public sealed class SentimentServerOptions
{
    private readonly List<ModelSource> _models = [];

    /// <summary>The most texts, or pairs of texts, of one request, 1 or more. A request with more is answered 413. The default value is 32.</summary>
    public int MaxTextsPerRequest { get; set; } = 32;

    /// <summary>The most bytes of a request's body, 1 to 1 GiB, files excepted. A longer one is answered 413. The default value is 2,000,000.</summary>
    public int MaxRequestBytes { get; set; } = 2_000_000;

    /// <summary>
    /// The most characters of one text, 1 or more, in UTF-16 units; of a pair, of each of its texts. A longer one is answered 422. Texts
    /// below it that have more tokens than the model reads are cut (<see cref="Truncate"/>). The default value is 100,000.
    /// </summary>
    public int MaxTextCharacters { get; set; } = 100_000;

    /// <summary>
    /// The most texts of one model that are accepted and not yet answered, at least <see cref="MaxTextsPerRequest"/>. While there are
    /// that many, further requests are answered 429 with Retry-After. The default value is 512.
    /// </summary>
    public int MaxWaitingTexts { get; set; } = 512;

    /// <summary>
    /// Whether a text with more tokens than the model reads is cut if its request does not say; otherwise it is answered 422. The
    /// default value is true.
    /// </summary>
    public bool Truncate { get; set; } = true;

    /// <summary>The most bytes of a file sent to <c>/predict/file</c>, 1 or more. A longer one is answered 413. The default value is 1 GiB.</summary>
    public long MaxFileBytes { get; set; } = 1L << 30;

    /// <summary>
    /// The most files that are classified at once, 1 or more. While there are that many, further ones are answered 429. The default value is 2.
    /// </summary>
    public int MaxConcurrentFiles { get; set; } = 2;

    /// <summary>
    /// The most words of a text that <c>/explain</c> hides in turn, 1 or more; of a text that has more, runs of neighbouring words are hidden
    /// together. An explanation costs as much as classifying the text that many times. The default value is 64.
    /// </summary>
    public int MaxWordsPerExplanation { get; set; } = 64;

    /// <summary>
    /// The most texts that are explained or wait for it, 1 or more; one of each model is explained at a time. While there are that
    /// many, further ones are answered 429. The default value is 8.
    /// </summary>
    public int MaxConcurrentExplanations { get; set; } = 8;

    /// <summary>
    /// How long a client may take to send a request's body, above 0 and at most an hour; for a file it is the longest pause between
    /// two parts of it. A slower one is answered 408. The default value is 30 seconds.
    /// </summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long requests are still accepted after the host was asked to stop, 0 to 5 minutes. During that time <c>/health</c> is
    /// answered 503 and every connection is closed after its answer, so that clients and load balancers go elsewhere before the
    /// listener closes. What was accepted is answered in any case. The default value is 1 second.
    /// </summary>
    public TimeSpan ShutdownDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The key that requests have to bring as <c>Authorization: Bearer KEY</c>, all but <c>/health</c>, <c>/ping</c> and
    /// <c>/metrics</c>, which stay open; others are answered 401. It is compared in constant time and never written anywhere. The default
    /// value is null: no key.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// Whether clients may load, replace and unload models by <c>/v2/repository/models/NAME/load</c> and <c>…/unload</c>: only those that
    /// were added to these options, from where they were added. The default value is false: such requests are answered 403.
    /// </summary>
    public bool AllowModelControl { get; set; }

    internal IReadOnlyList<ModelSource> Models => _models;

    /// <summary>Adds a model; the first one answers requests that name none.</summary>
    /// <param name="name">What clients call it: letters, digits, '.', '-' and '_', at most 100.</param>
    /// <param name="path">A model folder, a zip that ml.Model.Save wrote, or a model on the Hugging Face hub, "organization/name".</param>
    /// <param name="options">How to compute. The default value is null: the options' defaults.</param>
    /// <exception cref="ArgumentException">The name has other characters, or a model of that name was added before.</exception>
    public void AddModel(string name, string path, SentimentClassifierOptions? options = null) => Add(ModelSource.At(name, path, options));

    /// <summary>Adds a model that the caller loads, such as <c>SpanishMini.LoadClassifier()</c> or a model on ONNX Runtime.</summary>
    /// <param name="name">What clients call it: letters, digits, '.', '-' and '_', at most 100.</param>
    /// <param name="load">Loads it; the server disposes it. It is called again each time that the model is loaded again.</param>
    /// <exception cref="ArgumentException">The name has other characters, or a model of that name was added before.</exception>
    public void AddModel(string name, Func<CancellationToken, SentimentClassifier> load)
    {
        ArgumentNullException.ThrowIfNull(load);
        Add(new ModelSource(ModelSource.CheckedName(name), name, load));
    }

    private void Add(ModelSource model)
    {
        if (_models.Any(other => other.Name == model.Name))
            throw new ArgumentException($"There is a model '{model.Name}' already, expected another name for each model.", nameof(model));
        _models.Add(model);
    }
}
