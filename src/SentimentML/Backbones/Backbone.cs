using System.Reflection;
using SentimentML.Backbones;
using SentimentML.Files;

namespace SentimentML;

/// <summary>Where the pretrained network that a fine-tuning starts from comes from.</summary>
public abstract class Backbone
{
    private protected Backbone(string name) => Name = name;

    /// <summary>The backbone's name, as model cards give it: a hub id, a folder, or an embedded model's name.</summary>
    public string Name { get; }

    /// <summary>Whether a ready sentiment model comes with the backbone (<see cref="SavedModel.OpenSentimentModel"/>).</summary>
    public virtual bool HasSentimentModel => false;

    /// <summary>
    /// RoBERTa-base pretrained on the National Library of Spain's web archive (Gutiérrez-Fandiño et al., 2022, arXiv:2107.07253):
    /// PlanTL-GOB-ES/roberta-base-bne on the Hugging Face hub, first published as BSC-TeMU/roberta-base-bne. 125 million
    /// parameters; downloaded at first use (500 MB), cached where Hugging Face's tools cache it.
    /// </summary>
    public static Backbone RobertaBaseBne { get; } = FromHub("PlanTL-GOB-ES/roberta-base-bne");

    /// <summary>
    /// A pretrained encoder on the Hugging Face hub, downloaded at first use and cached where Hugging Face's tools cache it. A repository with peft's adapter
    /// alone is read over the model that its configuration names.
    /// </summary>
    /// <param name="id">The repository, such as "PlanTL-GOB-ES/roberta-base-bne".</param>
    /// <param name="revision">A branch, a tag, a commit or a reference such as "refs/pr/1". The default value is "main".</param>
    /// <exception cref="ArgumentException">The id or the revision is not spelled as the hub spells them.</exception>
    public static Backbone FromHub(string id, string revision = "main") => new HubBackbone(id, revision);

    /// <summary>
    /// A pretrained encoder in a folder as Hugging Face's tools write it: config.json, weights, tokenizer files. A folder with peft's adapter alone is
    /// read over the model that its configuration names.
    /// </summary>
    /// <param name="path">The folder; looked into when it is used.</param>
    public static Backbone FromFolder(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new FolderBackbone(path);
    }

    /// <summary>A pretrained encoder whose files are embedded in an assembly as resources.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="prefix">What the resources' names start with; the files' names follow.</param>
    /// <param name="name">
    /// The backbone's name. Adapters that were trained over it are saved under this name and opened over it by it, in a process that made it.
    /// </param>
    /// <param name="sentimentPrefix">
    /// The same for the files of a sentiment model that was made from the backbone: its config.json, and an adapter as peft saves it or
    /// weights of its own. Files that it lacks are the backbone's. The default value is null: there is no such model.
    /// </param>
    public static Backbone FromResources(Assembly assembly, string prefix, string name, string? sentimentPrefix = null)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var backbone = new ResourceBackbone(assembly, prefix, name, sentimentPrefix);
        EmbeddedBackbones.Add(backbone);
        return backbone;
    }

    /// <summary>Makes sure that the backbone's files are on this machine, so that its first use does not have to wait, or can do without a network.</summary>
    /// <param name="progress">Receives a file's progress a few times a second. The default value is null.</param>
    /// <param name="warn">Receives warnings, for example when the hub is unreachable and the cached copy is used. The default value is null.</param>
    /// <param name="cancellationToken">Cancels the download. The partial file is kept and resumed next time.</param>
    /// <returns>The folder with the files; null if they are embedded in an assembly.</returns>
    /// <exception cref="HubException">The hub did not give a file; <see cref="HubException.Failure"/> says why.</exception>
    /// <exception cref="ModelFileException">The backbone's folder does not exist.</exception>
    /// <exception cref="SentimentMLException">The cache cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The download was cancelled.</exception>
    public abstract Task<string?> DownloadAsync(
        IProgress<HubProgress>? progress = null, Action<string>? warn = null, CancellationToken cancellationToken = default);

    /// <summary>The backbone's name.</summary>
    public override string ToString() => Name;

    /// <summary>Makes the files readable on this machine.</summary>
    /// <param name="report">Receives the progress in words.</param>
    /// <param name="cancellationToken">Stops a download.</param>
    /// <exception cref="SentimentMLException">They are missing or cannot be downloaded.</exception>
    internal abstract ModelFiles Open(Action<string>? report, CancellationToken cancellationToken);

    /// <summary>Makes the files of the sentiment model readable: the one that comes with the backbone, else the backbone itself.</summary>
    /// <inheritdoc cref="Open" path="/param"/>
    /// <inheritdoc cref="Open" path="/exception"/>
    internal virtual ModelFiles OpenSentimentModel(Action<string>? report, CancellationToken cancellationToken) => Open(report, cancellationToken);

    /// <summary>As <see cref="Open"/>, without a thread that waits for a download.</summary>
    internal async Task<ModelFiles> OpenAsync(CancellationToken cancellationToken) =>
        await DownloadAsync(cancellationToken: cancellationToken).ConfigureAwait(false) is { } folder
            ? AdapterFiles.OverBase(ModelFiles.InFolder(folder), report: null, cancellationToken)
            : Open(report: null, cancellationToken);

    private sealed class FolderBackbone(string path) : Backbone(path)
    {
        public override Task<string?> DownloadAsync(
            IProgress<HubProgress>? progress = null, Action<string>? warn = null, CancellationToken cancellationToken = default) =>
            Directory.Exists(Name) ? Task.FromResult<string?>(Path.GetFullPath(Name)) : Task.FromException<string?>(Missing());

        internal override ModelFiles Open(Action<string>? report, CancellationToken cancellationToken) =>
            Directory.Exists(Name) ? AdapterFiles.OverBase(ModelFiles.InFolder(Name), report, cancellationToken) : throw Missing();

        private ModelFileException Missing() =>
            new($"The backbone's folder {Path.GetFullPath(Name)} does not exist: expected a folder with config.json, weights and tokenizer files.");
    }

    private sealed class ResourceBackbone(Assembly assembly, string prefix, string name, string? sentimentPrefix) : Backbone(name)
    {
        public override bool HasSentimentModel => sentimentPrefix is not null;

        public override Task<string?> DownloadAsync(
            IProgress<HubProgress>? progress = null, Action<string>? warn = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<string?>(null);

        internal override ModelFiles Open(Action<string>? report, CancellationToken cancellationToken) => ModelFiles.InAssembly(assembly, prefix);

        internal override ModelFiles OpenSentimentModel(Action<string>? report, CancellationToken cancellationToken)
        {
            ModelFiles backbone = Open(report, cancellationToken);
            return sentimentPrefix is null ? backbone : ModelFiles.Over(ModelFiles.InAssembly(assembly, sentimentPrefix), backbone);
        }
    }
}
