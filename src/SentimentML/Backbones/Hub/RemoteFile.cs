namespace SentimentML.Backbones.Hub;

/// <summary>What the hub says of a file before its bytes are fetched.</summary>
/// <param name="Tag">Names and checks the content.</param>
/// <param name="Size">The content's length in bytes.</param>
/// <param name="Location">Where the bytes are: the hub itself, or the signed address of a store behind it.</param>
internal sealed record RemoteFile(ContentTag Tag, long Size, Uri Location);

/// <summary>The hub's answer about one file of a repository.</summary>
/// <param name="Commit">
/// The commit that the revision is now. Null where a mirror does not name it, or the hub says that the file is not there without naming one.
/// </param>
/// <param name="File">Null when the repository has no such file.</param>
internal sealed record HubAnswer(string? Commit, RemoteFile? File);
