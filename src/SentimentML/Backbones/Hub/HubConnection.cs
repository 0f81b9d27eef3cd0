using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using SentimentML.Wording;

namespace SentimentML.Backbones.Hub;

/// <summary>
/// The requests of one download: what a file is (HEAD), and its bytes (GET). Redirects are followed by hand, so that the token
/// goes to the hub and nowhere else. Proxies are those of <see cref="HttpClient.DefaultProxy"/> (HTTPS_PROXY, NO_PROXY, …).
/// </summary>
internal sealed class HubConnection : IDisposable
{
    private const int MaximumRedirects = 10;

    private readonly HubSettings _settings;
    private readonly HubReference _reference;
    private readonly HttpClient _http;
    private bool _warned;

    /// <summary>Whether the first answer named its commit; null before it.</summary>
    private bool? _namesCommits;

    public HubConnection(HubSettings settings, HubReference reference)
    {
        _settings = settings;
        _reference = reference;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = settings.AnswerTimeout })
        {
            Timeout = Timeout.InfiniteTimeSpan, // the answer's start and the body have timeouts of their own
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("SentimentML", typeof(HubConnection).Assembly.GetName().Version!.ToString(3)));
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("dotnet", Environment.Version.ToString()));
        // A compressed answer would have another length than the file, and could not be resumed.
        _http.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>Asks what a file is at the revision.</summary>
    /// <param name="file">Its name in the repository.</param>
    /// <param name="commit">The revision's commit if an earlier answer named it: a bare 404 then means that the file is missing.</param>
    /// <param name="retries">How often to ask again when no proper answer comes.</param>
    /// <param name="cancellation">Ends the asking.</param>
    public async Task<HubAnswer> DescribeAsync(string file, string? commit, int retries, CancellationToken cancellation)
    {
        for (int failures = 1; ; failures++)
        {
            try
            {
                return await DescribeOnceAsync(file, commit, cancellation).ConfigureAwait(false);
            }
            catch (HubException e) when (e.MayPass)
            {
                await PauseAsync(e, failures, e.NoAnswer ? Math.Min(retries, 2) : retries, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Begins to fetch bytes.</summary>
    /// <param name="location">Where they are.</param>
    /// <param name="from">The first byte that is wanted.</param>
    /// <param name="cancellation">Ends the fetching.</param>
    /// <returns>An answer with status 200, 206 or, where there are no bytes from there on, 416. Its body is not read yet.</returns>
    public async Task<HttpResponseMessage> OpenAsync(Uri location, long from, CancellationToken cancellation)
    {
        Uri address = location;
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage response = await SendAsync(HttpMethod.Get, address, from, cancellation).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent
                || (response.StatusCode is HttpStatusCode.RequestedRangeNotSatisfiable && from > 0))
                return response;
            using (response)
            {
                if (!IsRedirect(response))
                    throw Refusal(response, HttpMethod.Get, address);
                address = TargetOf(response, address, redirects);
            }
        }
    }

    /// <summary>Reads from a body; a break and a standstill become a <see cref="HubException"/> that may pass.</summary>
    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, Uri location, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_settings.IdleTimeout);
        try
        {
            return await body.ReadAsync(buffer, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new HubException(HubFailure.Unreachable, $"GET {Display(location)}: nothing came for {_settings.IdleTimeout.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new HubException(HubFailure.Unreachable, $"GET {Display(location)}: the connection broke: {e.Message}", e);
        }
    }

    /// <summary>Waits before the next try, or throws when there is to be none.</summary>
    /// <param name="failure">What went wrong.</param>
    /// <param name="failures">How often in a row it did.</param>
    /// <param name="retries">How often it may.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task PauseAsync(HubException failure, int failures, int retries, CancellationToken cancellation)
    {
        TimeSpan asked = failure.RetryAfter ?? TimeSpan.Zero;
        if (failures > retries || asked > _settings.LongestPause)
        {
            string told = asked > _settings.LongestPause
                ? string.Create(CultureInfo.InvariantCulture, $" It takes requests again {asked.TotalSeconds:0} s from now.")
                : failures > 1 ? string.Create(CultureInfo.InvariantCulture, $" Tried {failures} times.")
                : "";
            string said = told.Length == 0 || failure.Message.EndsWith('.') ? failure.Message : $"{failure.Message}.";
            throw new HubException(failure.Failure, said + told, failure);
        }
        TimeSpan own = _settings.PauseBefore(failures);
        await _settings.PauseAsync(asked > own ? asked : own, cancellation).ConfigureAwait(false);
    }

    /// <summary>An address without its query, which on a store behind the hub is as good as a password.</summary>
    public static string Display(Uri address) => $"{address.Scheme}://{address.Authority}{address.AbsolutePath}";

    public void Dispose() => _http.Dispose();

    private async Task<HubAnswer> DescribeOnceAsync(string file, string? commit, CancellationToken cancellation)
    {
        Uri address = _reference.AddressOf(file, _settings.Endpoint);
        // A repository that was renamed answers with a redirect inside the hub; what one of the answers on the way says counts.
        string? told = null, linkedTag = null, linkedSize = null;
        for (int redirects = 0; ; redirects++)
        {
            using HttpResponseMessage response = await SendAsync(HttpMethod.Head, address, 0, cancellation).ConfigureAwait(false);
            told = Header(response, "X-Repo-Commit") ?? told;
            linkedTag = Header(response, "X-Linked-Etag") ?? linkedTag;
            linkedSize = Header(response, "X-Linked-Size") ?? linkedSize;
            bool isRedirect = IsRedirect(response);
            if (!isRedirect && IsAbsent(response, commit))
                return new HubAnswer(HubReference.IsCommit(told) ? told : commit, null);
            if (!isRedirect && response.StatusCode != HttpStatusCode.OK)
                throw Refusal(response, HttpMethod.Head, address);

            Uri location = isRedirect ? TargetOf(response, address, redirects) : address;
            bool isWhole = told is not null && linkedTag is not null && linkedSize is not null;
            // A mirror may leave it to the store behind it to say how long a file is.
            if (isRedirect && (linkedSize is null || (IsSameHost(location, address) && !(isWhole && IsAbsolute(response)))))
            {
                address = location;
                continue;
            }
            string? size = linkedSize ?? (isRedirect ? null : response.Content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture));
            _namesCommits ??= told is not null;
            if (told is null && (commit is not null || _reference.IsFixed) && (_namesCommits is false || _reference.IsFixed))
                told = _reference.IsFixed ? _reference.Revision : commit;
            if (response.Content.Headers.ContentType?.MediaType is "text/html")
                throw NotFromAHub($"HEAD {Display(address)}: the answer is a web page");
            return Answer(file, told, linkedTag ?? Header(response, "ETag"), size, location, address);
        }
    }

    /// <summary>Checks what becomes a file's name or a length: the answer may come from anybody.</summary>
    private HubAnswer Answer(string file, string? commit, string? tag, string? size, Uri location, Uri address)
    {
        string asked = $"HEAD {Display(address)}";
        if (commit is not null && !HubReference.IsCommit(commit))
            throw NotAHub($"{asked}: X-Repo-Commit is not a commit of 40 hexadecimal digits.");
        bool hasLength = long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long length);
        if (commit is null && (_namesCommits is true || tag is null || length == 0)) // an empty answer is none of a mirror's
            throw NotFromAHub($"{asked}: the answer has no X-Repo-Commit{(tag is null ? " and no ETag" : "")}");
        if ((tag is null ? ContentTag.Unchecked($"{Display(_settings.Endpoint)} {_reference.Id} {commit} {file} {size}")
            : ContentTag.TryParse(tag)) is not { } name)
            throw NotAHub($"{asked}: the answer has no ETag that could name {file} in the cache.");
        if (!hasLength)
            throw NotAHub($"{asked}: the answer does not say how long {file} is.");
        if (_namesCommits is false || tag is null)
            WarnOfMirror(tag is null);
        return new HubAnswer(commit, new RemoteFile(name, length, location));
    }

    private void WarnOfMirror(bool hasNoTag)
    {
        if (_warned)
            return;
        _warned = true;
        string commits = _namesCommits is not false ? ""
            : _reference.IsFixed ? Localized.Say($" no confirma (sin X-Repo-Commit) que sus archivos son los del commit {_reference.Revision}",
                $" does not confirm (no X-Repo-Commit) that its files are those of commit {_reference.Revision}")
            : Localized.Say(
                $" no dice (sin X-Repo-Commit) qué commit es '{_reference.Revision}': si el modelo cambia mientras tanto, pueden juntarse archivos de dos "
                + "commits. Da como revisión un commit de 40 cifras hexadecimales",
                $" does not say (no X-Repo-Commit) which commit '{_reference.Revision}' is: files of two commits may come together if the model is changed "
                + "meanwhile. Name a commit of 40 hexadecimal digits as revision");
        string tags = !hasNoTag ? ""
            : commits.Length == 0 ? Localized.Say(
                " no da ETag: de lo descargado solo se comprueba el tamaño", " gives no ETag: what is downloaded is checked by its length alone")
            : Localized.Say(
                ". Tampoco da ETag: de lo descargado solo se comprueba el tamaño", ". It gives no ETag: what is downloaded is checked by its length alone");
        _settings.Warn?.Invoke(Localized.Say($"El espejo en {Display(_settings.Endpoint)}{commits}{tags}. Modelo: {_reference}.",
            $"The mirror at {Display(_settings.Endpoint)}{commits}{tags}. Model: {_reference}."));
    }

    private HubException NotFromAHub(string fault) =>
        NotAHub($"{fault}, so it does not come from a hub. A proxy's page may be in the way, or HF_ENDPOINT ({Display(_settings.Endpoint)}) is not a hub's "
        + "address. "
        + "If it is a mirror that does not name commits, name a commit of 40 hexadecimal digits as revision.");

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, long from, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        if (_settings.Token is not null && IsSameHost(address, _settings.Endpoint))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _settings.Token);
        if (from > 0)
            request.Headers.Range = new RangeHeaderValue(from, null);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(_settings.AnswerTimeout);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new HubException(HubFailure.Unreachable, $"{method} {Display(address)}: no answer within {_settings.AnswerTimeout.TotalSeconds:0} s.",
                e) { NoAnswer = true };
        }
        catch (HttpRequestException e)
        {
            string reason = e.InnerException is { } inner && !e.Message.Contains(inner.Message, StringComparison.Ordinal)
                ? $"{e.Message} ({inner.Message})"
                : e.Message;
            throw new HubException(HubFailure.Unreachable, $"{method} {Display(address)}: {reason}", e)
            {
                NoAnswer = e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
            };
        }
    }

    private HubException Refusal(HttpResponseMessage response, HttpMethod method, Uri address)
    {
        int status = (int)response.StatusCode;
        string? code = Header(response, "X-Error-Code");
        string asked = $"{method} {Display(address)}: status {status}{Said(response)}.";
        string page = Display(new Uri($"{_settings.Endpoint.AbsoluteUri.TrimEnd('/')}/{_reference.Id}"));
        string who = _settings.Token is null
            ? "no token was sent: set HF_TOKEN"
            : $"a token from {_settings.TokenSource} was sent: it may be wrong, expired, or without read access to this model";
        if (!IsSameHost(address, _settings.Endpoint) && status is 401 or 403 or 404 or 410)
            return new HubException(HubFailure.AddressExpired, asked);
        return (status, code) switch
        {
            (_, "GatedRepo") => new HubException(HubFailure.Gated,
                $"The model {_reference} is gated. Accept its licence at {page} with an account, and set HF_TOKEN to a token of that account ({who}). {asked}"),
            (_, "RepoNotFound") => new HubException(HubFailure.RepositoryNotFound,
                $"The hub shows no model {_reference}. Check the name; for a private model set HF_TOKEN to a token that may read it ({who}). {asked}"),
            (_, "RevisionNotFound") => new HubException(HubFailure.RevisionNotFound,
                $"The model '{_reference.Id}' has no revision '{_reference.Revision}'. Check the branch, tag or commit; {page}/tree/main lists them. {asked}"),
            (401 or 403, _) => new HubException(HubFailure.Unauthorized,
                $"The hub does not let {_reference} be read. Check the name, and set HF_TOKEN to a token of an account that may read it ({who}). {asked}"),
            (404, _) => new HubException(HubFailure.RepositoryNotFound,
                $"Nothing is found for {_reference}. Check the name, the revision, and HF_ENDPOINT ({Display(_settings.Endpoint)}). {asked}"),
            (429, _) => new HubException(HubFailure.RateLimited,
                $"{asked} The hub is limiting requests at the moment{(_settings.Token is null ? "; with a token (HF_TOKEN) it allows more" : "")}. "
                + "Try again later.")
            {
                RetryAfter = RetryAfter(response),
            },
            (408 or >= 500, _) => new HubException(HubFailure.ServerError, asked) { RetryAfter = RetryAfter(response) },
            _ => NotAHub($"{asked} A hub does not answer so. Check HF_ENDPOINT ({Display(_settings.Endpoint)}) and proxies."),
        };
    }

    private static HubException NotAHub(string message) => new(HubFailure.NotAHub, message);

    private static bool IsAbsent(HttpResponseMessage response, string? commit) =>
        Header(response, "X-Error-Code") is { } code ? code == "EntryNotFound" : response.StatusCode == HttpStatusCode.NotFound && commit is not null;

    private static bool IsRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static bool IsAbsolute(HttpResponseMessage response) =>
        Uri.TryCreate(Header(response, "Location"), UriKind.Absolute, out Uri? location) && location.Scheme is "http" or "https";

    /// <summary>The address that a redirect names. It may leave the host and not the web, nor fall from https to http.</summary>
    private static Uri TargetOf(HttpResponseMessage response, Uri address, int redirects)
    {
        if (redirects == MaximumRedirects)
            throw NotAHub($"{response.RequestMessage?.Method} {Display(address)}: redirected more than {MaximumRedirects} times.");
        if (!Uri.TryCreate(address, Header(response, "Location"), out Uri? target) || target.Scheme is not ("http" or "https")
            || (address.Scheme == "https" && target.Scheme == "http"))
            throw NotAHub($"{response.RequestMessage?.Method} {Display(address)}: redirected to no address that is safe to follow.");
        return target;
    }

    private static bool IsSameHost(Uri a, Uri b) =>
        a.Scheme == b.Scheme && a.Port == b.Port && string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - DateTimeOffset.UtcNow,
        _ => null,
    };

    /// <summary>The server's own words, shortened: they are shown to a person.</summary>
    private static string Said(HttpResponseMessage response)
    {
        if (Header(response, "X-Error-Message") is not { Length: > 0 } message)
            return "";
        string readable = string.Concat(message.Where(c => !char.IsControl(c)).Take(200)).TrimEnd('.');
        return $", \"{readable}\"";
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out HeaderStringValues values) ? values.FirstOrDefault() : null;
}
