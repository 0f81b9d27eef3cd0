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

    private string Path => System.IO.Path.Combine(_folder.FullName, "file");

    /// <summary>Receives a request's body.</summary>
    /// <exception cref="RequestFault">It is too long, or its client too slow.</exception>
    public static async Task<ReceivedFile> ReceiveAsync(ServerRequest request)
    {
        var file = new ReceivedFile();
        try
        {
            FileStream content = new(file.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            await using (content.ConfigureAwait(false))
                await RequestBody.CopyAsync(request.Context, content, request.Server.Options.MaxFileBytes, request.Server.Options.BodyTimeout)
                    .ConfigureAwait(false);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file's rows, and reads all of their texts once.</summary>
    /// <param name="format">Its format.</param>
    /// <param name="textColumn">The column with the text; null for the usual ones.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="RequestFault">The file is not what it should be.</exception>
    public FileRows Open(ReviewFileFormat format, string? textColumn, CancellationToken cancellation)
    {
        try
        {
            var options = new ReviewFileOptions { Format = format, TextColumn = textColumn, Names = QueryNames.Instance };
            IDataView view = new MLContext().Data.LoadReviews(Path, options);
            return new FileRows(view, cancellation);
        }
        catch (Exception e) when (e is SentimentMLException or ArgumentException)
        {
            throw RequestFault.Invalid(e.Message.Replace(Path, "The file", StringComparison.Ordinal));
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
