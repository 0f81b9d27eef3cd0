namespace SentimentML.AspNetCore.Requests;

/// <summary>A request that is not answered as it asks, and why.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">text-embeddings-inference's error_type.</param>
/// <param name="reason">The value of its metric's label "err".</param>
/// <param name="message">For the client: what, where, what was expected.</param>
internal sealed class RequestFault(int status, string type, string reason, string message) : Exception(message)
{
    public int Status => status;

    public string Type => type;

    public string Reason => reason;

    /// <summary>In how many seconds the client should try again; null if it should not.</summary>
    public int? RetryAfter { get; private init; }

    /// <summary>The request is not JSON, or not HTTP as it should be.</summary>
    public static RequestFault Malformed(string message, int status = StatusCodes.Status400BadRequest) => new(status, "Validation", "validation", message);

    /// <summary>The request is JSON and does not say what it should.</summary>
    public static RequestFault Invalid(string message) => new(StatusCodes.Status422UnprocessableEntity, "Validation", "validation", message);

    public static RequestFault Empty(string message) => new(StatusCodes.Status400BadRequest, "Empty", "validation", message);

    public static RequestFault TooLarge(string message) => new(StatusCodes.Status413PayloadTooLarge, "Validation", "batch_size", message);

    public static RequestFault Untokenizable(string message) => new(StatusCodes.Status422UnprocessableEntity, "Tokenizer", "tokenization", message);

    public static RequestFault Overloaded(int retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "Overloaded", "overloaded", "Model is overloaded") { RetryAfter = retryAfter };

    /// <summary>The network did not answer. The reason is in the log and not in the answer.</summary>
    public static RequestFault Backend() => new(StatusCodes.Status424FailedDependency, "Backend", "inference", "Inference failed");

    /// <summary>The disk has no room for a file, or failed. Why is in the log.</summary>
    public static RequestFault NoRoom() =>
        new(StatusCodes.Status507InsufficientStorage, "Backend", "storage", "The server cannot store the file.");

    public static RequestFault Unhealthy(string message) => new(StatusCodes.Status503ServiceUnavailable, "Unhealthy", "unhealthy", message) { RetryAfter = 1 };

    public static RequestFault NoModel(string name) =>
        new(StatusCodes.Status404NotFound, "Validation", "validation", $"There is no model '{Shown(name)}'. GET /v1/models lists the models.");

    /// <summary>What a client sent, shortened and without control characters, for a message.</summary>
    public static string Shown(string text)
    {
        const int MaxShown = 100;
        string shortened = text.Length > MaxShown ? text[..MaxShown] + "…" : text;
        return string.Concat(shortened.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '\uFFFD' : character));
    }
}
