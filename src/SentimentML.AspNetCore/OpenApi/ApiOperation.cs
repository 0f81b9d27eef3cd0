namespace SentimentML.AspNetCore.OpenApi;

/// <summary>Marks a route as one of the server's, and says which operation of operations.json describes it.</summary>
/// <param name="Id">The operation.</param>
/// <param name="IsFirst">Whether it is the operation's own route, which has its id, and no other way to it.</param>
/// <param name="IsOpen">Whether it needs no key.</param>
internal sealed record ApiOperation(string Id, bool IsFirst, bool IsOpen);
