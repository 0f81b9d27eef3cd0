using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace SentimentML.AspNetCore.Requests;

/// <summary>Writes a fault as RFC 9457's problem details, with the members that the face's clients read.</summary>
internal static class FaultResponse
{
    public static async Task WriteAsync(HttpContext context, RequestFault fault, ErrorShape shape)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type", "about:blank");
            json.WriteString("title", ReasonPhrases.GetReasonPhrase(fault.Status));
            json.WriteNumber("status", fault.Status);
            json.WriteString("detail", fault.Message);
            if (shape == ErrorShape.OpenAI)
            {
                json.WriteStartObject("error");
                json.WriteString("message", fault.Message);
                json.WriteString("type", fault.Type);
                json.WriteNull("param");
                json.WriteNumber("code", fault.Status);
                json.WriteEndObject();
            }
            else
            {
                json.WriteString("error", fault.Message);
                json.WriteString("error_type", fault.Type);
            }
            json.WriteEndObject();
        }
        context.Response.StatusCode = fault.Status;
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.WrittenCount;
        if (fault.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }
}
