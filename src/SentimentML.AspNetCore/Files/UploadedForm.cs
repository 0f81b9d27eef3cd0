using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.Files;

/// <summary>A form with a file (multipart/form-data), as browsers, curl -F and Python's requests send it, and what it says beside the file's content.</summary>
/// <param name="Ending">How the file's name ends: one or two extensions, or nothing.</param>
/// <param name="ContentType">The file's own type, if the form says it.</param>
/// <param name="TextColumn">The form's field text_column, if it has one.</param>
internal sealed partial record UploadedForm(string Ending, string? ContentType, string? TextColumn)
{
    public const string TextColumnField = "text_column";

    private const int MaxFieldCharacters = 1000;
    private const string Expected = "expected one part with a file name: curl -F file=@reviews.csv";

    /// <summary>What divides the form that a request's body is; null if it is something else.</summary>
    /// <exception cref="RequestFault">It is a form, and the request does not say what divides it.</exception>
    public static string? BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return null;
        string? boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        return boundary is { Length: > 0 } ? boundary
            : throw RequestFault.Malformed("The Content-Type is multipart/form-data without a boundary. Let the client write that header itself.");
    }

    /// <summary>Reads a form as it arrives, and writes its file.</summary>
    /// <param name="boundary">What divides it.</param>
    /// <param name="form">The body.</param>
    /// <param name="file">Where the file's content goes.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="RequestFault">It is cut, or does not have one file.</exception>
    public static async Task<UploadedForm> ReadAsync(string boundary, Stream form, Stream file, CancellationToken cancellation)
    {
        var reader = new MultipartReader(boundary, form);
        UploadedForm? found = null;
        string? textColumn = null;
        while (await ReadAsync(reader.ReadNextSectionAsync(cancellation)).ConfigureAwait(false) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? part))
                throw RequestFault.Malformed("The form has a part without a Content-Disposition.");
            if (part.IsFileDisposition())
            {
                if (found is not null)
                    throw RequestFault.Invalid($"The form has several files, {Expected}.");
                string name = HeaderUtilities.RemoveQuotes(part.FileNameStar.HasValue ? part.FileNameStar : part.FileName).Value ?? "";
                found = new UploadedForm(Extensions().Match(name).Value, section.ContentType, null);
                byte[] buffer = new byte[1 << 16];
                while (await ReadAsync(section.Body.ReadAsync(buffer, cancellation).AsTask()).ConfigureAwait(false) is > 0 and int read)
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }
            else if (HeaderUtilities.RemoveQuotes(part.Name).Equals(TextColumnField, StringComparison.Ordinal))
            {
                textColumn = await FieldAsync(section.Body, cancellation).ConfigureAwait(false);
            }
        }
        return found is null ? throw RequestFault.Invalid($"The form has no file, {Expected}.") : found with { TextColumn = textColumn };
    }

    private static async Task<string> FieldAsync(Stream body, CancellationToken cancellation)
    {
        using var text = new StreamReader(body, Encoding.UTF8);
        char[] buffer = new char[MaxFieldCharacters + 1];
        int count = await ReadAsync(text.ReadBlockAsync(buffer, cancellation).AsTask()).ConfigureAwait(false);
        return count <= MaxFieldCharacters ? new string(buffer, 0, count)
            : throw RequestFault.Invalid($"The form's field {TextColumnField} is longer than {MaxFieldCharacters} characters.");
    }

    /// <summary>What reading a part gives; headers without end, and a form that ends before its last boundary, are the client's fault.</summary>
    private static async Task<T> ReadAsync<T>(Task<T> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw RequestFault.Malformed("The form is cut or malformed.");
        }
    }

    [GeneratedRegex(@"(\.[A-Za-z0-9]{1,8}){0,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Extensions();
}
