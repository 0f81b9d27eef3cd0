namespace SentimentML.Backbones.Hub;

/// <summary>
/// Where the hub is, where its cache is, and who asks: read from the variables that Hugging Face's own tools read, so that
/// both share one cache and one token.
/// </summary>
internal sealed class HubSettings
{
    /// <summary>The hub's address, with a path where a mirror has one. From HF_ENDPOINT.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>The folder that holds models--org--name. From HF_HUB_CACHE, else HF_HOME/hub.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Sent to the hub's own host and to no other. From HF_TOKEN, else the file HF_HOME/token. Null if requests are anonymous.</summary>
    public string? Token { get; init; }

    /// <summary>Where the token came from, for messages, which never hold the token itself.</summary>
    public string TokenSource { get; init; } = "HF_TOKEN";

    /// <summary>Whether the cache alone is used, without any request. From HF_HUB_OFFLINE.</summary>
    public bool Offline { get; init; }

    /// <summary>Whether a snapshot holds links into blobs. False (HF_HUB_DISABLE_SYMLINKS), or where links are not allowed: copies.</summary>
    public bool UseLinks { get; init; } = true;

    /// <summary>How often a request is tried again after the hub broke off or was not able to answer. The default value is 5.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The first pause before another try; each further one is twice as long, up to eight times. The default value is 1 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause that a server may ask for by Retry-After; beyond it the download fails. The default value is 2 min.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the start of an answer may take. The default value is 10 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a body may stand still before its connection counts as broken. The default value is 30 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How a pause is made.</summary>
    public Func<TimeSpan, CancellationToken, Task> PauseAsync { get; init; } = Task.Delay;

    /// <summary>Receives warnings, for example that the hub is unreachable and the cached copy is used.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>The settings of this process's environment.</summary>
    /// <exception cref="SentimentMLException">HF_ENDPOINT is not an address, or the token cannot be a token.</exception>
    public static HubSettings FromEnvironment(Action<string>? warn = null) =>
        From(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), warn);

    /// <summary>The settings that the given variables make.</summary>
    public static HubSettings From(Func<string, string?> variable, string userFolder, Action<string>? warn = null)
    {
        string? Value(string name) => variable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        string? Folder(string name) => Value(name) is { } value ? Path.GetFullPath(ExpandHome(value, userFolder)) : null;

        string home = Folder("HF_HOME")
            ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(userFolder, ".cache"), "huggingface");
        string tokenFile = Path.Combine(home, "token");
        string? named = Value("HF_TOKEN");
        string source = named is null ? tokenFile : "HF_TOKEN";
        return new HubSettings
        {
            Endpoint = Value("HF_ENDPOINT") is { } endpoint ? ParseEndpoint(endpoint) : new Uri("https://huggingface.co"),
            CacheFolder = Folder("HF_HUB_CACHE") ?? Path.Combine(home, "hub"),
            Token = CheckToken(named ?? ReadToken(tokenFile), source),
            TokenSource = source,
            Offline = IsTrue(Value("HF_HUB_OFFLINE")),
            UseLinks = !IsTrue(Value("HF_HUB_DISABLE_SYMLINKS")),
            Warn = warn,
        };
    }

    /// <summary>The pause before a request is tried again for the nth time, counted from 1.</summary>
    public TimeSpan PauseBefore(int retry) => FirstPause * Math.Min(8, Math.Pow(2, retry - 1));

    private static Uri ParseEndpoint(string text) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out Uri? endpoint)
            && endpoint.Scheme is "http" or "https"
            && endpoint.Query.Length == 0 && endpoint.Fragment.Length == 0 && endpoint.UserInfo.Length == 0
            ? endpoint
            : throw new SentimentMLException("HF_ENDPOINT is not the address of a hub. Expected http:// or https://, a host and at most a path, as in "
                + "'https://huggingface.co'; a password belongs into HF_TOKEN. Correct it, or unset it for the default.");

    private static string? ReadToken(string file)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            using var reader = new StreamReader(file);
            var buffer = new char[MaximumTokenLength + 64];
            return new string(buffer, 0, reader.ReadBlock(buffer)).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SentimentMLException($"The hub's token in {file} cannot be read: {e.Message} Correct its permissions, or set HF_TOKEN.", e);
        }
    }

    /// <summary>A token becomes part of a header: nothing may be in it that ends one.</summary>
    private static string? CheckToken(string? token, string source) =>
        token is null || (token.Length <= MaximumTokenLength && token.All(c => c is > ' ' and < '\x7f'))
            ? token
            : throw new SentimentMLException($"What {source} holds is not a hub token. Expected one word of at most {MaximumTokenLength} ASCII characters, as "
                + "'hf_…'; get one at https://huggingface.co/settings/tokens.");

    private static string ExpandHome(string path, string userFolder) =>
        path == "~" ? userFolder
        : path.StartsWith("~/", StringComparison.Ordinal) || path.StartsWith("~\\", StringComparison.Ordinal) ? Path.Combine(userFolder, path[2..])
        : path;

    private static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private const int MaximumTokenLength = 4096;
}
