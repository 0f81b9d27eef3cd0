using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using SentimentML.AspNetCore.Page;
using SentimentML.AspNetCore.Requests;

namespace SentimentML;

/// <summary>Offers a page for people.</summary>
public static class SentimentPageEndpoints
{
    /// <summary>
    /// Maps <c>GET /</c> to a page on which a person classifies texts and files, sees which words moved the labels, and corrects them. It
    /// calls the routes of <see cref="SentimentClassifierEndpoints.MapSentimentClassifier"/>, which must be mapped on the same routes
    /// or group. Its files are in the assembly; it loads nothing from any other host, and asks for the key if the server has one.
    /// </summary>
    /// <param name="endpoints">The host's routes, or a group of them: <c>app.MapGroup("/sentiment").MapSentimentPage()</c>.</param>
    /// <returns>The page's routes, for conventions such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="InvalidOperationException">The services were not added.</exception>
    public static IEndpointConventionBuilder MapSentimentPage(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        SentimentServer server = SentimentServer.Of(endpoints);
        RouteGroupBuilder group = endpoints.MapGroup("");
        group.ExcludeFromDescription();
        Map("/", request => HasFolder(request.Context) ? PageAsset.All[0].WriteAsync(request.Context) : ToFolderAsync(request.Context));
        foreach (PageAsset asset in PageAsset.All.Skip(1))
            Map($"/page/{asset.Name}", request => asset.WriteAsync(request.Context));
        return group;

        void Map(string route, Func<ServerRequest, Task> answer) =>
            group.MapMethods(route, [HttpMethods.Get, HttpMethods.Head], server.Handler(answer, isOpen: true));
    }

    /// <summary>The page's addresses are relative to its folder: of a group "/sentiment" that is "/sentiment/".</summary>
    private static bool HasFolder(HttpContext context) => $"{context.Request.PathBase}{context.Request.Path}".EndsWith('/');

    private static Task ToFolderAsync(HttpContext context) =>
        TypedResults.LocalRedirect($"{context.Request.PathBase.Add(context.Request.Path).ToUriComponent()}/{context.Request.QueryString}")
            .ExecuteAsync(context);
}
