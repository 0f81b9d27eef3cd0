using Microsoft.ML;
using SentimentML.AspNetCore.Requests;

namespace SentimentML.AspNetCore.Files;

/// <summary>
/// A file that a client sent, on the disk until it is answered: it is read twice, once to find its faults before the answer begins, and
/// clients that send a whole file before they read would otherwise wait for a server that waits for them.
/// </summary>
internal sealed class ReceivedFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sentimentml-"); // which no other user can open
    private string _path;
    private ReviewFileFormat? _format;
    private string? _textColumn;

    private ReceivedFile() => _path = At("file");

    /// <summary>Whether it is csv, as far as its type or its name says it.</summary>
    public bool IsCsv => _format == ReviewFileFormat.Csv || (_format is null && Path.GetFileName(_path).Contains(".csv", StringComparison.OrdinalIgnoreCase));

    /// <summary>Receives the file that a request's body is, or that is in the form which it is.</summary>
    /// <exception cref="RequestFault">It is too long, of a format that is not known, or its client too slow.</exception>
    public static async Task<ReceivedFile> ReceiveAsync(ServerRequest request)
    {
        HttpRequest http = request.Context.Request;
        string? boundary = UploadedForm.BoundaryOf(http);
        ReviewFileFormat? format = boundary is null ? FileFormat.Sent(http.ContentType) : null;
        BodyEncoding encoding = BodyEncoding.Of(http);
        var file = new ReceivedFile { _format = format, _textColumn = http.Query[UploadedForm.TextColumnField].FirstOrDefault(name => name?.Length > 0) };
        if (boundary is null)
            file._path += FileFormat.Ending(http.ContentType);
        try
        {
            Stream body = RequestBody.OpenFile(request.Context, request.Server.Options.MaxFileBytes, request.Server.Options.BodyTimeout);
            await using (body.ConfigureAwait(false))
            {
                Stream plain = encoding.IsNone ? body
                    : await file.UnpackedAsync(body, encoding, request.Server.Options.MaxFileBytes, request.Aborted).ConfigureAwait(false);
                await using (plain.ConfigureAwait(false))
                    await file.TakeAsync(plain, boundary, request.Aborted).ConfigureAwait(false);
            }
            return file;
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is IOException and not BadHttpRequestException) // the client's faults are RequestFaults: this is the disk
            {
                request.Server.LogStorage(e);
                throw RequestFault.NoRoom();
            }
            throw;
        }
    }

    /// <summary>Writes the file.</summary>
    private async Task TakeAsync(Stream body, string? boundary, CancellationToken cancellation)
    {
        FileStream content = Create("file");
        await using (content.ConfigureAwait(false))
        {
            if (boundary is null)
                await body.CopyToAsync(content, cancellation).ConfigureAwait(false);
            else
                Take(await UploadedForm.ReadAsync(boundary, body, content, cancellation).ConfigureAwait(false));
        }
        if (_path != At("file"))
            File.Move(At("file"), _path);
    }

    private void Take(UploadedForm form)
    {
        _textColumn ??= form.TextColumn is { Length: > 0 } column ? column : null;
        _format = FileFormat.Of(form.ContentType);
        if (form.Ending.Length == 0)
        {
            _format ??= FileFormat.Sent(form.ContentType, " of the form's file, whose name has no extension,");
            _path += FileFormat.Ending(form.ContentType);
            return;
        }
        if (_format == ReviewFileFormat.Lines) // clients call all that they do not know plain text: the name says more
            _format = null;
        _path += form.Ending;
    }

    /// <summary>The body's content, whose file goes when it is closed.</summary>
    private async Task<Stream> UnpackedAsync(Stream body, BodyEncoding encoding, long maxBytes, CancellationToken cancellation)
    {
        FileStream packed = Create("packed", FileOptions.DeleteOnClose), unpacked = Create("unpacked", FileOptions.DeleteOnClose);
        try
        {
            await using (packed.ConfigureAwait(false))
            {
                await body.CopyToAsync(packed, cancellation).ConfigureAwait(false);
                packed.Position = 0;
                await Task.Run(() => encoding.Unpack(packed, unpacked, maxBytes, cancellation), cancellation).ConfigureAwait(false);
            }
            unpacked.Position = 0;
            return unpacked;
        }
        catch
        {
            await unpacked.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private FileStream Create(string name, FileOptions options = FileOptions.None) =>
        new(At(name), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous | options);

    /// <summary>Opens the file's rows, and reads all of their texts once.</summary>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="RequestFault">The file is not what it should be.</exception>
    public FileRows Open(CancellationToken cancellation)
    {
        try
        {
            var options = new ReviewFileOptions { Format = _format, TextColumn = _textColumn, Names = QueryNames.Instance };
            IDataView view = new MLContext().Data.LoadReviews(_path, options);
            return new FileRows(view, cancellation);
        }
        catch (Exception e) when (e is SentimentMLException or ArgumentException)
        {
            throw RequestFault.Invalid(e.Message.Replace(_path, "The file", StringComparison.Ordinal));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
