using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.Tool.Serving;

/// <summary>Says why a request came to no route: for its path or its method.</summary>
internal static class UnroutedRequests
{
    /// <summary>Writes the reason for an answer that has a status and no body, as the routes write theirs.</summary>
    public static Task ExplainAsync(StatusCodeContext answer)
    {
        HttpContext context = answer.HttpContext;
        string path = RequestFault.Shown(context.Request.Path), method = RequestFault.Shown(context.Request.Method);
        string? reason = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => $"There is no route {path}. GET /openapi.json lists the routes.",
            StatusCodes.Status405MethodNotAllowed =>
                $"The method is {method}, and {path} is for {context.Response.Headers.Allow}. GET /openapi.json lists the routes.",
            _ => null,
        };
        return reason is null ? Task.CompletedTask
            : FaultResponse.WriteAsync(context, RequestFault.Malformed(reason, context.Response.StatusCode), ErrorShape.TextEmbeddingsInference);
    }
}
