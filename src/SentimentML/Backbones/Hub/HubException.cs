namespace SentimentML;

/// <summary>Why the hub did not give a file.</summary>
public enum HubFailure
{
    /// <summary>No answer, or one that broke off.</summary>
    Unreachable,

    /// <summary>The server asks to come back later.</summary>
    RateLimited,

    /// <summary>The server says that it is at fault.</summary>
    ServerError,

    /// <summary>Somebody answered, and not as a hub does: a proxy's page, a wrong address.</summary>
    NotAHub,

    /// <summary>The token is missing, wrong, or allows too little.</summary>
    Unauthorized,

    /// <summary>The model's owner wants its terms accepted first.</summary>
    Gated,

    /// <summary>No such model, or one that is not shown to everybody.</summary>
    RepositoryNotFound,

    /// <summary>The model is there, its revision is not.</summary>
    RevisionNotFound,

    /// <summary>The model is there and lacks a file without which it is no backbone.</summary>
    NotABackbone,

    /// <summary>The store behind the hub refuses an address that the hub gave, as it does when its signature has run out.</summary>
    AddressExpired,

    /// <summary>The revision is another commit by now: files of two commits do not go together.</summary>
    Moved,

    /// <summary>What came is not what the hub announced.</summary>
    Damaged,
}

/// <summary>The hub did not give a file; the message says what was asked, what came back and what to do.</summary>
public sealed class HubException : SentimentMLException
{
    internal HubException(HubFailure failure, string message, Exception? cause = null)
        : base(message, cause!) => Failure = failure;

    /// <summary>Why the hub did not give the file.</summary>
    public HubFailure Failure { get; }

    /// <summary>How long the server asks to wait; null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Whether there was no connection, or silence on it: that rarely changes within seconds.</summary>
    internal bool NoAnswer { get; init; }

    /// <summary>Whether the same request may succeed a little later.</summary>
    internal bool MayPass => Failure is HubFailure.Unreachable or HubFailure.RateLimited or HubFailure.ServerError or HubFailure.AddressExpired;

    /// <summary>Whether it lies with the way to the hub and not with what was asked of it.</summary>
    internal bool IsOutOfReach => MayPass || Failure is HubFailure.NotAHub;

    /// <summary>
    /// Whether a snapshot that was downloaded before may serve instead. Not when the hub says that the revision is gone
    /// or that the model is no backbone: then the user asked for something else than what the cache holds.
    /// </summary>
    internal bool CacheMayServe => IsOutOfReach || Failure is HubFailure.Unauthorized or HubFailure.Gated or HubFailure.RepositoryNotFound;
}
